/* SPDX-License-Identifier: Apache-2.0
 * The list of cases. */
#include "bench_case.h"

#include <stdio.h>

#define BENCH_CASE_ROW(kernel, op_a, op_b, m, n, k) \
  {BENCH_##kernel, KFIX_##op_a, KFIX_##op_b, (m), (n), (k), 0},
#define BENCH_IMAGE_ROW(window, side, in, out)                              \
  {BENCH_CONVOLVE, KFIX_N, KFIX_N, (side), (out), (in), (window)},          \
      {BENCH_CONVOLVE_BACK, KFIX_N, KFIX_N, (side), (out), (in), (window)}, \
      {BENCH_CONVOLVE_WEIGHTS, KFIX_N, KFIX_N, (side), (out), (in), (window)},
const bench_case bench_cases[BENCH_CASE_COUNT] = {BENCH_CASE_LIST(BENCH_CASE_ROW)
                                                      BENCH_IMAGE_LIST(BENCH_IMAGE_ROW)};

const char *bench_kernel_name(bench_kernel kernel) {
#define BENCH_KERNEL_NAME(id, name) name,
  static const char *const names[] = {BENCH_KERNEL_LIST(BENCH_KERNEL_NAME)};
  return names[kernel];
}

double bench_case_flops(const bench_case *c) {
  const double m = (double)c->m, n = (double)c->n, k = (double)c->k;
  switch (c->kernel) {
    case BENCH_GEMM:
      return 2 * m * n * k;
    case BENCH_SYRK:
      return n * n * k;
    case BENCH_SPD_INVERSE:
      return n * n * n;
    case BENCH_CONVOLVE:
    case BENCH_CONVOLVE_BACK:
    case BENCH_CONVOLVE_WEIGHTS:
      return 2 * (double)BENCH_EXAMPLES * m * m * n * k * (double)(c->window * c->window);
    default:
      return 9 * n * n * n;
  }
}

size_t bench_case_largest(const bench_case *c) {
  const size_t mn = c->m > c->n ? c->m : c->n;
  return mn > c->k ? mn : c->k;
}

void bench_case_shape(const bench_case *c, char text[BENCH_SHAPE_BYTES]) {
  static const char ops[] = "NTS";
  if (c->kernel == BENCH_GEMM)
    (void)snprintf(text, BENCH_SHAPE_BYTES, "%c%c %zux%zux%zu", ops[c->op_a], ops[c->op_b], c->m,
                   c->n, c->k);
  else if (bench_case_is_image(c))
    (void)snprintf(text, BENCH_SHAPE_BYTES, "%zux%zu %zu-%zu at %zux%zu", c->window, c->window,
                   c->k, c->n, c->m, c->m);
  else if (c->kernel == BENCH_SYRK)
    (void)snprintf(text, BENCH_SHAPE_BYTES, "%zux%zu", c->n, c->k);
  else
    (void)snprintf(text, BENCH_SHAPE_BYTES, "%zu", c->n);
}

int bench_case_is_image(const bench_case *c) {
  return c->kernel == BENCH_CONVOLVE || c->kernel == BENCH_CONVOLVE_BACK ||
         c->kernel == BENCH_CONVOLVE_WEIGHTS;
}
