/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The products of a port's table, those of images too. Before it includes this, the port defines
 * KFIX_CPU_TILE, the address of its micro-kernel. */
#ifndef KFIX_PRODUCTS_KERNELS_H
#define KFIX_PRODUCTS_KERNELS_H

#include "port/gemm/products.h"

static kfix_status kfix_cpu_gemm(const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m,
                                 size_t n, size_t k, kfix_real alpha, const kfix_real *a,
                                 size_t lda, const kfix_real *b, size_t ldb, kfix_real beta,
                                 kfix_real *c, size_t ldc) {
  return kfix_products_gemm(KFIX_CPU_TILE, d, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c,
                            ldc);
}

static kfix_status kfix_cpu_syrk(const kfix_device *d, kfix_op op, size_t n, size_t k,
                                 kfix_real alpha, const kfix_real *a, size_t lda, kfix_real beta,
                                 kfix_real *c, size_t ldc) {
  return kfix_products_syrk(KFIX_CPU_TILE, d, op, n, k, alpha, a, lda, beta, c, ldc);
}

static kfix_status kfix_cpu_convolve(const kfix_device *d, const kfix_windows *g, size_t rows,
                                     size_t channels, size_t ones, const kfix_real *x, size_t ldx,
                                     const kfix_real *w, size_t ldw, kfix_real beta, kfix_real *out,
                                     size_t ldo) {
  return kfix_products_convolve(KFIX_CPU_TILE, d, g, rows, channels, ones, x, ldx, w, ldw, beta,
                                out, ldo);
}

static kfix_status kfix_cpu_convolve_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                          size_t channels, const kfix_real *s, size_t lds,
                                          const kfix_real *w, size_t ldw, kfix_real beta,
                                          kfix_real *x, size_t ldx) {
  return kfix_products_convolve_back(KFIX_CPU_TILE, d, g, rows, channels, s, lds, w, ldw, beta, x,
                                     ldx);
}

static kfix_status kfix_cpu_convolve_weights(const kfix_device *d, const kfix_windows *g,
                                             size_t rows, size_t channels, size_t ones,
                                             size_t together, kfix_real alpha, const kfix_real *x,
                                             size_t ldx, const kfix_real *s, size_t lds,
                                             kfix_real beta, kfix_real *out, size_t ldo) {
  return kfix_products_convolve_weights(KFIX_CPU_TILE, d, g, rows, channels, ones, together, alpha,
                                        x, ldx, s, lds, beta, out, ldo);
}

#endif
