/* SPDX-License-Identifier: Apache-2.0
 * The loops around the micro-kernel. */
#include "port/gemm/products_packed.h"

#include "core/arithmetic.h"
#include "port/gemm/gather.h"
#include "port/gemm/products_part.h"

/* An operand is read where it is if it meets at most so many lanes, or is small. */
#define FEW_LANES  32
#define MANY_LANES 128
#define SMALL_SPAN ((size_t)(262144 / KFIX_REAL_BYTES))

/* Rows of patches at a time: a multiple of the rows of every micro-kernel, and so many that packing B is little
 * of the work. */
#define PLACES ((size_t)1008)

/* Rows of a strip of a lower triangle whose operands are read where they are. */
#define STRIP 12

/* Up to so many terms of a sum, C is most of what a product reads and writes. */
#define FEW_TERMS 128

/* Room for a tile, or for what of a strip not all rows have. */
#define BUFFER_ROWS KFIX_TILE_ROWS_MAX
#define BUFFER_COLS 32
_Static_assert(BUFFER_ROWS >= STRIP && BUFFER_COLS >= KFIX_TILE_COLS_MAX &&
                   BUFFER_COLS >= KFIX_VECTOR_COLS + STRIP - 1,
               "the buffer holds the largest part");

static inline size_t round_down(size_t n, size_t step) {
  return n / step * step;
}

/* C from (i, j) on. */
static inline kfix_rows rows_from(const kfix_product *t, size_t i, size_t j) {
  if (t->ldc == KFIX_PACKED) return (kfix_rows){kfix_product_row(t, i) + j, i + 1, 1};
  return (kfix_rows){kfix_product_row(t, i) + j, t->ldc, 0};
}

/* What of C is at work: rows x cols at depth [depth.begin, depth.end). An operand without packed
 * panels is read where it is. */
typedef struct stage {
  kfix_span rows, cols, depth;
  const kfix_real *a, *b;
} stage;

/* The part of C at (i, j): m x n. */
typedef struct part {
  size_t i, m, j, n;
} part;

static inline kfix_strided left_at(const kfix_product *t, const stage *s, size_t i) {
  const kfix_operand *o = &t->left;
  if (s->a) {
    const size_t k = s->depth.end - s->depth.begin;
    return (kfix_strided){s->a + (i - s->rows.begin) * k, 1, t->tile->rows};
  }
  if (o->layout == KFIX_ACROSS) return (kfix_strided){o->x + i * o->ld + s->depth.begin, o->ld, 1};
  return (kfix_strided){o->x + s->depth.begin * o->ld + i, 1, o->ld};
}

static inline const kfix_real *right_at(const kfix_product *t, const stage *s, size_t j) {
  return s->b ? s->b + (j - s->cols.begin) * (s->depth.end - s->depth.begin)
              : t->right.x + s->depth.begin * t->right.ld + j;
}

/* A whole tile of packed operands: the micro-kernel can do it. */
static inline int is_tile(const kfix_product *t, const stage *s, const part *at) {
  return s->a && s->b && at->m == t->tile->rows && at->n == t->tile->cols;
}

static inline void sum_part(const kfix_product *t, const stage *s, const part *at, int from_zero,
                            const kfix_rows *c) {
  const size_t k = s->depth.end - s->depth.begin;
  const kfix_strided left = left_at(t, s, at->i);
  const kfix_real *right = right_at(t, s, at->j);
  if (s->a && s->b && c->grow == 0)
    kfix_products_part(t->tile, at->m, at->n, k, &left, right, from_zero, c);
  else
    kfix_vector_product(at->m, at->n, k, &left, right, s->b ? t->tile->cols : t->right.ld,
                        from_zero, c);
}

/* C = or += what it has of a part's sums. */
static void merge(const kfix_product *t, const part *at, int from_zero, const kfix_real *sums) {
  for (size_t r = 0; r < at->m; r++, sums += BUFFER_COLS) {
    const size_t i = at->i + r, lower = i < at->j ? 0 : i - at->j + 1;
    const size_t n = t->lower ? kfix_smaller(at->n, lower) : at->n;
    kfix_real *row = kfix_product_row(t, i) + at->j;
    for (size_t j = 0; j < n; j++) row[j] = from_zero ? sums[j] : row[j] + sums[j];
  }
}

/* Whether not all rows of a part are one ldc from the next. */
static inline int is_broken(const kfix_product *t, const part *at) {
  return t->together && at->i % t->together + at->m > t->together;
}

static void broken_part(const kfix_product *t, const stage *s, const part *at, int from_zero) {
  kfix_real sums[BUFFER_ROWS * BUFFER_COLS];
  const kfix_rows buffer = {sums, BUFFER_COLS, 0};
  sum_part(t, s, at, 1, &buffer);
  merge(t, at, from_zero, sums);
}

/* Of a lower triangle: by way of a buffer where C has not all elements, or where a micro-kernel
 * that is wider than the vectors meets rows of different lengths. */
static void lower_part(const kfix_product *t, const stage *s, part *at, int from_zero) {
  kfix_real sums[BUFFER_ROWS * BUFFER_COLS];
  const kfix_rows c = rows_from(t, at->i, at->j), buffer = {sums, BUFFER_COLS, 0};
  const size_t end = at->i + at->m; /* of the last row */
  if (end <= at->j) return;
  const int wide = c.grow && is_tile(t, s, at) && t->tile->cols > KFIX_VECTOR_COLS;
  if (at->i + 1 >= at->j + at->n && !wide) {
    sum_part(t, s, at, from_zero, &c);
  } else {
    at->n = kfix_smaller(at->n, end - at->j);
    sum_part(t, s, at, 1, &buffer);
    merge(t, at, from_zero, sums);
  }
}

/* Strip by strip: the columns that all of its rows have, then the rest. */
static void multiply_strips(const kfix_product *t, const stage *s, int from_zero) {
  for (size_t i = s->rows.begin; i < s->rows.end; i += STRIP) {
    const size_t m = kfix_smaller(STRIP, s->rows.end - i), begin = s->cols.begin;
    const size_t common = round_down(kfix_smaller(i + 1, s->cols.end) - begin, KFIX_VECTOR_COLS);
    part left = {i, m, begin, common};
    part right = {i, m, begin + common, kfix_smaller(i + m, s->cols.end) - begin - common};
    if (common > 0) lower_part(t, s, &left, from_zero);
    lower_part(t, s, &right, from_zero);
  }
}

/* The part of C at (i, j) that one panel of each operand makes. */
static inline void multiply_part(const kfix_product *t, const stage *s, size_t i, size_t m,
                                 size_t j, size_t n, int from_zero) {
  part at = {i, kfix_smaller(m, s->rows.end - i), j, kfix_smaller(n, s->cols.end - j)};
  const kfix_rows c = rows_from(t, i, j);
  if (t->lower)
    lower_part(t, s, &at, from_zero);
  else if (is_broken(t, &at))
    broken_part(t, s, &at, from_zero);
  else
    sum_part(t, s, &at, from_zero, &c);
}

/* Panel by panel where they are packed: one of B stays in the first-level cache while A's go by. Sums
 * of few terms take less time than C, which goes by along its rows then. */
static void multiply(const kfix_product *t, const stage *s) {
  const int from_zero = t->from_zero && s->depth.begin == 0, in_place = !s->a && !s->b;
  const size_t rows = s->a || t->lower ? t->tile->rows : s->rows.end - s->rows.begin;
  const size_t cols = s->b || t->lower ? t->tile->cols : s->cols.end - s->cols.begin;
  if (t->lower && in_place) {
    multiply_strips(t, s, from_zero);
    return;
  }
  if (s->depth.end - s->depth.begin <= FEW_TERMS) {
    for (size_t i = s->rows.begin; i < s->rows.end; i += rows)
      for (size_t j = s->cols.begin; j < s->cols.end && (!t->lower || j < i + rows); j += cols)
        multiply_part(t, s, i, rows, j, cols, from_zero);
  } else {
    for (size_t j = s->cols.begin; j < s->cols.end; j += cols)
      for (size_t i = s->rows.begin; i < s->rows.end; i += rows)
        multiply_part(t, s, i, rows, j, cols, from_zero);
  }
}

/* In a lower triangle the rows above column j have nothing there. */
static inline size_t first_row(const kfix_product *t, size_t row, size_t j) {
  return t->lower && j > row ? row + round_down(j - row, t->tile->rows) : row;
}

/* Lanes of each operand that fit into the slot, in whole panels. */
typedef struct room_for {
  size_t rows, cols;
} room_for;

static room_for share(const kfix_tile *tile, size_t bytes, size_t k) {
  const size_t reals = (bytes - KFIX_PRODUCTS_SLACK) / KFIX_REAL_BYTES;
  const size_t all = reals / kfix_smaller(k, KFIX_KC);
  room_for l;
  l.rows = kfix_smaller(KFIX_PRODUCTS_ROWS, all - tile->cols);
  if (all < KFIX_PRODUCTS_ROWS + KFIX_PRODUCTS_COLS) l.rows = kfix_smaller(l.rows, all / 4);
  l.rows = l.rows < tile->rows ? tile->rows : round_down(l.rows, tile->rows);
  l.cols = round_down(all - l.rows, tile->cols);
  return l;
}

/* An operand that few lanes of the other meet, or that is compact and small, is not worth a copy: unless many
 * lanes meet it and the micro-kernel, which needs both packed, is wider than the vectors. It must be stored in an
 * order that the vectors can read, and not to be scaled. */
static int stays(const kfix_product *t, const kfix_operand *o, size_t lanes, size_t others) {
  const size_t span = o->ld * (o->layout == KFIX_ACROSS ? lanes : t->k);
  const int wide = t->tile->cols > KFIX_VECTOR_COLS && lanes > FEW_LANES && others > MANY_LANES;
  const int small = span <= SMALL_SPAN && span <= 2 * lanes * t->k && !wide;
  const int readable = o->layout == KFIX_ACROSS || o->layout == KFIX_ALONG;
  return (others <= FEW_LANES || small) && readable && o->scale == 1;
}

/* A at one depth, block by block of what is packed. */
static void all_rows(const kfix_product *t, stage *s, kfix_span rows, size_t room,
                     kfix_real *space) {
  s->a = space;
  for (size_t i = rows.begin; i < rows.end; i += room) {
    s->rows = (kfix_span){i, kfix_smaller(i + room, rows.end)};
    if (t->left.layout == KFIX_GATHERED)
      kfix_gather_pack(t->left.gather, t->tile->rows, s->rows, s->depth, space);
    else if (space)
      kfix_products_pack(&t->left, t->tile->rows, s->rows, s->depth, space);
    multiply(t, s);
  }
}

/* Operands packed as far as it pays and there is room. */
static void block(const kfix_product *t, const kfix_area *area, kfix_span rows) {
  const size_t m = rows.end - rows.begin, n = area->cols.end - area->cols.begin;
  const int a_stays = stays(t, &t->left, m, n);
  const int b_stays = t->right.layout == KFIX_ALONG && stays(t, &t->right, n, m);
  const int none_packed = a_stays && b_stays;
  const room_for room = none_packed ? (room_for){m, n} : share(t->tile, area->bytes, t->k);
  const size_t width = b_stays ? n : room.cols, height = a_stays ? m : room.rows;
  kfix_real *space = area->slot;
  stage s = {.b = b_stays ? NULL : space};
  for (size_t j = area->cols.begin; j < area->cols.end; j += width) {
    s.cols = (kfix_span){j, kfix_smaller(j + width, area->cols.end)};
    for (size_t p = 0; p < t->k; p += KFIX_KC) {
      s.depth = (kfix_span){p, kfix_smaller(p + KFIX_KC, t->k)};
      if (!b_stays) kfix_products_pack(&t->right, t->tile->cols, s.cols, s.depth, space);
      all_rows(t, &s, (kfix_span){first_row(t, rows.begin, j), rows.end}, height,
               a_stays ? NULL : space + room.cols * (s.depth.end - p));
    }
  }
}

/* Patches by strips: images and C stay in the second-level cache until all of depth is done, and B is packed again
 * for each. */
void kfix_products_packed(const kfix_product *t, const kfix_area *area) {
  const int again = t->left.layout == KFIX_GATHERED && t->k > KFIX_KC;
  const kfix_span all = area->rows;
  const size_t step = again ? PLACES : all.end - all.begin;
  for (size_t i = all.begin; i < all.end; i += step)
    block(t, area, (kfix_span){i, kfix_smaller(i + step, all.end)});
}
