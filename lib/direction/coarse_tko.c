/* SPDX-License-Identifier: Apache-2.0
 * The block-Kronecker F_coarse of Tselepidis, Kohler and Orvieto 2020 [2L 3.18]: with columns of ones, each
 * element is a product of two moments of sums, 1^T E[abar_i abar_j^T] 1 and 1^T E[g_i g_j^T] 1. */
#include "core/arithmetic.h"
#include "curvature/factors.h"
#include "direction/coarse.h"
#include "net/visit.h"

/* The examples' sums over abar, and over g: a column for each block. */
static kfix_rows side_of(const kfix *k, int of_g) {
  const size_t ld = KFIX_LD(k->depth), rows = kfix_net_stats_rows(k->net);
  return (kfix_rows){k->along[KFIX_COARSE_SIDE].at[0] + (of_g ? rows * ld : 0), ld};
}

/* out[r ld] = the sum of row r. */
static kfix_status sum_rows(kfix *k, size_t rows, size_t cols, kfix_rows x, kfix_rows out) {
  const kfix_real *ones = kfix_coarse_column(k, 0);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, rows, 1, cols, 1, x.at, x.ld, ones, 1, 0, out.at, out.ld);
  return KFIX_OK;
}

/* g has the roots of the examples' weights in it, which stand in MEAN; abar has not. A block's ones are as
 * many as W has elements, so enough for either side. */
static kfix_status sum_slice(kfix *k, const kfix_slice *s, const void *first) {
  const kfix_block *b = &k->block[s->block];
  const size_t row = *(const size_t *)first;
  kfix_rows a = side_of(k, 0), g = side_of(k, 1);
  a.at += row * a.ld + s->block;
  g.at += row * g.ld + s->block;
  KFIX_TRY(sum_rows(k, s->rows, b->cols, s->abar, a));
  KFIX_TRY(sum_rows(k, s->rows, b->out, s->g, g));
  return k->weights ? kfix_scale_rows(k, s->rows, 1, a, a) : KFIX_OK;
}

kfix_status kfix_tko_sums(kfix *k, size_t first, size_t rows) {
  return kfix_visit_standing(k, rows, sum_slice, &first);
}

kfix_status kfix_tko_refresh(kfix *k) {
  for (uint32_t i = 0; i < k->depth; i++)
    KFIX_TRY(kfix_put_number(k, &k->block[i].along[KFIX_COARSE_PI], k->block[i].pi));
  return KFIX_OK;
}

/* used = the moments of one side, or used times them; room: reals for a triangle. */
static kfix_status take_moments(kfix *k, const kfix_coarse *w, int of_g, kfix_real *room,
                                double *used) {
  const size_t count = KFIX_TRIANGLE(k->depth);
  const kfix_rows side = side_of(k, of_g);
  kfix_real *gram = k->along[KFIX_COARSE_SIDE_GRAM].at[0];
  KFIX_RUN(k, syrk, KFIX_T, k->depth, w->f.rows, (kfix_real)(1 / w->f.mass), side.at, side.ld, 0,
           gram, KFIX_PACKED);
  KFIX_RUN(k, download, room, gram, count * sizeof *room);
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    const size_t last = KFIX_TRIANGLE(i) + i;
    kfix_real pi;
    KFIX_RUN(k, download, &pi, kfix_latest(k, &b->along[KFIX_COARSE_PI]), sizeof pi);
    const double shift = of_g ? w->phase->gamma / pi * b->out : w->phase->gamma * pi * b->cols;
    for (size_t j = KFIX_TRIANGLE(i); j <= last; j++)
      used[j] = (of_g ? used[j] : 1) * (room[j] + (j == last ? shift : 0));
  }
  return KFIX_OK;
}

kfix_status kfix_tko_matrix(kfix *k, const kfix_coarse *w, kfix_real *room, double *used) {
  KFIX_TRY(take_moments(k, w, 0, room, used));
  return take_moments(k, w, 1, room, used);
}
