/* SPDX-License-Identifier: Apache-2.0
 * Convolutions on a port. */
#include "bench_image.h"

/* Patches at a time, as lib has room for. */
#define SLICE_ROWS ((size_t)KFIX_KC)

static kfix_windows windows_of(const bench_case *c) {
  const uint32_t side = (uint32_t)c->m, kernel = (uint32_t)c->window;
  return (kfix_windows){.height = side,
                        .width = side,
                        .channels = (uint32_t)c->k,
                        .rows = side,
                        .cols = side,
                        .kernel = {kernel, kernel},
                        .stride = {1, 1},
                        .pad = {kernel / 2, kernel / 2}};
}

static size_t columns(const bench_case *c) {
  return c->window * c->window * c->k + 1;
}
static size_t all_images(const bench_case *c, size_t channels) {
  return BENCH_EXAMPLES * KFIX_LD(c->m * c->m * channels);
}

size_t bench_image_a(const bench_case *c) {
  return all_images(c, c->kernel == BENCH_CONVOLVE_BACK ? c->n : c->k);
}
size_t bench_image_b(const bench_case *c) {
  return c->kernel == BENCH_CONVOLVE_WEIGHTS ? all_images(c, c->n) : c->n * columns(c);
}
size_t bench_image_c(const bench_case *c) {
  if (c->kernel == BENCH_CONVOLVE_WEIGHTS)
    return KFIX_LD(c->n * columns(c)) + SLICE_ROWS * (KFIX_LD(columns(c)) + KFIX_LD(c->n));
  return all_images(c, c->kernel == BENCH_CONVOLVE ? c->n : c->k);
}

/* A slice of patches, its gradients, their product: lib/net/slices.c. The gradients are those of whole
 * images, one after another. */
static kfix_status weights(const kfix_device *d, const bench_case *c, const bench_operands *o) {
  const kfix_windows g = windows_of(c);
  const size_t cols = columns(c), all = BENCH_EXAMPLES * c->m * c->m, ldp = KFIX_LD(cols);
  kfix_real *patches = o->c + KFIX_LD(c->n * cols), *slice = patches + SLICE_ROWS * ldp;
  for (size_t i = 0, rows; i < all; i += rows) {
    rows = all - i < SLICE_ROWS ? all - i : SLICE_ROWS;
    KFIX_TRY(d->port->patches(d, &g, i, rows, o->a, KFIX_LD(kfix_image_reals(&g)), patches, ldp));
    KFIX_TRY(d->port->copy(d, rows, c->n, o->b + i * c->n, c->n, slice, KFIX_LD(c->n)));
    KFIX_TRY(d->port->gemm(d, KFIX_T, KFIX_N, c->n, cols, rows, 1, slice, KFIX_LD(c->n), patches,
                           ldp, i > 0, o->c, cols));
  }
  return KFIX_OK;
}

kfix_status bench_image_run(const kfix_device *d, const bench_case *c, const bench_operands *o) {
  const kfix_windows g = windows_of(c);
  const size_t image = KFIX_LD(kfix_image_reals(&g)), out = KFIX_LD(kfix_positions(&g) * c->n);
  if (c->kernel == BENCH_CONVOLVE)
    return d->port->convolve(d, &g, BENCH_EXAMPLES, c->n, 1, o->a, image, o->b, columns(c), 0, o->c,
                             out);
  if (c->kernel == BENCH_CONVOLVE_BACK)
    return d->port->convolve_back(d, &g, BENCH_EXAMPLES, c->n, o->a, out, o->b, columns(c), 0, o->c,
                                  image);
  return weights(d, c, o);
}
