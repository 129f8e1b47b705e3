/* SPDX-License-Identifier: Apache-2.0
 * Running factors, pi, damped inverses, and the product with a Kronecker product's inverse. */
#include "curvature/factors.h"

#include <math.h>

#include "core/arithmetic.h"
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

kfix_status kfix_read_number(kfix *k, uint32_t layer, int which, double *out) {
  kfix_real value = 0;
  const kfix_buffer *b = kfix_curvature_buffer(&k->layer[layer], which);
  if (b->count) KFIX_RUN(k, download, &value, kfix_current(k, b), sizeof value);
  *out = value;
  return KFIX_OK;
}

kfix_status kfix_factors_begin(kfix *k, double decay, size_t rows) {
  (void)rows;
  for (uint32_t i = 0; i < k->net->depth; i++) {
    KFIX_TRY(kfix_decay_into_spare(k, kfix_curvature_buffer(&k->layer[i], KFIX_FACTOR_A), decay));
    KFIX_TRY(kfix_decay_into_spare(k, kfix_curvature_buffer(&k->layer[i], KFIX_FACTOR_G), decay));
  }
  k->changed[KFIX_GROUP_STATISTICS] = 1;
  return KFIX_OK;
}

kfix_status kfix_factors_absorb(kfix *k, uint32_t layer, size_t rows, double weight) {
  kfix_layer *l = &k->layer[layer];
  KFIX_TRY(kfix_add_weighted_square(k, (size_t)l->in + 1, rows, weight, kfix_abar(k, layer),
                                    kfix_spare(k, kfix_curvature_buffer(l, KFIX_FACTOR_A))));
  return kfix_add_square(k, l->out, rows, weight, kfix_delta(k, layer),
                         kfix_spare(k, kfix_curvature_buffer(l, KFIX_FACTOR_G)));
}

kfix_status kfix_factors_finish(kfix *k) {
  for (uint32_t i = 0; i < k->net->depth; i++) {
    KFIX_TRY(kfix_count_bad(k, kfix_curvature_buffer(&k->layer[i], KFIX_FACTOR_A)));
    KFIX_TRY(kfix_count_bad(k, kfix_curvature_buffer(&k->layer[i], KFIX_FACTOR_G)));
  }
  return KFIX_OK;
}

/* Traces of A and G of layer i into its pair of slots. */
static kfix_status trace_layer(kfix *k, uint32_t i) {
  kfix_layer *l = &k->layer[i];
  double *slot = kfix_slot_at(k, KFIX_SLOT_LAYERS + 2 * (size_t)i);
  KFIX_RUN(k, trace, (size_t)l->in + 1, kfix_latest(k, kfix_curvature_buffer(l, KFIX_FACTOR_A)),
           slot);
  KFIX_RUN(k, trace, l->out, kfix_latest(k, kfix_curvature_buffer(l, KFIX_FACTOR_G)), slot + 1);
  return KFIX_OK;
}

kfix_status kfix_factors_pi(kfix *k, kfix_real *pi) {
  double trace[2 * KFIX_DEPTH_MAX];
  for (uint32_t i = 0; i < k->net->depth; i++) KFIX_TRY(trace_layer(k, i));
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_LAYERS, 2 * (size_t)k->net->depth, trace));
  for (uint32_t i = 0; i < k->net->depth; i++) {
    if (!isfinite(trace[2 * i]) || !isfinite(trace[2 * i + 1])) return KFIX_STATISTICS_NONFINITE;
    const double a = trace[2 * i] / ((double)k->layer[i].in + 1);
    const double g = trace[2 * i + 1] / k->layer[i].out;
    pi[i] = (kfix_real)(a > 0 && g > 0 ? sqrt(a / g) : 1);
  }
  return KFIX_OK;
}

/* Full storage, where there is room, is faster by an eighth. Nothing needs the spare copy of AVERAGE
 * before the step moves on. */
static kfix_status invert_one(kfix *k, const kfix_inverse_job *job, size_t *info) {
  const kfix_buffer *idle = &k->buffer[KFIX_NET_AVERAGE];
  const size_t n = job->n;
  const int full = n * KFIX_LD(n) <= idle->count;
  const size_t ld = full ? KFIX_LD(n) : KFIX_PACKED;
  kfix_real *a = full ? kfix_spare(k, idle) : job->inverse;
  KFIX_RUN(k, unpack, n, job->factor, (kfix_real)job->shift, a, ld);
  KFIX_TRY(kfix_factor_inverse(&k->device, n, a, ld, k->buffer[KFIX_NET_SCRATCH].at[0], info));
  if (full) KFIX_RUN(k, pack, n, a, ld, job->inverse);
  return KFIX_OK;
}

kfix_status kfix_invert_factors(kfix *k, uint32_t layer, size_t count,
                                const kfix_inverse_job *jobs) {
  const kfix_port *port = k->device.port;
  size_t at = 0, info = 0;
  kfix_status status = KFIX_OK;
  if (port->spd_inverses) {
    status = port->spd_inverses(&k->device, count, jobs, &at, &info);
  } else {
    while (at < count && status == KFIX_OK) status = invert_one(k, &jobs[at++], &info);
    if (status != KFIX_OK) at--;
  }
  if (status == KFIX_NOT_POSITIVE) {
    k->report.layer = layer + (uint32_t)(at / 2) + 1;
    k->report.value = (double)info;
  }
  return status;
}

kfix_status kfix_apply_kron(kfix *k, const kfix_layer *l, double scale, const kfix_real *a_inverse,
                            const kfix_real *g_inverse, const kfix_real *v, kfix_real *u) {
  const size_t cols = (size_t)l->in + 1, ld = KFIX_LD(cols);
  kfix_real *half = k->buffer[KFIX_NET_SCRATCH].at[0];
  KFIX_RUN(k, gemm, KFIX_S, KFIX_N, l->out, cols, l->out, (kfix_real)scale, g_inverse, 0, v, cols,
           0, half, ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, l->out, cols, cols, 1, half, ld, a_inverse, 0, 0, u, cols);
  return KFIX_OK;
}

kfix_status kfix_apply_kron_low_rank(kfix *k, uint32_t layer, double scale, size_t rows,
                                     const kfix_real *a_inverse, const kfix_real *g_inverse,
                                     kfix_real *u) {
  const kfix_layer *l = &k->layer[layer];
  const size_t cols = (size_t)l->in + 1;
  const kfix_rows g = kfix_delta(k, layer), a = kfix_abar(k, layer);
  const kfix_rows ga = {k->buffer[KFIX_NET_SCRATCH].at[0], KFIX_LD(l->out)};
  const kfix_rows aa = {ga.at + rows * ga.ld, KFIX_LD(cols)};
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, rows, l->out, l->out, (kfix_real)(scale / (double)rows), g.at,
           g.ld, g_inverse, 0, 0, ga.at, ga.ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, rows, cols, cols, 1, a.at, a.ld, a_inverse, 0, 0, aa.at, aa.ld);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, l->out, cols, rows, 1, ga.at, ga.ld, aa.at, aa.ld, 0, u, cols);
  return KFIX_OK;
}

int kfix_low_rank_pays(const kfix_layer *l, size_t rows) {
  const double a = (double)l->in + 1, g = l->out, m = (double)rows;
  return m * (a * a + g * g + a * g) < g * g * a + g * a * a;
}
