/* SPDX-License-Identifier: Apache-2.0
 * The Kronecker-factored eigenbasis of EKFAC, and the scalings' way from one basis to the next. */
#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "curvature/ekfac.h"
#include "factor/factor.h"

/* ---- the basis ---- */

/* All bases but the first and every so many of them; Cholesky's method needs host memory. */
static int is_tracked(const kfix *k, const kfix_phase *phase) {
  const uint64_t every = (uint64_t)k->options.inverse_every * k->options.ekfac_exact_every;
  return k->options.ekfac_basis == KFIX_EKFAC_TRACKED && k->device.port->is_host &&
         k->now.inverse_step != 0 && phase->step % every != 0;
}

static kfix_eigen_job job_of(const kfix *k, const kfix_block *b, size_t n, int factor, int basis,
                             int values) {
  return (kfix_eigen_job){n, kfix_latest(k, &b->own[factor]), kfix_spare(k, &b->own[values]),
                          kfix_spare(k, &b->own[basis])};
}

/* A's, then G's. */
static void jobs_of(const kfix *k, const kfix_block *b, kfix_eigen_job *jobs) {
  jobs[0] = job_of(k, b, b->cols, KFIX_FACTOR_A, KFIX_EKFAC_UA, KFIX_EKFAC_VALUES_A);
  jobs[1] = job_of(k, b, b->out, KFIX_FACTOR_G, KFIX_EKFAC_UG, KFIX_EKFAC_VALUES_G);
}

static kfix_status decompose(kfix *k, uint32_t first, size_t count, const kfix_eigen_job *jobs) {
  size_t at = 0, info = 0;
  const kfix_status status =
      kfix_factor_eigens(&k->device, count, jobs, k->buffer[KFIX_NET_SCRATCH].at[0], &at, &info);
  return kfix_blame(k, first + (uint32_t)(at / 2), info, status);
}

static kfix_status track(kfix *k, const kfix_block *b, const kfix_eigen_job *jobs) {
  static const int bases[] = {KFIX_EKFAC_UA, KFIX_EKFAC_UG};
  for (int i = 0; i < 2; i++)
    KFIX_TRY(kfix_ekfac_track(k, jobs[i].n, jobs[i].factor, kfix_current(k, &b->own[bases[i]]),
                              jobs[i].vectors, jobs[i].values));
  return KFIX_OK;
}

/* None negative, times `scale`. */
static kfix_status scale_values(kfix *k, const kfix_eigen_job *job, kfix_real scale) {
  KFIX_RUN(k, activate, KFIX_RELU, 1, job->n, job->values, job->n);
  KFIX_RUN(k, axpby, job->n, scale, job->values, 0, NULL, job->values);
  return KFIX_OK;
}

/* Bases of `count` blocks, and their eigenvalues with pi. */
static kfix_status find_some(kfix *k, int tracked, uint32_t first, uint32_t count) {
  kfix_eigen_job jobs[KFIX_JOBS_MAX];
  for (uint32_t i = 0; i < count; i++) {
    jobs_of(k, &k->block[first + i], &jobs[2 * (size_t)i]);
    if (tracked) KFIX_TRY(track(k, &k->block[first + i], &jobs[2 * (size_t)i]));
  }
  if (!tracked) KFIX_TRY(decompose(k, first, 2 * (size_t)count, jobs));
  for (uint32_t i = 0; i < count; i++) {
    const kfix_block *b = &k->block[first + i];
    const kfix_real pi = (kfix_real)b->pi;
    KFIX_TRY(scale_values(k, &jobs[2 * (size_t)i], 1 / pi));
    KFIX_TRY(scale_values(k, &jobs[2 * (size_t)i + 1], pi));
    KFIX_TRY(kfix_put_number(k, &b->own[KFIX_EKFAC_PI], b->pi));
  }
  return KFIX_OK;
}

kfix_status kfix_ekfac_find_bases(kfix *k, int tracked) {
  const uint32_t depth = k->depth;
  for (uint32_t i = 0; i < depth; i += KFIX_BLOCKS_AT_ONCE)
    KFIX_TRY(find_some(k, tracked, i, (uint32_t)kfix_smaller(KFIX_BLOCKS_AT_ONCE, depth - i)));
  k->changed[KFIX_GROUP_INVERSE] = 1;
  return KFIX_OK;
}

static kfix_status find_pi(kfix *k) {
  if (k->options.ekfac_damping == KFIX_EKFAC_KRON_PI)
    return kfix_factors_pi(k, KFIX_EKFAC_UA, KFIX_EKFAC_UG);
  for (uint32_t i = 0; i < k->depth; i++) k->block[i].pi = 1;
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

static kfix_status carry(kfix *k, const kfix_block *b, const kfix_real *s, kfix_real *out) {
  const size_t n = b->cols, g = b->out, most = n > g ? n : g;
  kfix_real *overlap = k->buffer[KFIX_NET_SCRATCH].at[0], *half = overlap + most * KFIX_LD(most);
  KFIX_TRY(square_overlap(k, n, &b->own[KFIX_EKFAC_UA], overlap));
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, n, g, n, 1, overlap, KFIX_LD(n), s, g, 0, half, g);
  KFIX_TRY(square_overlap(k, g, &b->own[KFIX_EKFAC_UG], overlap));
  KFIX_RUN(k, gemm, KFIX_N, KFIX_T, n, g, g, 1, half, g, overlap, KFIX_LD(g), 0, out, g);
  return KFIX_OK;
}

kfix_status kfix_ekfac_products(kfix *k, const kfix_block *b, kfix_real *out) {
  const size_t n = b->cols, g = b->out;
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, g, 1, 1, kfix_latest(k, &b->own[KFIX_EKFAC_VALUES_A]), n,
           kfix_latest(k, &b->own[KFIX_EKFAC_VALUES_G]), g, 0, out, g);
  return KFIX_OK;
}

/* What the past says of the scalings in the new basis. */
static kfix_status take_over(kfix *k, const kfix_block *b, kfix_real *out) {
  if (k->options.ekfac_carry == KFIX_EKFAC_RESET) return kfix_ekfac_products(k, b, out);
  return carry(k, b, kfix_current(k, &b->own[KFIX_EKFAC_S]), out);
}

/* ekfac: the spare scalings, ready for rescale to add to, or complete. */
static kfix_status start_scalings(kfix *k, const kfix_block *b, const kfix_phase *phase) {
  const size_t count = (size_t)b->cols * b->out;
  kfix_real *s = kfix_spare(k, &b->own[KFIX_EKFAC_S]);
  if (phase->fresh && k->options.ekfac_s == KFIX_EKFAC_BATCH) {
    KFIX_RUN(k, fill, 1, count, 0, s, count);
    return KFIX_OK;
  }
  KFIX_TRY(take_over(k, b, s));
  if (phase->fresh) KFIX_RUN(k, axpby, count, (kfix_real)phase->decay, s, 0, NULL, s);
  return KFIX_OK;
}

/* ekfac-ra: they are complete with the squares of the step's gradient. */
static kfix_status move_scalings(kfix *k, const kfix_block *b, const kfix_phase *phase) {
  kfix_real *s = kfix_spare(k, &b->own[KFIX_EKFAC_S]);
  kfix_real *half = k->buffer[KFIX_NET_SCRATCH].at[0];
  kfix_real *projected = half + KFIX_EKFAC_HALF((size_t)b->cols, b->out);
  const kfix_real *v = k->buffer[KFIX_NET_GRADIENT].at[0] + b->w;
  KFIX_TRY(take_over(k, b, s));
  if (!phase->fresh) return KFIX_OK;
  KFIX_TRY(kfix_ekfac_project(k, b, v, half, projected));
  return kfix_ekfac_average(k, b, phase->decay, s, projected, half);
}

typedef kfix_status make_scalings(kfix *k, const kfix_block *b, const kfix_phase *phase);

static kfix_status refresh(kfix *k, const kfix_phase *phase, make_scalings *scalings) {
  if (phase->again) return KFIX_OK;
  KFIX_TRY(find_pi(k));
  KFIX_TRY(kfix_ekfac_find_bases(k, is_tracked(k, phase)));
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(scalings(k, &k->block[i], phase));
  k->changed[KFIX_GROUP_SCALINGS] = 1;
  return KFIX_OK;
}

kfix_status kfix_ekfac_refresh(kfix *k, const kfix_phase *phase) {
  return refresh(k, phase, start_scalings);
}

kfix_status kfix_ekfac_ra_refresh(kfix *k, const kfix_phase *phase) {
  return refresh(k, phase, move_scalings);
}
