/* SPDX-License-Identifier: Apache-2.0 */
/* Template: vector.h with AVX2 and FMA. */
#ifndef KFIX_PRODUCTS_VECTOR_X86_H
#define KFIX_PRODUCTS_VECTOR_X86_H

#ifdef KFIX_REAL_DOUBLE
typedef __m256d kfix_vec;
#define KFIX_X86(name) _mm256_##name##_pd
#else
typedef __m256 kfix_vec;
#define KFIX_X86(name) _mm256_##name##_ps
#endif

#include "port/gemm/vector_x86_each.h"

/* The first n lanes, 0 < n <= lanes; the others are zero, and are not read. */
static inline kfix_vec kfix_vec_load_part(const kfix_real *x, size_t n) {
  static const int words[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  const int *const mask = words + 8 - n * (KFIX_REAL_BYTES / sizeof(int));
  return KFIX_X86(maskload)(x, _mm256_loadu_si256((const __m256i_u *)mask));
}
static inline void kfix_vec_store(kfix_real *x, kfix_vec v) {
  KFIX_X86(storeu)(x, v);
}
/* The first n lanes. A masked store takes tens of cycles on some processors. */
static inline void kfix_vec_store_part(kfix_real *x, size_t n, kfix_vec v) {
  kfix_real lanes[32 / KFIX_REAL_BYTES];
  if (n == 32 / KFIX_REAL_BYTES) {
    kfix_vec_store(x, v);
  } else {
    kfix_vec_store(lanes, v);
    for (size_t i = 0; i < n; i++) x[i] = lanes[i];
  }
}

#endif
