/* SPDX-License-Identifier: Apache-2.0
 * The block-Kronecker F_coarse of Tselepidis, Kohler and Orvieto 2020 [2L 3.18]: with columns of ones, each
 * element is a product of two moments of sums, 1^T E[abar_i abar_j^T] 1 and 1^T E[g_i g_j^T] 1. */
#include "core/arithmetic.h"
#include "curvature/factors.h"
#include "direction/coarse.h"
#include "net/visit.h"

static kfix_status take_sides(kfix *k, const kfix_slice *s, const void *arg) {
  (void)arg;
  return kfix_rank_one_sides(k, s);
}

/* Those of the others are there: mu has come by way of them. */
static kfix_status take_pairs(kfix *k, const kfix_slice *all, const void *arg) {
  const kfix_visitor pairs = {take_sides, arg, KFIX_HAND_PAIRS};
  return k->block[all->block].windowed ? kfix_each_slice(k, all, &pairs) : KFIX_OK;
}

/* g has the roots of the examples' weights in it; abar has not. */
static kfix_status weigh_sums(kfix *k, const kfix_coarse *w) {
  const kfix_rows a = kfix_rank_one_side(k, 0);
  kfix_real *roots = k->along[KFIX_COARSE_OF_COLUMN].at[0];
  if (!k->weights) return KFIX_OK;
  KFIX_TRY(kfix_upload_weights(k, 0, w->f.rows, KFIX_WEIGH_BY_ROOT, roots));
  KFIX_RUN(k, scale_rows, w->f.rows, k->depth, roots, a.at, a.ld, a.at, a.ld);
  return KFIX_OK;
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
  const kfix_rows side = kfix_rank_one_side(k, of_g);
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
  KFIX_TRY(kfix_visit_examples(k, &w->f, take_pairs, NULL));
  KFIX_TRY(weigh_sums(k, w));
  KFIX_TRY(take_moments(k, w, 0, room, used));
  return take_moments(k, w, 1, room, used);
}
