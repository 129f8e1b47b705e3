/* SPDX-License-Identifier: Apache-2.0
 * The columns of a coarse space, and what they give for each example. */
#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "direction/coarse.h"
#include "direction/coupled_examples.h"
#include "direction/show.h"

static const kfix_space_info spaces[KFIX_COARSE_SPACE_COUNT] = {
    [KFIX_COARSE_NICOLAIDES] = {1, 0, 0},
    [KFIX_COARSE_SPECTRAL] = {1, 0, 0},
    [KFIX_COARSE_RESIDUAL] = {1, 1, 0},
    [KFIX_COARSE_KRYLOV_NICOLAIDES] = {2, 0, 0},
    [KFIX_COARSE_KRYLOV_RESIDUAL] = {2, 1, 0},
    [KFIX_COARSE_TAYLOR] = {0, 1, 0},
    [KFIX_COARSE_TKO] = {1, 0, 1},
    [KFIX_COARSE_TKO_EXACT] = {1, 0, 1},
};

const kfix_space_info *kfix_space_of(const kfix *k) {
  return &spaces[k->options.coarse_space];
}

uint32_t kfix_space_columns(const kfix_options *options) {
  const uint32_t columns = spaces[options->coarse_space].columns;
  return columns ? columns : options->taylor_order;
}

/* ---- passes over the examples ---- */

/* What a pass takes: mu of columns [first, first + count), and, unless it is NULL, J^T of `whole` into
 * `sum`. */
typedef struct pass {
  kfix_coarse *w;
  uint32_t first, count;
  const kfix_real *whole;
  kfix_real *sum;
} pass;

static int is_rank_one(const kfix *k, uint32_t j) {
  return j == 0 && !kfix_space_of(k)->of_residual;
}

static kfix_status take_column(kfix *k, const kfix_slice *s, const kfix_coarse *w, uint32_t j) {
  kfix_rows mu = w->mu;
  mu.at += (size_t)j * k->depth + s->block;
  if (is_rank_one(k, j) && !k->block[s->block].windowed) return kfix_rank_one_dots(k, s, mu);
  return kfix_row_dots(k, s, kfix_coarse_column(k, j), 0, mu.at, mu.ld);
}

/* Blocks come from the last to the first. */
static kfix_status take_dots(kfix *k, const kfix_slice *s, const void *arg) {
  const pass *p = arg;
  for (uint32_t j = p->first; j < p->first + p->count; j++) KFIX_TRY(take_column(k, s, p->w, j));
  if (!p->whole) return KFIX_OK;
  return kfix_row_dots(k, s, p->whole, s->block + 1 == k->depth ? 0 : 1, p->sum, 1);
}

/* ---- the same where normalisations couple the examples ---- */

/* One block of column j of all, the other blocks zero: made in the residual's region, which nothing is in then. */
static kfix_status take_coupled_column(kfix *k, const pass *p, uint32_t j, uint32_t i, size_t first,
                                       size_t rows) {
  const kfix_block *b = &k->block[i];
  const size_t count = KFIX_W_COUNT(b->cols, b->out);
  const kfix_real *v = kfix_coarse_column(k, j) + b->w;
  kfix_real *alone = k->along[KFIX_COARSE_R].at[0];
  kfix_real *mu = p->w->mu.at + first * p->w->mu.ld + (size_t)j * k->depth + i;
  KFIX_RUN(k, copy, 1, count, v, count, alone + b->w, count);
  KFIX_TRY(kfix_coupled_dots(k, b->node, alone, rows, mu, p->w->mu.ld));
  KFIX_RUN(k, fill, 1, count, 0, alone + b->w, count);
  return KFIX_OK;
}

static kfix_status take_coupled(kfix *k, size_t first, size_t rows, const void *arg) {
  const pass *p = arg;
  for (uint32_t j = p->first; j < p->first + p->count; j++)
    for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(take_coupled_column(k, p, j, i, first, rows));
  return p->whole ? kfix_coupled_dots(k, 1, p->whole, rows, p->sum + first, 1) : KFIX_OK;
}

static kfix_status take(kfix *k, const pass *p) {
  if (!kfix_net_has_norms(k->net)) return kfix_visit_examples(k, &p->w->f, take_dots, p);
  KFIX_RUN(k, fill, 1, k->parameters, 0, k->along[KFIX_COARSE_R].at[0], k->parameters);
  return kfix_each_coupled(k, &p->w->f, take_coupled, p);
}

/* What each example counts in a product with J. */
typedef struct product {
  const kfix_real *weights;
  double alpha;
} product;

static kfix_status add_product(kfix *k, const kfix_slice *s, const void *arg) {
  const product *p = arg;
  return kfix_add_rows(k, s, p->weights, p->alpha, k->along[KFIX_COARSE_R].at[0]);
}

/* The residual's region += J weights / mass. */
static kfix_status add_products(kfix *k, const kfix_coarse *w, const kfix_real *weights) {
  const product p = {weights, 1 / w->f.mass};
  if (kfix_net_has_norms(k->net))
    return kfix_add_coupled(k, &w->f, weights, p.alpha, k->along[KFIX_COARSE_R].at[0]);
  return kfix_visit_examples(k, &w->f, add_product, &p);
}

/* J^T of column j of all blocks is the sum of what each gives. */
static kfix_status sum_column(kfix *k, const kfix_coarse *w, uint32_t j, kfix_real *out) {
  const kfix_rows sum = {out, 1};
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_rows of_block = {w->mu.at + (size_t)j * k->depth + i, w->mu.ld};
    KFIX_TRY(kfix_put_or_add(k, i == 0, w->f.rows, 1, of_block, sum));
  }
  return KFIX_OK;
}

/* ---- columns ---- */

/* Padding stays zero. */
static kfix_status fill_ones(kfix *k) {
  kfix_real *v = kfix_coarse_column(k, 0);
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    KFIX_RUN(k, fill, b->out, b->cols, 1, v + b->w, b->cols);
    KFIX_TRY(kfix_clear_padding(k, b, v));
  }
  return KFIX_OK;
}

/* u = F~^-1 v, which is not the step's gradient: what averages over gradients leaves this one out. */
static kfix_status precondition(kfix *k, const kfix_phase *phase, const kfix_real *v,
                                kfix_real *u) {
  kfix_phase plain = *phase;
  plain.fresh = 0;
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(kfix_clear_padding(k, &k->block[i], u));
  return k->method->curvature->apply(k, &plain, 1, v, 0, u);
}

/* Columns that do not depend on r. */
static kfix_status make_early(kfix *k, const kfix_coarse *w) {
  if (kfix_space_of(k)->of_residual) return KFIX_OK;
  if (k->options.coarse_space == KFIX_COARSE_SPECTRAL) return kfix_spectral_column(k);
  KFIX_TRY(fill_ones(k));
  if (w->columns < 2) return KFIX_OK;
  return precondition(k, w->phase, kfix_coarse_column(k, 0), kfix_coarse_column(k, 1));
}

/* J^T Delta, mu of the columns that are there, and r = gradient - F_bullet zeta. */
static kfix_status measure(kfix *k, kfix_coarse *w, const kfix_real *delta, int with_residual) {
  kfix_real *r = k->along[KFIX_COARSE_R].at[0], *sum = k->along[KFIX_COARSE_OF_DELTA].at[0];
  const pass p = {w, 0, kfix_space_of(k)->of_residual ? 0 : w->columns, delta, sum};
  KFIX_TRY(take(k, &p));
  if (!with_residual) return KFIX_OK;
  KFIX_RUN(k, axpby, k->parameters, (kfix_real)w->phase->damping, delta, 1,
           k->buffer[KFIX_NET_GRADIENT].at[0], r);
  return add_products(k, w, sum);
}

/* F_bullet times column j, in the residual's region; mu of that column on the way. */
static kfix_status multiply_column(kfix *k, kfix_coarse *w, uint32_t j) {
  kfix_real *sum = k->along[KFIX_COARSE_OF_COLUMN].at[0];
  const pass p = {w, j, 1, NULL, NULL};
  KFIX_TRY(take(k, &p));
  KFIX_TRY(sum_column(k, w, j, sum));
  KFIX_RUN(k, axpby, k->parameters, (kfix_real)w->phase->damping, kfix_coarse_column(k, j), 0, NULL,
           k->along[KFIX_COARSE_R].at[0]);
  return add_products(k, w, sum);
}

/* taylor: w_1 = F~^-1 r, w_j+1 = F~^-1 F_bullet w_j. krylov-residual: w_2 = F~^-1 w_1. */
static kfix_status make_of_residual(kfix *k, kfix_coarse *w) {
  const kfix_real *r = k->along[KFIX_COARSE_R].at[0];
  const int taylor = k->options.coarse_space == KFIX_COARSE_TAYLOR;
  uint32_t known = 0; /* columns whose mu is there */
  KFIX_TRY(precondition(k, w->phase, r, kfix_coarse_column(k, 0)));
  for (uint32_t j = 1; j < w->columns; j++) {
    if (taylor) KFIX_TRY(multiply_column(k, w, known++));
    KFIX_TRY(precondition(k, w->phase, taylor ? r : kfix_coarse_column(k, j - 1),
                          kfix_coarse_column(k, j)));
  }
  const pass rest = {w, known, w->columns - known, NULL, NULL};
  return take(k, &rest);
}

kfix_status kfix_coarse_make(kfix *k, kfix_coarse *w, const kfix_real *delta) {
  const kfix_space_info *space = kfix_space_of(k);
  KFIX_TRY(make_early(k, w));
  KFIX_TRY(measure(k, w, delta, space->of_residual || k->watch->vector));
  KFIX_TRY(kfix_show_vector(k, "r", k->along[KFIX_COARSE_R].at[0], 1));
  return space->of_residual ? make_of_residual(k, w) : KFIX_OK;
}
