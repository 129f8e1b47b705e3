/* SPDX-License-Identifier: Apache-2.0
 * Products with a small triangle, in place: the scalar end of blocked triangular algorithms. */
#ifndef KFIX_FACTOR_STRIPS_H
#define KFIX_FACTOR_STRIPS_H

#include "port/port.h"

/* Order of the triangles. They and one strip of the other factor are on the stack, so both are short. */
#define KFIX_STRIP_BLOCK  8
#define KFIX_STRIP_LENGTH 16

/* A triangle with its zeros, of leading dimension KFIX_STRIP_BLOCK. */
typedef struct kfix_triangle {
  kfix_real x[KFIX_STRIP_BLOCK * KFIX_STRIP_BLOCK];
} kfix_triangle;

/* out = the lower triangle of the n x n block a, zeros above; n <= KFIX_STRIP_BLOCK. */
void kfix_triangle_copy(size_t n, const kfix_real *a, size_t lda, kfix_triangle *out);

/* out = L^-1 for the lower triangle L of the n x n block l. */
void kfix_triangle_inverse(size_t n, const kfix_real *l, size_t ldl, kfix_triangle *out);

/* C (rows x n) = alpha C op(T), n the order of T. */
kfix_status kfix_strips_right(const kfix_device *d, size_t rows, size_t n, kfix_real alpha,
                              kfix_real *c, size_t ldc, kfix_op op, const kfix_triangle *t);

/* C (n x cols) = T C, n the order of T. */
kfix_status kfix_strips_left(const kfix_device *d, size_t n, size_t cols, const kfix_triangle *t,
                             kfix_real *c, size_t ldc);

#endif
