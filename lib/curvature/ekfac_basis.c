/* SPDX-License-Identifier: Apache-2.0
 * The Kronecker-factored eigenbasis of EKFAC, and the scalings' way from one basis to the next. */
#include "curvature/curvature.h"
#include "curvature/ekfac.h"
#include "dense/factor.h"

/* ---- the basis ---- */

/* All bases but the first and every so many of them; Cholesky's method needs host memory. */
static int is_tracked(const kfix *k) {
  const uint64_t every = (uint64_t)k->options.inverse_every * k->options.ekfac_exact_every;
  return k->options.ekfac_basis == KFIX_EKFAC_TRACKED && k->device.port->is_host &&
         k->now.inverse_step != 0 && (k->now.step + 1) % every != 0;
}

static kfix_status decompose(kfix *k, uint32_t layer, size_t n, const kfix_real *factor,
                             kfix_real *vectors, kfix_real *values) {
  const size_t ld = KFIX_LD(n);
  kfix_real *a = k->buffer[KFIX_NET_SCRATCH].at[0], *work = a + n * ld;
  size_t info = 0;
  KFIX_RUN(k, unpack, n, factor, 0, a, ld);
  const kfix_status status =
      kfix_factor_eigen(&k->device, n, a, ld, values, vectors, n, work, &info);
  if (status == KFIX_NOT_CONVERGED) {
    k->report.layer = layer + 1;
    k->report.value = (double)info;
  }
  return status;
}

/* Basis of one factor; its eigenvalues, none negative, times `scale`. */
static kfix_status find_basis(kfix *k, uint32_t layer, size_t n, int factor, int basis, int values,
                              kfix_real scale) {
  kfix_layer *l = &k->layer[layer];
  const kfix_real *m = kfix_latest(k, kfix_curvature_buffer(l, factor));
  const kfix_buffer *u = kfix_curvature_buffer(l, basis);
  kfix_real *v = kfix_spare(k, kfix_curvature_buffer(l, values));
  if (is_tracked(k))
    KFIX_TRY(kfix_ekfac_track(k, n, m, kfix_current(k, u), kfix_spare(k, u), v));
  else
    KFIX_TRY(decompose(k, layer, n, m, kfix_spare(k, u), v));
  KFIX_RUN(k, activate, KFIX_RELU, 1, n, v, n);
  KFIX_RUN(k, axpby, n, scale, v, 0, NULL, v);
  return KFIX_OK;
}

static kfix_status find_bases(kfix *k, uint32_t i, kfix_real pi) {
  kfix_layer *l = &k->layer[i];
  KFIX_TRY(find_basis(k, i, (size_t)l->in + 1, KFIX_FACTOR_A, KFIX_EKFAC_UA, KFIX_EKFAC_VALUES_A,
                      1 / pi));
  KFIX_TRY(find_basis(k, i, l->out, KFIX_FACTOR_G, KFIX_EKFAC_UG, KFIX_EKFAC_VALUES_G, pi));
  KFIX_RUN(k, upload, kfix_spare(k, kfix_curvature_buffer(l, KFIX_EKFAC_PI)), &pi, sizeof pi);
  return KFIX_OK;
}

static kfix_status find_pi(kfix *k, kfix_real *pi) {
  if (k->options.ekfac_damping == KFIX_EKFAC_KRON_PI) return kfix_factors_pi(k, pi);
  for (uint32_t i = 0; i < k->net->depth; i++) pi[i] = 1;
  return KFIX_OK;
}

/* ---- the scalings ---- */

/* out = the squared overlaps of the new basis with the one in force. */
static kfix_status square_overlap(kfix *k, size_t n, const kfix_buffer *u, kfix_real *out) {
  const size_t ld = KFIX_LD(n);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, n, n, 1, kfix_spare(k, u), n, kfix_current(k, u), n, 0, out,
           ld);
  KFIX_RUN(k, multiply, n, n, out, ld, out, ld, out, ld);
  return KFIX_OK;
}

static kfix_status carry(kfix *k, kfix_layer *l, const kfix_real *s, kfix_real *out) {
  const size_t n = (size_t)l->in + 1, g = l->out, most = n > g ? n : g;
  kfix_real *overlap = k->buffer[KFIX_NET_SCRATCH].at[0], *half = overlap + most * KFIX_LD(most);
  KFIX_TRY(square_overlap(k, n, kfix_curvature_buffer(l, KFIX_EKFAC_UA), overlap));
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, n, g, n, 1, overlap, KFIX_LD(n), s, g, 0, half, g);
  KFIX_TRY(square_overlap(k, g, kfix_curvature_buffer(l, KFIX_EKFAC_UG), overlap));
  KFIX_RUN(k, gemm, KFIX_N, KFIX_T, n, g, g, 1, half, g, overlap, KFIX_LD(g), 0, out, g);
  return KFIX_OK;
}

static kfix_status restart(kfix *k, kfix_layer *l, kfix_real *out) {
  const size_t n = (size_t)l->in + 1, g = l->out;
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, g, 1, 1,
           kfix_spare(k, kfix_curvature_buffer(l, KFIX_EKFAC_VALUES_A)), n,
           kfix_spare(k, kfix_curvature_buffer(l, KFIX_EKFAC_VALUES_G)), g, 0, out, g);
  return KFIX_OK;
}

/* What the past says of the scalings in the new basis. */
static kfix_status take_over(kfix *k, kfix_layer *l, kfix_real *out) {
  if (k->options.ekfac_carry == KFIX_EKFAC_RESET) return restart(k, l, out);
  return carry(k, l, kfix_current(k, kfix_curvature_buffer(l, KFIX_EKFAC_S)), out);
}

/* The spare scalings, ready for rescale to add to, or complete. */
static kfix_status start_scalings(kfix *k, kfix_layer *l) {
  const size_t count = ((size_t)l->in + 1) * l->out;
  const int fresh = k->changed[KFIX_GROUP_STATISTICS];
  kfix_real *s = kfix_spare(k, kfix_curvature_buffer(l, KFIX_EKFAC_S));
  kfix_real *half = k->buffer[KFIX_NET_SCRATCH].at[0];
  kfix_real *projected = half + KFIX_EKFAC_HALF((size_t)l->in, l->out);
  if (fresh && !kfix_ekfac_is_ra(k) && k->options.ekfac_s == KFIX_EKFAC_BATCH) {
    KFIX_RUN(k, fill, 1, count, 0, s, count);
    return KFIX_OK;
  }
  KFIX_TRY(take_over(k, l, s));
  if (!fresh) return KFIX_OK;
  if (kfix_ekfac_is_ra(k)) {
    const kfix_real *v = k->buffer[KFIX_NET_GRADIENT].at[0] + l->w;
    KFIX_TRY(kfix_ekfac_project(k, l, v, half, projected));
    return kfix_ekfac_average(k, l, s, projected, half);
  }
  KFIX_RUN(k, axpby, count, (kfix_real)k->report.decay, s, 0, NULL, s);
  return KFIX_OK;
}

kfix_status kfix_ekfac_refresh(kfix *k, double gamma) {
  kfix_real pi[KFIX_DEPTH_MAX] = {0};
  (void)gamma; /* apply takes the one in force */
  if (k->changed[KFIX_GROUP_INVERSE]) return KFIX_OK;
  KFIX_TRY(find_pi(k, pi));
  for (uint32_t i = 0; i < k->net->depth; i++) KFIX_TRY(find_bases(k, i, pi[i]));
  k->changed[KFIX_GROUP_INVERSE] = 1;
  for (uint32_t i = 0; i < k->net->depth; i++) KFIX_TRY(start_scalings(k, &k->layer[i]));
  k->changed[KFIX_GROUP_SCALINGS] = 1;
  return KFIX_OK;
}
