/* SPDX-License-Identifier: Apache-2.0
 * Normalisations. Sums of rows stand where cuSOLVER and the squares are idle, as patches do. */
#include "cuda_device.h"

/* Sums of `rows` rows, and those to all: of so many as there is room for at a time. moments: NULL for means. */
static kfix_status add_rows(const kfix_device *d, size_t rows, const kfix_norms_args *all,
                            const kfix_real *moments, kfix_real *out) {
  const kfix_cuda_scratch *s = &kfix_cuda_of(d)->scratch;
  const size_t most = kfix_cuda_wide_bytes(s) / (all->channels * sizeof(kfix_real));
  kfix_real *sums = (kfix_real *)(void *)s->solver;
  if (most == 0) return KFIX_PORT;
  for (size_t done = 0, count; done < rows; done += count) {
    count = kfix_smaller(most, rows - done);
    kfix_norms_args each = *all;
    each.x.at += done * each.x.ld;
    each.moments = moments;
    each.out = (kfix_out){sums, all->channels};
    KFIX_LAUNCH(d, norm_rows, &each, count * all->channels);
    const kfix_norms_args fold = {.more = done > 0,
                                  .rows = count,
                                  .share = done + count == rows ? all->share : 1,
                                  .x = {sums, all->channels},
                                  .out = {out, 2}};
    KFIX_LAUNCH(d, norm_fold, &fold, all->channels);
  }
  return KFIX_OK;
}

kfix_status kfix_cuda_norm_moments(const kfix_device *d, size_t rows, size_t positions,
                                   size_t channels, const kfix_real *x, size_t ldx,
                                   kfix_real *out) {
  const kfix_norms_args args = {.positions = positions,
                                .channels = channels,
                                .share = (double)(1 / (kfix_real)(rows * positions)),
                                .x = {x, ldx}};
  KFIX_TRY(add_rows(d, rows, &args, NULL, out));
  return add_rows(d, rows, &args, out, out + 1);
}

kfix_status kfix_cuda_norm(const kfix_device *d, size_t rows, size_t positions, size_t channels,
                           const kfix_real *x, size_t ldx, const kfix_real *moments,
                           const kfix_real *w, kfix_real beta, kfix_real *out, size_t ldo) {
  const kfix_norms_args args = {.positions = positions,
                                .channels = channels,
                                .more = beta == 1,
                                .x = {x, ldx},
                                .moments = moments,
                                .w = w,
                                .out = {out, ldo}};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  KFIX_LAUNCH(d, norm, &args, rows * positions * channels);
  return KFIX_OK;
}

kfix_status kfix_cuda_norm_sums(const kfix_device *d, size_t rows, size_t positions,
                                size_t channels, const kfix_real *x, size_t ldx,
                                const kfix_real *moments, const kfix_real *g, size_t ldg,
                                kfix_real *out, size_t ldo) {
  const kfix_norms_args args = {.positions = positions,
                                .channels = channels,
                                .x = {x, ldx},
                                .g = {g, ldg},
                                .moments = moments,
                                .out = {out, ldo}};
  KFIX_LAUNCH(d, norm_sums, &args, rows * channels);
  return KFIX_OK;
}

kfix_status kfix_cuda_norm_back(const kfix_device *d, size_t rows, size_t positions,
                                size_t channels, const kfix_real *x, size_t ldx,
                                const kfix_real *moments, const kfix_real *w, const kfix_real *sums,
                                size_t count, const kfix_real *g, size_t ldg, kfix_real beta,
                                kfix_real *out, size_t ldo) {
  const kfix_norms_args args = {.positions = positions,
                                .channels = channels,
                                .more = beta == 1,
                                .share = (double)(1 / (kfix_real)count),
                                .x = {x, ldx},
                                .g = {g, ldg},
                                .moments = moments,
                                .w = w,
                                .sums = sums,
                                .out = {out, ldo}};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  KFIX_LAUNCH(d, norm_back, &args, rows * positions * channels);
  return KFIX_OK;
}
