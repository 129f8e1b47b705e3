/* SPDX-License-Identifier: Apache-2.0
 * Tiles of up to 6 rows of up to 2 vectors, which fill the 16 registers of AVX2. */
#include "port/gemm/vector_tile.h"

#include "core/arithmetic.h"
#include "port/gemm/instructions.h"

/* The compiler's options for the instructions looked for at run time. */
#include "port/gemm/target_begin.h"
#include "port/gemm/vector.h"

#define ROWS 6
#define COLS KFIX_VECTOR_COLS

typedef struct tile {
  size_t k;
  kfix_strided a;
  const kfix_real *b;
  size_t b_step;
  size_t cols;
  int from_zero;
  kfix_rows c;
} tile;

/* Written out row by row, so that accumulators are registers at every optimisation level that
 * matters. */
#define ROWS_1(X) X(0)
#define ROWS_2(X) ROWS_1(X) X(1)
#define ROWS_3(X) ROWS_2(X) X(2)
#define ROWS_4(X) ROWS_3(X) X(3)
#define ROWS_5(X) ROWS_4(X) X(4)
#define ROWS_6(X) ROWS_5(X) X(5)

#define BEGIN(i) const kfix_real *const a##i = t->a.x + i * t->a.lane;

/* Where the sums are long, C arrives while they are made. */
#define LONG 64
#define FETCH(i)                             \
  __builtin_prefetch(kfix_row(&t->c, i), 1); \
  __builtin_prefetch(kfix_row(&t->c, i) + second, 1);

/* More than one vector of columns, at most two: if they are not two whole ones, the second begins
 * early, and what is common to both is computed twice, alike. */
#define WIDE_ZERO(i) kfix_vec left##i = kfix_vec_zero(), right##i = kfix_vec_zero();
#define WIDE_UPDATE(i)                              \
  {                                                 \
    const kfix_vec splat = kfix_vec_splat(a##i[q]); \
    left##i = kfix_vec_fma(splat, b0, left##i);     \
    right##i = kfix_vec_fma(splat, b1, right##i);   \
  }
#define WIDE_END(i)                                                           \
  {                                                                           \
    kfix_real *const c = kfix_row(&t->c, i);                                  \
    kfix_vec c0 = kfix_vec_zero(), c1 = kfix_vec_zero();                      \
    if (!t->from_zero) c0 = kfix_vec_load(c), c1 = kfix_vec_load(c + second); \
    kfix_vec_store(c, kfix_vec_add(c0, left##i));                             \
    kfix_vec_store(c + second, kfix_vec_add(c1, right##i));                   \
  }
#define WIDE(rows)                                                          \
  static void wide_##rows(const tile *t) {                                  \
    const size_t second = t->cols - KFIX_VEC_LANES, depth = t->a.depth;     \
    const kfix_real *b = t->b;                                              \
    ROWS_##rows(BEGIN) ROWS_##rows(WIDE_ZERO) if (t->k > LONG) {            \
      ROWS_##rows(FETCH)                                                    \
    }                                                                       \
    for (size_t p = 0, q = 0; p < t->k; p++) {                              \
      const kfix_vec b0 = kfix_vec_load(b), b1 = kfix_vec_load(b + second); \
      ROWS_##rows(WIDE_UPDATE) q += depth;                                  \
      b += t->b_step;                                                       \
    }                                                                       \
    ROWS_##rows(WIDE_END)                                                   \
  }

/* At most one vector of columns. */
#define NARROW_ZERO(i)   kfix_vec sum##i = kfix_vec_zero();
#define NARROW_UPDATE(i) sum##i = kfix_vec_fma(kfix_vec_splat(a##i[q]), b0, sum##i);
#define NARROW_END(i)                                                              \
  {                                                                                \
    kfix_real *const c = kfix_row(&t->c, i);                                       \
    const kfix_vec c0 = t->from_zero ? kfix_vec_zero() : kfix_vec_load_part(c, n); \
    kfix_vec_store_part(c, n, kfix_vec_add(c0, sum##i));                           \
  }
#define NARROW(rows)                                                                       \
  static void narrow_##rows(const tile *t) {                                               \
    const size_t n = t->cols, depth = t->a.depth;                                          \
    const kfix_real *b = t->b;                                                             \
    ROWS_##rows(BEGIN) ROWS_##rows(NARROW_ZERO) for (size_t p = 0, q = 0; p < t->k; p++) { \
      const kfix_vec b0 = kfix_vec_load_part(b, n);                                        \
      ROWS_##rows(NARROW_UPDATE) q += depth;                                               \
      b += t->b_step;                                                                      \
    }                                                                                      \
    ROWS_##rows(NARROW_END)                                                                \
  }

WIDE(1)
WIDE(2)
WIDE(3)
WIDE(4)
WIDE(5)
WIDE(6)
NARROW(1)
NARROW(2)
NARROW(3)
NARROW(4)
NARROW(5)
NARROW(6)

#define CASE(rows)                \
  case rows:                      \
    if (t->cols > KFIX_VEC_LANES) \
      wide_##rows(t);             \
    else                          \
      narrow_##rows(t);           \
    break;

static void run(const tile *t, size_t rows) {
  switch (rows) {
    CASE(1)
    CASE(2)
    CASE(3)
    CASE(4)
    CASE(5)
    CASE(6)
    default:
      break;
  }
}

/* Rows are shared out evenly: 13 rows are 5 + 4 + 4. */
void kfix_vector_product(size_t m, size_t n, size_t k, const kfix_strided *a, const kfix_real *b,
                         size_t b_step, int from_zero, const kfix_rows *c) {
  for (size_t j = 0; j < n; j += COLS) {
    tile t = {.k = k,
              .a = *a,
              .b = b + j,
              .b_step = b_step,
              .cols = n - j < COLS ? n - j : COLS,
              .from_zero = from_zero,
              .c = {c->x + j, c->ld, c->grow}};
    for (size_t left = m; left > 0;) {
      const size_t tiles = (left + ROWS - 1) / ROWS, rows = (left + tiles - 1) / tiles;
      run(&t, rows);
      t.a.x += rows * t.a.lane;
      t.c.x = kfix_row(&t.c, rows);
      t.c.ld += rows * t.c.grow;
      left -= rows;
    }
  }
}

#include "port/gemm/target_end.h"
