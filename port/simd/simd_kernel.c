/* SPDX-License-Identifier: Apache-2.0
 * The micro-kernel: 6 x 2 vectors of accumulators, which fill the 16 registers of AVX2. */
#include "port/simd/simd_kernel.h"

#include "port/cpu/rounding.h"
#include "port/simd/simd_headers.h"
#include "port/simd/target_begin.h"
#include "port/simd/vector.h"

/* Written out row by row, so that accumulators are registers at every optimisation level that
 * matters. */
#define EACH_ROW(X) X(0) X(1) X(2) X(3) X(4) X(5)

#define DECLARE(i) kfix_vec left##i = kfix_vec_zero(), right##i = kfix_vec_zero();
/* C is not in a near cache; it arrives while the sums are made. */
#define FETCH(i)                 \
  __builtin_prefetch(row[i], 1); \
  __builtin_prefetch(row[i] + KFIX_SIMD_NR - 1, 1);
#define UPDATE(i)                                 \
  {                                               \
    const kfix_vec splat = kfix_vec_splat(a[i]);  \
    left##i = kfix_vec_fma(splat, b0, left##i);   \
    right##i = kfix_vec_fma(splat, b1, right##i); \
  }
#define STORE_FROM_ZERO(i)                                        \
  kfix_vec_store(row[i], kfix_vec_add(kfix_vec_zero(), left##i)); \
  kfix_vec_store(row[i] + KFIX_VEC_LANES, kfix_vec_add(kfix_vec_zero(), right##i));
#define STORE_ADDED(i)                                                  \
  kfix_vec_store(row[i], kfix_vec_add(kfix_vec_load(row[i]), left##i)); \
  kfix_vec_store(row[i] + KFIX_VEC_LANES,                               \
                 kfix_vec_add(kfix_vec_load(row[i] + KFIX_VEC_LANES), right##i));

void kfix_simd_tile(size_t k, const kfix_real *a, const kfix_real *b, size_t b_step, int from_zero,
                    kfix_real *const row[KFIX_SIMD_MR]) {
  EACH_ROW(DECLARE)
  EACH_ROW(FETCH)
  for (size_t p = 0; p < k; p++) {
    const kfix_vec b0 = kfix_vec_load(b), b1 = kfix_vec_load(b + KFIX_VEC_LANES);
    EACH_ROW(UPDATE)
    a += KFIX_SIMD_MR;
    b += b_step;
  }
  if (from_zero) {
    EACH_ROW(STORE_FROM_ZERO)
  } else {
    EACH_ROW(STORE_ADDED)
  }
}

#include "port/simd/target_end.h"

kfix_status kfix_simd_check(void) {
  static const kfix_real left[] = KFIX_ROUNDING_LEFT, right[] = KFIX_ROUNDING_RIGHT;
  kfix_real a[KFIX_ROUNDING_DEPTH * KFIX_SIMD_MR], b[KFIX_ROUNDING_DEPTH * KFIX_SIMD_NR];
  kfix_real c[KFIX_SIMD_MR * KFIX_SIMD_NR] = {0}, *row[KFIX_SIMD_MR];
  for (size_t i = 0; i < sizeof a / sizeof *a; i++) a[i] = left[i / KFIX_SIMD_MR];
  for (size_t j = 0; j < sizeof b / sizeof *b; j++) b[j] = right[j / KFIX_SIMD_NR];
  for (size_t i = 0; i < KFIX_SIMD_MR; i++) row[i] = c + i * KFIX_SIMD_NR;
  kfix_simd_tile(KFIX_ROUNDING_DEPTH, a, b, KFIX_SIMD_NR, 1, row);
  for (size_t i = 0; i < KFIX_SIMD_MR * KFIX_SIMD_NR; i++)
    if (c[i] != KFIX_ROUNDING_ANSWER) return KFIX_PORT_ROUNDING;
  return KFIX_OK;
}
