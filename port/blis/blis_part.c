/* SPDX-License-Identifier: Apache-2.0
 * A part of the tile of AVX-512's micro-kernel: fewer rows, or fewer columns. */
#include "core/arithmetic.h"
#include "port/blis/blis_kernels.h"
#include "port/gemm/instructions.h"

#include "port/blis/target_512_begin.h"
#include "port/blis/vector_x86_512.h"

#define COLS (2 * KFIX_VEC_LANES)

/* Written out row by row, so that accumulators are registers at every optimisation level that matters. */
#define ROWS_4(X) X(0) X(1) X(2) X(3)
#define ROWS_8(X) ROWS_4(X) X(4) X(5) X(6) X(7)
#ifdef KFIX_REAL_DOUBLE
#define ROWS_ALL(X) ROWS_8(X) X(8) X(9) X(10) X(11) X(12) X(13)
enum { ALL = 14 };
#else
#define ROWS_ALL(X) ROWS_8(X) X(8) X(9) X(10) X(11)
enum { ALL = 12 };
#endif

/* What becomes of the sums. */
typedef struct target {
  size_t m, n, ldc;
  int from_zero;
  kfix_real *c;
} target;

static inline void store(const target *t, size_t i, size_t j, kfix_vec sum) {
  const size_t n = kfix_smaller(t->n - j, (size_t)KFIX_VEC_LANES);
  kfix_real *const to = t->c + i * t->ldc + j;
  if (i >= t->m) return;
  kfix_vec_store_part(
      to, n, kfix_vec_add(t->from_zero ? kfix_vec_zero() : kfix_vec_load_part(to, n), sum));
}

#define WIDE_ZERO(i) kfix_vec left##i = kfix_vec_zero(), right##i = kfix_vec_zero();
#define WIDE_UPDATE(i)                            \
  {                                               \
    const kfix_vec splat = kfix_vec_splat(a[i]);  \
    left##i = kfix_vec_fma(splat, b0, left##i);   \
    right##i = kfix_vec_fma(splat, b1, right##i); \
  }
#define WIDE_STORE(i)      \
  store(t, i, 0, left##i); \
  store(t, i, KFIX_VEC_LANES, right##i);
#define WIDE(rows)                                                                             \
  static void wide_##rows(size_t k, const kfix_real *a, const kfix_real *b, const target *t) { \
    ROWS_##rows(WIDE_ZERO) for (size_t p = 0; p < k; p++, a += ALL, b += COLS) {               \
      const kfix_vec b0 = kfix_vec_load(b), b1 = kfix_vec_load(b + KFIX_VEC_LANES);            \
      ROWS_##rows(WIDE_UPDATE)                                                                 \
    }                                                                                          \
    ROWS_##rows(WIDE_STORE)                                                                    \
  }

#define NARROW_ZERO(i)   kfix_vec sum##i = kfix_vec_zero();
#define NARROW_UPDATE(i) sum##i = kfix_vec_fma(kfix_vec_splat(a[i]), b0, sum##i);
#define NARROW_STORE(i)  store(t, i, 0, sum##i);
#define NARROW(rows)                                                                             \
  static void narrow_##rows(size_t k, const kfix_real *a, const kfix_real *b, const target *t) { \
    ROWS_##rows(NARROW_ZERO) for (size_t p = 0; p < k; p++, a += ALL, b += COLS) {               \
      const kfix_vec b0 = kfix_vec_load(b);                                                      \
      ROWS_##rows(NARROW_UPDATE)                                                                 \
    }                                                                                            \
    ROWS_##rows(NARROW_STORE)                                                                    \
  }

WIDE(4)
WIDE(8)
WIDE(ALL)
NARROW(4)
NARROW(8)
NARROW(ALL)

void kfix_blis_part(size_t m, size_t n, size_t k, const kfix_real *a, const kfix_real *b,
                    int from_zero, kfix_real *c, size_t ldc) {
  const target t = {m, n, ldc, from_zero, c};
  const int wide = n > KFIX_VEC_LANES;
  if (m <= 4)
    (wide ? wide_4 : narrow_4)(k, a, b, &t);
  else if (m <= 8)
    (wide ? wide_8 : narrow_8)(k, a, b, &t);
  else
    (wide ? wide_ALL : narrow_ALL)(k, a, b, &t);
}

#include "port/blis/target_512_end.h"
