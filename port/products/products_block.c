/* SPDX-License-Identifier: Apache-2.0
 * The loops around the micro-kernel, for one block of C on one thread. */
#include "port/products/products_block.h"

#include "port/products/vector_tile.h"

static inline size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

static inline size_t round_down(size_t n, size_t step) {
  return n / step * step;
}

static inline kfix_real *row_of(const kfix_product *t, size_t i) {
  return t->c + (t->ldc == KFIX_PACKED ? KFIX_TRIANGLE(i) : i * t->ldc);
}

/* What of C is at work: rows x cols at depth [depth.begin, depth.end), and the packed operands. */
typedef struct stage {
  kfix_span rows, cols, depth;
  kfix_real *a, *b;
} stage;

/* The part of C at (i, j): m x n. */
typedef struct part {
  size_t i, m, j, n;
} part;

static inline void add_part(const kfix_product *t, const part *at, int from_zero,
                            const kfix_real *sums) {
  for (size_t r = 0; r < at->m; r++, sums += KFIX_TILE_COLS_MAX) {
    const size_t i = at->i + r,
                 n = t->lower ? smaller(at->n, i < at->j ? 0 : i - at->j + 1) : at->n;
    kfix_real *c = row_of(t, i) + at->j;
    for (size_t j = 0; j < n; j++) c[j] = from_zero ? sums[j] : c[j] + sums[j];
  }
}

/* Panels a and b, k deep, times each other: whole tiles by the micro-kernel, others by vectors,
 * straight into C where it has all elements and even rows, else over a buffer. */
static void one_tile(const kfix_product *t, const part *at, size_t k, const kfix_real *a,
                     const kfix_real *b, int from_zero) {
  const kfix_tile *tile = t->tile;
  const int whole = at->m == tile->rows && at->n == tile->cols;
  const int buffered = t->ldc == KFIX_PACKED || (t->lower && at->i + 1 < at->j + at->n);
  const kfix_strided left = {a, 1, tile->rows};
  _Alignas(KFIX_ALIGN) kfix_real sums[KFIX_TILE_ROWS_MAX * KFIX_TILE_COLS_MAX];
  kfix_real *c = buffered ? sums : row_of(t, at->i) + at->j;
  const size_t ldc = buffered ? KFIX_TILE_COLS_MAX : t->ldc;
  if (whole)
    tile->compute(k, a, b, buffered || from_zero, c, ldc);
  else
    kfix_vector_product(at->m, at->n, k, &left, b, tile->cols, buffered || from_zero, c, ldc);
  if (buffered) add_part(t, at, from_zero, sums);
}

/* Packed A times packed B: a panel of B stays in the first-level cache while A's go by. */
static void multiply(const kfix_product *t, const stage *s) {
  const size_t k = s->depth.end - s->depth.begin;
  const int from_zero = t->from_zero && s->depth.begin == 0;
  for (size_t j = s->cols.begin; j < s->cols.end; j += t->tile->cols)
    for (size_t i = s->rows.begin; i < s->rows.end; i += t->tile->rows) {
      const part at = {i, smaller(t->tile->rows, s->rows.end - i), j,
                       smaller(t->tile->cols, s->cols.end - j)};
      if (t->lower && i + at.m <= j) continue;
      one_tile(t, &at, k, s->a + (i - s->rows.begin) * k, s->b + (j - s->cols.begin) * k,
               from_zero);
    }
}

/* In a lower triangle the rows above column j have nothing there. */
static inline size_t first_row(const kfix_product *t, size_t row, size_t j) {
  return t->lower && j > row ? row + round_down(j - row, t->tile->rows) : row;
}

/* Lanes of each operand that fit into the slot, in whole panels. */
typedef struct lanes {
  size_t rows, cols;
} lanes;

static lanes share(const kfix_tile *tile, size_t bytes, size_t k) {
  const size_t reals = (bytes - KFIX_PRODUCTS_SLACK) / KFIX_REAL_BYTES, all = reals / k;
  lanes l;
  l.rows = smaller(KFIX_PRODUCTS_ROWS, all - tile->cols);
  if (all < KFIX_PRODUCTS_ROWS + KFIX_PRODUCTS_COLS) l.rows = smaller(l.rows, all / 4);
  l.rows = l.rows < tile->rows ? tile->rows : round_down(l.rows, tile->rows);
  l.cols = round_down(all - l.rows, tile->cols);
  return l;
}

kfix_slots kfix_products_slots(const kfix_tile *tile, const kfix_device *d) {
  const size_t least =
      KFIX_ROUND_UP((tile->rows + tile->cols) * KFIX_KC * KFIX_REAL_BYTES + KFIX_PRODUCTS_SLACK,
                    (size_t)KFIX_ALIGN);
  unsigned threads = d->crew ? d->crew->threads : 1;
  if (threads > d->threads_max) threads = d->threads_max;
  if (threads < 1) threads = 1;
  if (threads > d->scratch_bytes / least) threads = (unsigned)(d->scratch_bytes / least);
  const size_t bytes = threads > 0 ? round_down(d->scratch_bytes / threads, (size_t)KFIX_ALIGN) : 0;
  return (kfix_slots){threads, smaller(bytes, KFIX_PRODUCTS_SLOT_BYTES), d->scratch};
}

void kfix_products_block(const kfix_product *t, kfix_span rows, kfix_span cols, void *slot,
                         size_t bytes) {
  const lanes room = share(t->tile, bytes, smaller(t->k, KFIX_KC));
  stage s = {.b = slot};
  if (rows.begin >= rows.end) return;
  for (size_t j = cols.begin; j < cols.end; j += room.cols) {
    s.cols = (kfix_span){j, smaller(j + room.cols, cols.end)};
    for (size_t p = 0; p < t->k; p += KFIX_KC) {
      s.depth = (kfix_span){p, smaller(p + KFIX_KC, t->k)};
      s.a = s.b + room.cols * (s.depth.end - p);
      kfix_products_pack(&t->right, t->tile->cols, s.cols, s.depth, s.b);
      for (size_t i = first_row(t, rows.begin, j); i < rows.end; i += room.rows) {
        s.rows = (kfix_span){i, smaller(i + room.rows, rows.end)};
        kfix_products_pack(&t->left, t->tile->rows, s.rows, s.depth, s.a);
        multiply(t, &s);
      }
    }
  }
}
