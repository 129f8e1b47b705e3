/* SPDX-License-Identifier: Apache-2.0
 * Convolutions of each channel by itself: one launch each. */
#include "cuda_device.h"

kfix_status kfix_cuda_depthwise(const kfix_device *d, const kfix_windows *g, size_t rows,
                                size_t each, int ones, const kfix_real *x, size_t ldx,
                                const kfix_real *w, kfix_real beta, kfix_real *out, size_t ldo) {
  const kfix_deep_args args = {.g = *g,
                               .more = beta == 1,
                               .ones = ones != 0,
                               .each = each,
                               .x = {x, ldx},
                               .w = w,
                               .out = {out, ldo}};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  KFIX_LAUNCH(d, depthwise, &args, rows * kfix_positions(g) * g->channels);
  return KFIX_OK;
}

kfix_status kfix_cuda_depthwise_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                     size_t each, const kfix_real *s, size_t lds,
                                     const kfix_real *w, kfix_real beta, kfix_real *x, size_t ldx) {
  const kfix_deep_args args = {
      .g = *g, .more = beta == 1, .each = each, .s = {s, lds}, .w = w, .out = {x, ldx}};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  KFIX_LAUNCH(d, depthwise_back, &args, rows * kfix_image_reals(g));
  return KFIX_OK;
}

kfix_status kfix_cuda_depthwise_sums(const kfix_device *d, const kfix_windows *g, size_t rows,
                                     size_t each, const kfix_real *x, size_t ldx,
                                     const kfix_real *s, size_t lds, kfix_real *out, size_t ldo) {
  const kfix_deep_args args = {
      .g = *g, .each = each, .x = {x, ldx}, .s = {s, lds}, .out = {out, ldo}};
  KFIX_LAUNCH(d, depthwise_sums, &args, rows * g->channels * each);
  return KFIX_OK;
}
