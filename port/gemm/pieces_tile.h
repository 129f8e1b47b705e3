/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Sums of vector_pieces.h in a tile of ROWS rows of up to 2 vectors, which EACH_ROW(X) counts out: written out
 * row by row, accumulators are registers at every optimisation level that matters. Whoever includes it has a vector
 * (vector.h) of KFIX_VEC_LANES. */
#ifndef KFIX_PRODUCTS_PIECES_TILE_H
#define KFIX_PRODUCTS_PIECES_TILE_H

/* Columns of a packed panel. */
#define COLS (2 * KFIX_VEC_LANES)

#define READ(i)  const kfix_real *const a##i = row[i];
#define FETCH(i) __builtin_prefetch(c->row[i], 1);

static inline void store(const kfix_target *c, size_t i, size_t j, kfix_vec sum) {
  const size_t n = kfix_smaller(c->n - j, (size_t)KFIX_VEC_LANES);
  kfix_real *to = c->row[i] + j;
  if (i >= c->m) return;
  if (!c->from_zero) sum = kfix_vec_add(kfix_vec_load_part(to, n), sum);
  kfix_vec_store_part(to, n, c->from_zero ? kfix_vec_add(kfix_vec_zero(), sum) : sum);
}

#define WIDE_ZERO(i) kfix_vec left##i = kfix_vec_zero(), right##i = kfix_vec_zero();
#define WIDE_UPDATE(i)                              \
  {                                                 \
    const kfix_vec splat = kfix_vec_splat(a##i[q]); \
    left##i = kfix_vec_fma(splat, b0, left##i);     \
    right##i = kfix_vec_fma(splat, b1, right##i);   \
  }
#define WIDE_STORE(i)      \
  store(c, i, 0, left##i); \
  store(c, i, KFIX_VEC_LANES, right##i);

static void sum_wide(const kfix_pieces *a, const kfix_real *b, const kfix_target *c) {
  const kfix_real *const *row = a->row;
  EACH_ROW(WIDE_ZERO)
  EACH_ROW(FETCH)
  for (size_t p = 0; p < a->pieces; p++, row += ROWS) {
    const size_t count = a->count[p];
    EACH_ROW(READ)
    for (size_t q = 0; q < count; q++, b += COLS) {
      const kfix_vec b0 = kfix_vec_load(b), b1 = kfix_vec_load(b + KFIX_VEC_LANES);
      EACH_ROW(WIDE_UPDATE)
    }
  }
  EACH_ROW(WIDE_STORE)
}

#define NARROW_ZERO(i)   kfix_vec sum##i = kfix_vec_zero();
#define NARROW_UPDATE(i) sum##i = kfix_vec_fma(kfix_vec_splat(a##i[q]), b0, sum##i);
#define NARROW_STORE(i)  store(c, i, 0, sum##i);

static void sum_narrow(const kfix_pieces *a, const kfix_real *b, const kfix_target *c) {
  const kfix_real *const *row = a->row;
  EACH_ROW(NARROW_ZERO)
  EACH_ROW(FETCH)
  for (size_t p = 0; p < a->pieces; p++, row += ROWS) {
    const size_t count = a->count[p];
    EACH_ROW(READ)
    for (size_t q = 0; q < count; q++, b += COLS) {
      const kfix_vec b0 = kfix_vec_load(b);
      EACH_ROW(NARROW_UPDATE)
    }
  }
  EACH_ROW(NARROW_STORE)
}

static inline void kfix_pieces_sum(const kfix_pieces *a, const kfix_real *b, const kfix_target *c) {
  if (c->n > KFIX_VEC_LANES)
    sum_wide(a, b, c);
  else
    sum_narrow(a, b, c);
}

#endif
