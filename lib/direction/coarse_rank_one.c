/* SPDX-License-Identifier: Apache-2.0
 * Columns of rank one: ones, 1 1^T, and v_G v_A^T of the spectral space. What they give for an example is a
 * product of two dot products, which costs next to nothing. */
#include "core/arithmetic.h"
#include "direction/coarse.h"

kfix_rows kfix_rank_one_side(const kfix *k, int of_g) {
  const size_t ld = KFIX_LD(k->depth), rows = kfix_net_stats_rows(k->net);
  return (kfix_rows){k->along[KFIX_COARSE_SIDE].at[0] + (of_g ? rows * ld : 0), ld};
}

/* A block of column 0 holds as many ones as W has elements, so enough for either side. */
static const kfix_real *vector_of(const kfix *k, const kfix_block *b, int of_g) {
  if (k->options.coarse_space != KFIX_COARSE_SPECTRAL) return kfix_coarse_column(k, 0) + b->w;
  return kfix_latest(k, &b->along[of_g ? KFIX_SPECTRAL_G : KFIX_SPECTRAL_A]);
}

static kfix_status multiply(kfix *k, size_t rows, size_t cols, kfix_rows x, const kfix_real *v,
                            kfix_rows out) {
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, rows, 1, cols, 1, x.at, x.ld, v, 1, 0, out.at, out.ld);
  return KFIX_OK;
}

static kfix_rows side_of(const kfix *k, const kfix_slice *s, int of_g) {
  kfix_rows side = kfix_rank_one_side(k, of_g);
  side.at += s->first * side.ld + s->block;
  return side;
}

kfix_status kfix_rank_one_sides(kfix *k, const kfix_slice *s) {
  const kfix_block *b = &k->block[s->block];
  KFIX_TRY(multiply(k, s->rows, b->cols, s->abar, vector_of(k, b, 0), side_of(k, s, 0)));
  return multiply(k, s->rows, b->out, s->g, vector_of(k, b, 1), side_of(k, s, 1));
}

kfix_status kfix_rank_one_dots(kfix *k, const kfix_slice *all, kfix_rows mu) {
  const kfix_rows a = side_of(k, all, 0), g = side_of(k, all, 1);
  KFIX_TRY(kfix_rank_one_sides(k, all));
  KFIX_RUN(k, multiply, all->rows, 1, a.at, a.ld, g.at, g.ld, mu.at, mu.ld);
  return KFIX_OK;
}
