/* SPDX-License-Identifier: Apache-2.0
 * Calls of BLIS's micro-kernels, against the prototypes of its own header: another version's
 * signature does not compile. */
#include "port/blis/blis_kernels.h"

#include <blis.h>

#include "core/arithmetic.h"

/* Kernels add nothing to -0 when beta is 0, but port.h's sum starts at +0. */
static inline void zero(size_t rows, size_t cols, kfix_real *c, size_t ldc) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) c[i * ldc + j] = 0;
}

#ifdef KFIX_REAL_DOUBLE
#define AVX2_KERNEL   bli_dgemm_haswell_asm_6x8
#define AVX512_KERNEL bli_dgemm_skx_asm_16x14
enum { AVX2_ROWS = 6, AVX2_COLS = 8, AVX512_ROWS = 14, AVX512_COLS = 16 };
#else
#define AVX2_KERNEL   bli_sgemm_haswell_asm_6x16
#define AVX512_KERNEL bli_sgemm_skx_asm_32x12_l2
enum { AVX2_ROWS = 6, AVX2_COLS = 16, AVX512_ROWS = 12, AVX512_COLS = 32 };
#endif

/* Prefers C by rows: as it is. */
static void avx2(size_t k, const kfix_real *a, const kfix_real *b, int from_zero, kfix_real *c,
                 size_t ldc) {
  kfix_real alpha = 1, beta = 1;
  if (from_zero) zero(AVX2_ROWS, AVX2_COLS, c, ldc);
  AVX2_KERNEL(AVX2_ROWS, AVX2_COLS, (dim_t)k, &alpha, (kfix_real *)(uintptr_t)a,
              (kfix_real *)(uintptr_t)b, &beta, c, (inc_t)ldc, 1, NULL, NULL);
}

/* Prefers C by columns: C^T = B^T A^T. */
static void avx512(size_t k, const kfix_real *a, const kfix_real *b, int from_zero, kfix_real *c,
                   size_t ldc) {
  kfix_real alpha = 1, beta = 1;
  if (from_zero) zero(AVX512_ROWS, AVX512_COLS, c, ldc);
  AVX512_KERNEL(AVX512_COLS, AVX512_ROWS, (dim_t)k, &alpha, (kfix_real *)(uintptr_t)b,
                (kfix_real *)(uintptr_t)a, &beta, c, 1, (inc_t)ldc, NULL, NULL);
}

const kfix_tile kfix_blis_avx2 = {AVX2_ROWS, AVX2_COLS, avx2, NULL, NULL};
const kfix_tile kfix_blis_avx512 = {AVX512_ROWS, AVX512_COLS, avx512, kfix_blis_part,
                                    kfix_blis_pieces};

const kfix_tile *kfix_blis_tile(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return &kfix_blis_avx512;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kfix_blis_avx2 : NULL;
}
