/* SPDX-License-Identifier: Apache-2.0 */
/* Template: gemm/vector.h with AVX-512: a vector of 64 bytes. */
#ifndef KFIX_BLIS_VECTOR_X86_512_H
#define KFIX_BLIS_VECTOR_X86_512_H

#ifdef KFIX_REAL_DOUBLE
typedef __m512d kfix_vec;
typedef __mmask8 kfix_vec_mask;
#define KFIX_X86(name) _mm512_##name##_pd
#else
typedef __m512 kfix_vec;
typedef __mmask16 kfix_vec_mask;
#define KFIX_X86(name) _mm512_##name##_ps
#endif

#include "port/gemm/vector_x86_each.h"

#define KFIX_VEC_LANES (64 / KFIX_REAL_BYTES)

static inline kfix_vec_mask kfix_vec_first(size_t n) {
  return (kfix_vec_mask)((1u << n) - 1);
}
/* The first n lanes; the others are zero, and are not read. */
static inline kfix_vec kfix_vec_load_part(const kfix_real *x, size_t n) {
  return KFIX_X86(maskz_loadu)(kfix_vec_first(n), x);
}
static inline void kfix_vec_store_part(kfix_real *x, size_t n, kfix_vec v) {
  KFIX_X86(mask_storeu)(x, kfix_vec_first(n), v);
}

#endif
