/* SPDX-License-Identifier: Apache-2.0
 * Packing: the operands of a product, copied into the order in which the micro-kernel reads. */
#ifndef KFIX_SIMD_PACKING_H
#define KFIX_SIMD_PACKING_H

#include "port/simd/simd_blocking.h"

/* An operand seen from the micro-kernel: lanes (rows of op(A), columns of op(B)) by depth k. */
typedef enum kfix_simd_layout {
  KFIX_SIMD_ACROSS,   /* lane i is row i of the stored matrix */
  KFIX_SIMD_ALONG,    /* lane i is its column i */
  KFIX_SIMD_SYMMETRIC /* packed lower triangle */
} kfix_simd_layout;

typedef struct kfix_simd_operand {
  kfix_simd_layout layout;
  const kfix_real *x;
  size_t ld;
  kfix_real scale; /* alpha on the left, 1 on the right */
} kfix_simd_operand;

/* out = panels of MR (NR) lanes each, [first, first + lanes), depth [from, to): element (lane i, p)
 * of a panel is at (p - from) MR + i, scaled; missing lanes of the last panel hold anything finite
 * or of other lanes. Writes up to KFIX_SIMD_SLACK bytes past the last panel. */
void kfix_simd_pack_left(const kfix_simd_operand *o, size_t first, size_t lanes, size_t from,
                         size_t to, kfix_real *out);
void kfix_simd_pack_right(const kfix_simd_operand *o, size_t first, size_t lanes, size_t from,
                          size_t to, kfix_real *out);

#endif
