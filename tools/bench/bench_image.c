/* SPDX-License-Identifier: Apache-2.0
 * Convolutions on a port. */
#include "bench_image.h"

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
  if (c->kernel == BENCH_CONVOLVE_WEIGHTS) return c->n * columns(c);
  return all_images(c, c->kernel == BENCH_CONVOLVE ? c->n : c->k);
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
  return d->port->convolve_weights(d, &g, BENCH_EXAMPLES, c->n, 1, KFIX_KC, 1, o->a, image, o->b,
                                   out, 0, o->c, columns(c));
}
