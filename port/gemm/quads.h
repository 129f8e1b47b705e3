/* SPDX-License-Identifier: Apache-2.0
 * Four elements side by side, in the compiler's own vectors: what transposes are made of. For use
 * after target_begin.h. */
#ifndef KFIX_PRODUCTS_QUADS_H
#define KFIX_PRODUCTS_QUADS_H

#include "port/port.h"

typedef kfix_real kfix_quad __attribute__((vector_size(4 * KFIX_REAL_BYTES)));
/* The same, at any address. */
typedef kfix_real kfix_quad_anywhere
    __attribute__((vector_size(4 * KFIX_REAL_BYTES), aligned(KFIX_REAL_BYTES), may_alias));

#define KFIX_QUAD(x)       (*(kfix_quad_anywhere *)(x))
#define KFIX_QUAD_CONST(x) (*(const kfix_quad_anywhere *)(x))

/* out[i] = element i of all four of in. By address: vectors of doubles are no arguments where the
 * compiler's own options have no AVX. */
static inline void kfix_quads_turn(const kfix_quad in[4], kfix_quad out[4]) {
  const kfix_quad ab_lo = __builtin_shufflevector(in[0], in[1], 0, 4, 1, 5);
  const kfix_quad ab_hi = __builtin_shufflevector(in[0], in[1], 2, 6, 3, 7);
  const kfix_quad cd_lo = __builtin_shufflevector(in[2], in[3], 0, 4, 1, 5);
  const kfix_quad cd_hi = __builtin_shufflevector(in[2], in[3], 2, 6, 3, 7);
  out[0] = __builtin_shufflevector(ab_lo, cd_lo, 0, 1, 4, 5);
  out[1] = __builtin_shufflevector(ab_lo, cd_lo, 2, 3, 6, 7);
  out[2] = __builtin_shufflevector(ab_hi, cd_hi, 0, 1, 4, 5);
  out[3] = __builtin_shufflevector(ab_hi, cd_hi, 2, 3, 6, 7);
}

#endif
