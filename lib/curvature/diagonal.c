/* SPDX-License-Identifier: Apache-2.0
 * diagonal: F of a block is the diagonal of the Fisher matrix alone, what [KFAC 4.2] is measured
 * against: every coordinate by itself, no correlation.
 *
 *   D = E[(g abar^T)^{o2}], out x cols, element by element: a running average with the decay that
 *       factors have. (g_i abar_j)^2 = g_i^2 abar_j^2, so of a batch it is one product of two squared
 *       matrices, (Gm^{o2})^T Abar^{o2}, each example with its weight; where an example has windows, g abar^T
 *       is first summed over them
 *   U = scale V ./ (D + gamma^2)
 *
 * It is EKFAC in the basis that the parameters have (ekfac.h), with ekfac_s ema. gamma enters when a
 * direction is made, so there is nothing to refresh, and D is that of the latest statistics. Where there
 * is neither curvature nor damping, D + gamma^2 = 0, and the step fails. cost of a batch: a product as
 * large as the gradient's. */
#include "curvature/diagonal_plan.h"

#include "core/arithmetic.h"
#include "curvature/example_gradients.h"
#include "curvature/factors.h"

static kfix_status begin(kfix *k, const kfix_phase *phase) {
  for (uint32_t i = 0; i < k->depth; i++)
    KFIX_TRY(kfix_decay_into_spare(k, &k->block[i].own[KFIX_DIAGONAL_D], phase->decay));
  k->changed[KFIX_GROUP_STATISTICS] = 1;
  return KFIX_OK;
}

static kfix_status square(kfix *k, size_t rows, size_t n, kfix_rows x, size_t first,
                          kfix_rows out) {
  const kfix_real *at = x.at + first * x.ld;
  KFIX_RUN(k, multiply, rows, n, at, x.ld, at, x.ld, out.at, out.ld);
  return KFIX_OK;
}

/* Row block by row block: an example has one row. g has the roots of the examples' weights in it, abar has not:
 * the square of their product has the weight. */
static kfix_status absorb_rows(kfix *k, const kfix_slice *slice, const kfix_phase *phase) {
  const kfix_block *b = &k->block[slice->block];
  const size_t most = k->net->row_block;
  const kfix_rows a2 = {k->buffer[KFIX_NET_SCRATCH].at[0], KFIX_LD(b->cols)};
  const kfix_rows g2 = {a2.at + most * a2.ld, KFIX_LD(b->out)};
  for (size_t done = 0, rows; done < slice->rows; done += rows) {
    rows = kfix_smaller(slice->rows - done, most);
    KFIX_TRY(square(k, rows, b->cols, slice->abar, done, a2));
    KFIX_TRY(square(k, rows, b->out, slice->g, done, g2));
    KFIX_RUN(k, gemm, KFIX_T, KFIX_N, b->out, b->cols, rows, (kfix_real)kfix_each_weight(phase),
             g2.at, g2.ld, a2.at, a2.ld, 1, kfix_spare(k, &b->own[KFIX_DIAGONAL_D]), b->cols);
  }
  return KFIX_OK;
}

/* Where an example has windows, its gradient is a sum over them. */
static kfix_status add_square(kfix *k, const kfix_block *b, kfix_real *gradient,
                              const kfix_phase *phase) {
  const size_t count = (size_t)b->out * b->cols;
  kfix_real *d = kfix_spare(k, &b->own[KFIX_DIAGONAL_D]);
  KFIX_RUN(k, multiply, 1, count, gradient, count, gradient, count, gradient, count);
  KFIX_RUN(k, axpby, count, (kfix_real)kfix_each_weight(phase), gradient, 1, d, d);
  return KFIX_OK;
}

static kfix_status absorb(kfix *k, const kfix_slice *slice, const kfix_phase *phase) {
  kfix_real *gradient = kfix_loan(k, KFIX_LOAN_EXAMPLE_GRADIENT);
  return slice->windows > 1 ? kfix_each_example_gradient(k, slice, phase, gradient, add_square)
                            : absorb_rows(k, slice, phase);
}

static kfix_status finish(kfix *k) {
  for (uint32_t i = 0; i < k->depth; i++)
    KFIX_TRY(kfix_count_bad(k, &k->block[i].own[KFIX_DIAGONAL_D]));
  return KFIX_OK;
}

static kfix_status refresh(kfix *k, const kfix_phase *phase) {
  (void)k, (void)phase;
  return KFIX_OK;
}

static kfix_status apply(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                         size_t low_rank, kfix_real *u) {
  const kfix_real damping = (kfix_real)(phase->gamma * phase->gamma);
  (void)low_rank;
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    const size_t count = (size_t)b->out * b->cols;
    const kfix_real *d = kfix_latest(k, &b->own[KFIX_DIAGONAL_D]);
    KFIX_RUN(k, divide, 1, count, v + b->w, count, d, count, damping, u + b->w, count);
    KFIX_RUN(k, axpby, count, (kfix_real)scale, u + b->w, 0, NULL, u + b->w);
  }
  return KFIX_OK;
}

static const kfix_curvature_view views[] = {{"D", KFIX_DIAGONAL_D, KFIX_SHAPE_OUT_IN}};

const kfix_curvature kfix_curvature_diagonal = {.begin = begin,
                                                .absorb = absorb,
                                                .finish = finish,
                                                .refresh = refresh,
                                                .apply = apply,
                                                .takes = KFIX_TAKES_WINDOWS,
                                                .views = views,
                                                .view_count = sizeof views / sizeof views[0],
                                                .without_factors = 1};
