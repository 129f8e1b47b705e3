/* SPDX-License-Identifier: Apache-2.0
 * gemm and syrk of the fast CPU ports: shared loops and packing around a port's micro-kernel. */
#ifndef KFIX_PRODUCTS_H
#define KFIX_PRODUCTS_H

#include "port/gemm/products_blocking.h"
#include "port/gemm/vector_pieces.h"

/* Bounds of any micro-kernel's tile of C. */
#define KFIX_TILE_ROWS_MAX (KFIX_REAL_BYTES == 4 ? 12 : 14)
#define KFIX_TILE_COLS_MAX (128 / KFIX_REAL_BYTES)

/* A micro-kernel. A port whose kernel prefers columns gives it as one of C^T = B^T A^T: rows is
 * always the side of which single elements are read, cols the side of vectors. */
typedef struct kfix_tile {
  size_t rows, cols;
  /* c[i ldc + j] = (from_zero ? 0 : c[i ldc + j]) + sum_p a[p rows + i] b[p cols + j], i < rows, j
   * < cols. The sum is port.h's: fma from zero, p ascending. b is aligned; k > 0. */
  void (*compute)(size_t k, const kfix_real *a, const kfix_real *b, int from_zero, kfix_real *c,
                  size_t ldc);
  /* The same of the first m rows and n columns; nothing else of c is read or written. NULL: the vectors do that as
   * fast. */
  void (*part)(size_t m, size_t n, size_t k, const kfix_real *a, const kfix_real *b, int from_zero,
               kfix_real *c, size_t ldc);
  /* kfix_vector_pieces for panels of `cols`, where these are wider than its own; NULL: they are not. */
  kfix_sum_pieces *pieces;
} kfix_tile;

/* KFIX_OK if the tile puts every element where it belongs, rounded as port.h says; else
 * KFIX_PORT_ROUNDING. */
kfix_status kfix_products_check(const kfix_tile *tile);

/* gemm and syrk of port.h. */
kfix_status kfix_products_gemm(const kfix_tile *tile, const kfix_device *d, kfix_op op_a,
                               kfix_op op_b, size_t m, size_t n, size_t k, kfix_real alpha,
                               const kfix_real *a, size_t lda, const kfix_real *b, size_t ldb,
                               kfix_real beta, kfix_real *c, size_t ldc);
kfix_status kfix_products_syrk(const kfix_tile *tile, const kfix_device *d, kfix_op op, size_t n,
                               size_t k, kfix_real alpha, const kfix_real *a, size_t lda,
                               kfix_real beta, kfix_real *c, size_t ldc);

/* convolve, convolve_back and convolve_weights. */
kfix_status kfix_products_convolve(const kfix_tile *tile, const kfix_device *d,
                                   const kfix_windows *g, size_t rows, size_t channels, size_t ones,
                                   const kfix_real *x, size_t ldx, const kfix_real *w, size_t ldw,
                                   kfix_real beta, kfix_real *out, size_t ldo);
kfix_status kfix_products_convolve_back(const kfix_tile *tile, const kfix_device *d,
                                        const kfix_windows *g, size_t rows, size_t channels,
                                        const kfix_real *s, size_t lds, const kfix_real *w,
                                        size_t ldw, kfix_real beta, kfix_real *x, size_t ldx);
kfix_status kfix_products_convolve_weights(const kfix_tile *tile, const kfix_device *d,
                                           const kfix_windows *g, size_t rows, size_t channels,
                                           size_t ones, size_t together, kfix_real alpha,
                                           const kfix_real *x, size_t ldx, const kfix_real *s,
                                           size_t lds, kfix_real beta, kfix_real *out, size_t ldo);

#endif
