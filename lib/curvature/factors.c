/* SPDX-License-Identifier: Apache-2.0
 * Running factors, damped inverses, and the product with a Kronecker product's inverse. */
#include "curvature/factors.h"

#include "core/arithmetic.h"
#include "curvature/sua.h"
#include "factor/factor.h"

kfix_status kfix_decay_into_spare(kfix *k, const kfix_buffer *b, double decay) {
  KFIX_RUN(k, axpby, b->count, (kfix_real)decay, kfix_current(k, b), 0, NULL, kfix_spare(k, b));
  return KFIX_OK;
}

kfix_status kfix_count_bad(kfix *k, const kfix_buffer *b) {
  KFIX_RUN(k, nonfinite, 1, b->count, kfix_spare(k, b), b->count,
           kfix_slot_at(k, KFIX_SLOT_BAD_STATISTICS));
  return KFIX_OK;
}

kfix_status kfix_put_number(kfix *k, const kfix_buffer *b, double value) {
  const kfix_real number = (kfix_real)value;
  KFIX_RUN(k, upload, kfix_spare(k, b), &number, sizeof number);
  return KFIX_OK;
}

kfix_status kfix_blame(kfix *k, uint32_t block, size_t info, kfix_status status) {
  if (status != KFIX_NOT_POSITIVE && status != KFIX_NOT_CONVERGED) return status;
  k->report.layer = block + 1;
  k->report.value = (double)info;
  return status;
}

kfix_status kfix_factors_begin(kfix *k, const kfix_phase *phase) {
  for (uint32_t i = 0; i < k->depth; i++) {
    KFIX_TRY(kfix_decay_into_spare(k, &k->block[i].own[KFIX_FACTOR_A], phase->decay));
    KFIX_TRY(kfix_decay_into_spare(k, &k->block[i].own[KFIX_FACTOR_G], phase->decay));
  }
  k->changed[KFIX_GROUP_STATISTICS] = 1;
  return KFIX_OK;
}

static kfix_status absorb_abar(kfix *k, const kfix_slice *s, const kfix_block *b, double weight) {
  if (kfix_is_sua(k, b)) return kfix_sua_absorb(k, s, weight);
  return kfix_add_weighted_square(k, s, b->cols, weight / s->windows, s->abar,
                                  kfix_spare(k, &b->own[KFIX_FACTOR_A]));
}

kfix_status kfix_factors_absorb(kfix *k, const kfix_slice *s, const kfix_phase *phase) {
  const kfix_block *b = &k->block[s->block];
  const double weight = kfix_each_weight(phase);
  if (!s->again) KFIX_TRY(absorb_abar(k, s, b, weight));
  return kfix_add_square(k, s->together, b->out, s->rows, weight, s->g,
                         kfix_spare(k, &b->own[KFIX_FACTOR_G]));
}

kfix_status kfix_factors_finish(kfix *k) {
  for (uint32_t i = 0; i < k->depth; i++) {
    if (kfix_is_sua(k, &k->block[i])) KFIX_TRY(kfix_sua_finish(k, &k->block[i]));
    KFIX_TRY(kfix_count_bad(k, &k->block[i].own[KFIX_FACTOR_A]));
    KFIX_TRY(kfix_count_bad(k, &k->block[i].own[KFIX_FACTOR_G]));
  }
  return KFIX_OK;
}

/* Full storage, where there is room, is faster by an eighth. */
static kfix_status invert_one(kfix *k, const kfix_inverse_job *job, size_t *info) {
  const size_t n = job->n;
  const int full = n * KFIX_LD(n) <= k->parameters;
  const size_t ld = full ? KFIX_LD(n) : KFIX_PACKED;
  kfix_real *a = full ? kfix_loan(k, KFIX_LOAN_FULL_FACTOR) : job->inverse;
  KFIX_RUN(k, unpack, n, job->factor, (kfix_real)job->shift, a, ld);
  KFIX_TRY(kfix_factor_inverse(&k->device, n, a, ld, k->buffer[KFIX_NET_SCRATCH].at[0], info));
  if (full) KFIX_RUN(k, pack, n, a, ld, job->inverse);
  return KFIX_OK;
}

kfix_status kfix_invert_factors(kfix *k, uint32_t block, size_t count,
                                const kfix_inverse_job *jobs) {
  const kfix_factorizations *own = k->device.port->factor;
  size_t at = 0, info = 0;
  kfix_status status = KFIX_OK;
  if (own && own->spd_inverses) {
    status = own->spd_inverses(&k->device, count, jobs, &at, &info);
  } else {
    while (at < count && status == KFIX_OK) status = invert_one(k, &jobs[at++], &info);
    if (status != KFIX_OK) at--;
  }
  return kfix_blame(k, block + (uint32_t)(at / 2), info, status);
}

kfix_status kfix_apply_kron(kfix *k, const kfix_block *b, double scale, const kfix_real *a_inverse,
                            const kfix_real *g_inverse, const kfix_real *v, kfix_real *u) {
  const size_t cols = b->cols, ld = KFIX_LD(cols);
  kfix_real *half = k->buffer[KFIX_NET_SCRATCH].at[0];
  KFIX_RUN(k, gemm, KFIX_S, KFIX_N, b->out, cols, b->out, (kfix_real)scale, g_inverse, 0, v, cols,
           0, half, ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, b->out, cols, cols, 1, half, ld, a_inverse, 0, 0, u, cols);
  return KFIX_OK;
}

kfix_status kfix_apply_kron_low_rank(kfix *k, const kfix_slice *s, double scale,
                                     const kfix_real *a_inverse, const kfix_real *g_inverse,
                                     kfix_real *u) {
  const kfix_block *b = &k->block[s->block];
  const size_t cols = b->cols, rows = s->rows;
  const kfix_rows ga = {k->buffer[KFIX_NET_SCRATCH].at[0], KFIX_LD(b->out)};
  const kfix_rows aa = {ga.at + rows * ga.ld, KFIX_LD(cols)};
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, rows, b->out, b->out, (kfix_real)(scale / (double)rows),
           s->g.at, s->g.ld, g_inverse, 0, 0, ga.at, ga.ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, rows, cols, cols, 1, s->abar.at, s->abar.ld, a_inverse, 0, 0,
           aa.at, aa.ld);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, b->out, cols, rows, 1, ga.at, ga.ld, aa.at, aa.ld, 0, u, cols);
  return KFIX_OK;
}

int kfix_low_rank_pays(const kfix_block *b, size_t rows) {
  const double a = (double)b->cols, g = b->out, m = (double)rows;
  return m * (a * a + g * g + a * g) < g * g * a + g * a * a;
}
