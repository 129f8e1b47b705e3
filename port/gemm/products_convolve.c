/* SPDX-License-Identifier: Apache-2.0
 * Convolutions: gemm with patches, on the left or the right, that nobody stores. */
#include "core/arithmetic.h"
#include "port/gemm/gather.h"
#include "port/gemm/products_grid.h"

/* places x channels of each example in a row of c, as rows of a product. */
static kfix_status multiply(const kfix_tile *tile, const kfix_device *d, const kfix_gather *from,
                            size_t rows, size_t channels, const kfix_real *w, size_t ldw,
                            kfix_real beta, kfix_real *c, size_t ldc) {
  const size_t places = (size_t)from->rows * from->cols;
  const int in_a_row = ldc == places * channels;
  const kfix_product t = {
      .tile = tile,
      .left = {.layout = KFIX_GATHERED, .scale = 1, .gather = from},
      .right = {from->back ? KFIX_BY_TAPS : KFIX_ACROSS, w, ldw, 1, from},
      .k = kfix_window_area(from->windows) * from->channels + from->ones,
      .from_zero = beta == 0,
      .c = c,
      .ldc = places == 1 ? ldc : channels,
      .together = places == 1 || in_a_row ? 0 : places,
      .apart = ldc,
  };
  return kfix_products_run(&t, d, rows * places, channels, beta);
}

static kfix_gather forward_patches(const kfix_windows *g, size_t ones, const kfix_real *x,
                                   size_t ldx) {
  return (kfix_gather){.windows = g,
                       .ones = (uint32_t)ones,
                       .rows = g->rows,
                       .cols = g->cols,
                       .height = g->height,
                       .width = g->width,
                       .channels = g->channels,
                       .x = x,
                       .ld = ldx};
}

kfix_status kfix_products_convolve(const kfix_tile *tile, const kfix_device *d,
                                   const kfix_windows *g, size_t rows, size_t channels, size_t ones,
                                   const kfix_real *x, size_t ldx, const kfix_real *w, size_t ldw,
                                   kfix_real beta, kfix_real *out, size_t ldo) {
  const kfix_gather patches = forward_patches(g, ones, x, ldx);
  return multiply(tile, d, &patches, rows, channels, w, ldw, beta, out, ldo);
}

kfix_status kfix_products_convolve_back(const kfix_tile *tile, const kfix_device *d,
                                        const kfix_windows *g, size_t rows, size_t channels,
                                        const kfix_real *s, size_t lds, const kfix_real *w,
                                        size_t ldw, kfix_real beta, kfix_real *x, size_t ldx) {
  const kfix_gather patches = {.windows = g,
                               .back = 1,
                               .rows = g->height,
                               .cols = g->width,
                               .height = g->rows,
                               .width = g->cols,
                               .channels = (uint32_t)channels,
                               .x = s,
                               .ld = lds};
  return multiply(tile, d, &patches, rows, g->channels, w, ldw, beta, x, ldx);
}

kfix_status kfix_products_convolve_weights(const kfix_tile *tile, const kfix_device *d,
                                           const kfix_windows *g, size_t rows, size_t channels,
                                           size_t ones, size_t together, kfix_real alpha,
                                           const kfix_real *x, size_t ldx, const kfix_real *s,
                                           size_t lds, kfix_real beta, kfix_real *out, size_t ldo) {
  const kfix_gather patches = forward_patches(g, ones, x, ldx);
  const kfix_gather places = {.rows = g->rows, .cols = g->cols, .ld = lds};
  const kfix_product t = {
      .tile = tile,
      .left = {KFIX_BY_EXAMPLES, s, channels, alpha, &places},
      .right = {.layout = KFIX_WINDOWS, .scale = 1, .gather = &patches},
      .k = rows * kfix_positions(g),
      .deep = together,
      .from_zero = beta == 0,
      .c = out,
      .ldc = ldo,
  };
  if (together == 0 || together > KFIX_KC) return KFIX_PORT;
  return kfix_products_run(&t, d, channels, kfix_patch_reals(g) + ones, beta);
}
