/* SPDX-License-Identifier: Apache-2.0
 * The transposed product, B A^T: A is packed for the vectors, B read where it is as the side of
 * single elements, and the tiles of C^T are turned on their way into C. */
#include "port/gemm/products_few.h"

#include "core/arithmetic.h"
#include "port/gemm/vector_tile.h"

/* The compiler's options for the instructions looked for at run time. */
#include "port/gemm/target_begin.h"

#include "port/gemm/quads.h"

/* Packing B costs as much as a dozen rows of C do, turning C as much as a few terms of its sums;
 * where both are within a few per cent, either will do. A micro-kernel that is wider than the vectors may be
 * twice as fast. */
#define FEW_ROWS   128
#define FEWER_ROWS 48
#define MANY_TERMS 16

/* Rows of B at a time. */
#define TURNED 24

/* What is at work: rows of A at some depth, in panels of KFIX_VECTOR_COLS. */
typedef struct few {
  const kfix_product *t;
  kfix_span rows, depth;
  const kfix_real *panels;
} few;

/* c[r][q] = or += sums[q][r]: m x n elements of C. */
static inline void turn_one_by_one(size_t m, size_t n, const kfix_real *sums, int from_zero,
                                   kfix_real *c, size_t ldc) {
  for (size_t r = 0; r < m; r++)
    for (size_t q = 0; q < n; q++) {
      const kfix_real sum = sums[q * KFIX_VECTOR_COLS + r];
      c[r * ldc + q] = from_zero ? sum : c[r * ldc + q] + sum;
    }
}

/* The same for 4 x 4. */
static inline void turn_four(const kfix_real *sums, int from_zero, kfix_real *c, size_t ldc) {
  const kfix_quad lanes[4] = {KFIX_QUAD_CONST(sums), KFIX_QUAD_CONST(sums + KFIX_VECTOR_COLS),
                              KFIX_QUAD_CONST(sums + 2 * KFIX_VECTOR_COLS),
                              KFIX_QUAD_CONST(sums + 3 * KFIX_VECTOR_COLS)};
  kfix_quad row[4];
  kfix_quads_turn(lanes, row);
  for (size_t r = 0; r < 4; r++) {
    kfix_real *to = c + r * ldc;
    if (!from_zero) row[r] = KFIX_QUAD_CONST(to) + row[r];
    KFIX_QUAD(to) = row[r];
  }
}

/* C at (i, j), m x n, = or += the transpose of sums, n x m. */
static void turn(const few *f, size_t i, size_t m, size_t j, size_t n, const kfix_real *sums) {
  const int from_zero = f->t->from_zero && f->depth.begin == 0;
  const size_t ldc = f->t->ldc, fours = n / 4 * 4;
  kfix_real *c = f->t->c + i * ldc + j;
  size_t r = 0;
  for (; r + 4 <= m; r += 4) {
    for (size_t q = 0; q < fours; q += 4)
      turn_four(sums + q * KFIX_VECTOR_COLS + r, from_zero, c + r * ldc + q, ldc);
    turn_one_by_one(4, n - fours, sums + fours * KFIX_VECTOR_COLS + r, from_zero,
                    c + r * ldc + fours, ldc);
  }
  turn_one_by_one(m - r, n, sums + r, from_zero, c + r * ldc, ldc);
}

/* Columns [j, j + n) of C: n rows of B against all panels. */
static void multiply(const few *f, size_t j, size_t n) {
  _Alignas(KFIX_ALIGN) kfix_real sums[TURNED * KFIX_VECTOR_COLS];
  const kfix_rows out = {sums, KFIX_VECTOR_COLS, 0};
  const kfix_operand *b = &f->t->right;
  const kfix_strided rows = {b->x + j * b->ld + f->depth.begin, b->ld, 1};
  const size_t k = f->depth.end - f->depth.begin;
  const kfix_real *panel = f->panels;
  for (size_t i = f->rows.begin; i < f->rows.end; i += KFIX_VECTOR_COLS) {
    const size_t m = kfix_smaller(KFIX_VECTOR_COLS, f->rows.end - i);
    kfix_vector_product(n, m, k, &rows, panel, KFIX_VECTOR_COLS, 1, &out);
    turn(f, i, m, j, n, sums);
    panel += k * KFIX_VECTOR_COLS;
  }
}

int kfix_products_are_few(const kfix_product *t, size_t m) {
  const size_t most = t->tile->cols > KFIX_VECTOR_COLS ? FEWER_ROWS : FEW_ROWS;
  const int stored = t->right.layout == KFIX_ACROSS && t->left.layout != KFIX_GATHERED;
  return stored && !t->lower && m <= most && t->k >= MANY_TERMS;
}

void kfix_products_few(const kfix_product *t, const kfix_area *area) {
  const kfix_span rows = area->rows, cols = area->cols;
  const size_t deep = kfix_smaller(t->k, KFIX_KC);
  const size_t lanes = (area->bytes - KFIX_PRODUCTS_SLACK) / KFIX_REAL_BYTES / deep;
  const size_t room = lanes / KFIX_VECTOR_COLS * KFIX_VECTOR_COLS;
  for (size_t i = rows.begin; i < rows.end; i += room)
    for (size_t p = 0; p < t->k; p += KFIX_KC) {
      const few f = {t,
                     {i, kfix_smaller(i + room, rows.end)},
                     {p, kfix_smaller(p + KFIX_KC, t->k)},
                     area->slot};
      kfix_products_pack(&t->left, KFIX_VECTOR_COLS, f.rows, f.depth, area->slot);
      for (size_t j = cols.begin; j < cols.end; j += TURNED)
        multiply(&f, j, kfix_smaller(TURNED, cols.end - j));
    }
}

#include "port/gemm/target_end.h"
