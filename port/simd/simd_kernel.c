/* SPDX-License-Identifier: Apache-2.0
 * The micro-kernel: 6 x 2 vectors of accumulators, which fill the 16 registers of AVX2. */
#include "port/simd/simd_kernel.h"

#include "core/arithmetic.h"
#include "port/gemm/instructions.h"

/* The compiler's options for the instructions looked for at run time. */
#include "port/gemm/target_begin.h"
#include "port/gemm/vector.h"

#define ROWS 6
#define COLS (2 * KFIX_VEC_LANES)

/* Written out row by row, so that accumulators are registers at every optimisation level that
 * matters. */
#define EACH_ROW(X) X(0) X(1) X(2) X(3) X(4) X(5)

#define DECLARE(i) kfix_vec left##i = kfix_vec_zero(), right##i = kfix_vec_zero();
/* C is not in a near cache; it arrives while the sums are made. */
#define FETCH(i)                      \
  __builtin_prefetch(c + i * ldc, 1); \
  __builtin_prefetch(c + i * ldc + COLS - 1, 1);
#define UPDATE(i)                                 \
  {                                               \
    const kfix_vec splat = kfix_vec_splat(a[i]);  \
    left##i = kfix_vec_fma(splat, b0, left##i);   \
    right##i = kfix_vec_fma(splat, b1, right##i); \
  }
#define STORE(i, c0, c1)                                  \
  kfix_vec_store(c + i * ldc, kfix_vec_add(c0, left##i)); \
  kfix_vec_store(c + i * ldc + KFIX_VEC_LANES, kfix_vec_add(c1, right##i));
#define STORE_FROM_ZERO(i) STORE(i, kfix_vec_zero(), kfix_vec_zero())
#define STORE_ADDED(i) \
  STORE(i, kfix_vec_load(c + i * ldc), kfix_vec_load(c + i * ldc + KFIX_VEC_LANES))

static void run(size_t k, const kfix_real *a, const kfix_real *b, int from_zero, kfix_real *c,
                size_t ldc) {
  EACH_ROW(DECLARE)
  EACH_ROW(FETCH)
  for (size_t p = 0; p < k; p++) {
    const kfix_vec b0 = kfix_vec_load(b), b1 = kfix_vec_load(b + KFIX_VEC_LANES);
    EACH_ROW(UPDATE)
    a += ROWS;
    b += COLS;
  }
  if (from_zero) {
    EACH_ROW(STORE_FROM_ZERO)
  } else {
    EACH_ROW(STORE_ADDED)
  }
}

#include "port/gemm/target_end.h"

const kfix_tile kfix_simd_tile = {ROWS, COLS, run, NULL, NULL};
