/* SPDX-License-Identifier: Apache-2.0
 * Patches and pools: kernels of images that are one launch. */
#include "cuda_device.h"

kfix_status kfix_cuda_patches(const kfix_device *d, const kfix_windows *g, size_t first,
                              size_t rows, const kfix_real *x, size_t ldx, kfix_real *out,
                              size_t ldo) {
  const kfix_images_args args = {.g = *g, .first = first, .x = {x, ldx}, .out = {out, ldo}};
  KFIX_LAUNCH(d, patches, &args, rows * (kfix_patch_reals(g) + 1));
  return KFIX_OK;
}

kfix_status kfix_cuda_max_pool(const kfix_device *d, const kfix_windows *g, size_t rows,
                               const kfix_real *x, size_t ldx, const kfix_real *t, size_t ldt,
                               kfix_real *out, size_t ldo) {
  const kfix_images_args args = {.g = *g, .x = {x, ldx}, .in = {t, ldt}, .out = {out, ldo}};
  KFIX_LAUNCH(d, max_pool, &args, rows * kfix_positions(g) * g->channels);
  return KFIX_OK;
}

kfix_status kfix_cuda_max_pool_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                    const kfix_real *x, size_t ldx, const kfix_real *s, size_t lds,
                                    kfix_real beta, kfix_real *t, size_t ldt) {
  const kfix_images_args args = {
      .g = *g, .more = beta == 1, .x = {x, ldx}, .in = {s, lds}, .out = {t, ldt}};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  KFIX_LAUNCH(d, max_pool_back, &args, rows * kfix_image_reals(g));
  return KFIX_OK;
}

kfix_status kfix_cuda_mean_pool(const kfix_device *d, const kfix_windows *g, size_t rows,
                                const kfix_real *x, size_t ldx, kfix_real *out, size_t ldo) {
  const kfix_images_args args = {.g = *g, .x = {x, ldx}, .out = {out, ldo}};
  KFIX_LAUNCH(d, mean_pool, &args, rows * kfix_positions(g) * g->channels);
  return KFIX_OK;
}

kfix_status kfix_cuda_mean_pool_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                     const kfix_real *s, size_t lds, kfix_real beta, kfix_real *x,
                                     size_t ldx) {
  const kfix_images_args args = {.g = *g, .more = beta == 1, .in = {s, lds}, .out = {x, ldx}};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  KFIX_LAUNCH(d, mean_pool_back, &args, rows * kfix_image_reals(g));
  return KFIX_OK;
}
