/* SPDX-License-Identifier: Apache-2.0 */
/* Template: vector.h with AVX2 and FMA. */
#ifndef KFIX_SIMD_VECTOR_X86_H
#define KFIX_SIMD_VECTOR_X86_H

#ifdef KFIX_REAL_DOUBLE
typedef __m256d kfix_vec;
#define KFIX_X86(name) _mm256_##name##_pd
#else
typedef __m256 kfix_vec;
#define KFIX_X86(name) _mm256_##name##_ps
#endif

static inline kfix_vec kfix_vec_zero(void) {
  return KFIX_X86(setzero)();
}
static inline kfix_vec kfix_vec_load(const kfix_real *x) {
  return KFIX_X86(loadu)(x);
}
static inline void kfix_vec_store(kfix_real *x, kfix_vec v) {
  KFIX_X86(storeu)(x, v);
}
static inline kfix_vec kfix_vec_splat(kfix_real x) {
  return KFIX_X86(set1)(x);
}
static inline kfix_vec kfix_vec_add(kfix_vec a, kfix_vec b) {
  return KFIX_X86(add)(a, b);
}
/* a b + c, rounded once */
static inline kfix_vec kfix_vec_fma(kfix_vec a, kfix_vec b, kfix_vec c) {
  return KFIX_X86(fmadd)(a, b, c);
}

#endif
