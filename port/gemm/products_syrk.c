/* SPDX-License-Identifier: Apache-2.0
 * syrk: the driver of gemm with the tiles above the diagonal left out; threads take bands of rows
 * of about the same area. */
#include <math.h>

#include "core/arithmetic.h"
#include "port/gemm/products_block.h"

/* As in gemm, for the multiplications of half a square. */
#define WORTH_A_THREAD 100000

typedef struct bands {
  const kfix_product *product;
  kfix_slots slots;
  size_t n;
  unsigned count;
} bands;

/* The first row of band `index`: n sqrt(index / count), between tiles. */
static size_t band_begin(const bands *b, unsigned index) {
  const size_t row = (size_t)((double)b->n * sqrt((double)index / b->count));
  return index == b->count ? b->n : row / b->product->tile->rows * b->product->tile->rows;
}

static void band_task(void *arg, unsigned index) {
  const bands *b = arg;
  const size_t row = band_begin(b, index), end = band_begin(b, index + 1);
  const kfix_area area = {
      {row, end}, {0, end}, kfix_products_slot(&b->slots, index), b->slots.bytes};
  kfix_products_block(b->product, &area);
}

static unsigned bands_for(unsigned slots, size_t n, size_t k) {
  const double worth = (double)n * (double)n / 2 * (double)k / WORTH_A_THREAD;
  if (worth >= slots) return slots;
  return worth < 2 ? 1 : (unsigned)worth;
}

static void zero_lower(size_t n, kfix_real *c, size_t ldc) {
  for (size_t i = 0; i < n; i++) {
    kfix_real *row = c + (ldc == KFIX_PACKED ? KFIX_TRIANGLE(i) : i * ldc);
    for (size_t j = 0; j <= i; j++) row[j] = 0;
  }
}

kfix_status kfix_products_syrk(const kfix_tile *tile, const kfix_device *d, kfix_op op, size_t n,
                               size_t k, kfix_real alpha, const kfix_real *a, size_t lda,
                               kfix_real beta, kfix_real *c, size_t ldc) {
  const kfix_layout layout = op == KFIX_N ? KFIX_ACROSS : KFIX_ALONG;
  const kfix_product t = {
      .tile = tile,
      .left = {.layout = layout, .x = a, .ld = lda, .scale = alpha},
      .right = {.layout = layout, .x = a, .ld = lda, .scale = 1},
      .k = k,
      .from_zero = beta == 0,
      .lower = 1,
      .c = c,
      .ldc = ldc,
  };
  bands b = {&t, kfix_products_slots(tile, d), n, 1};
  if (b.slots.count == 0 || op == KFIX_S || (beta != 0 && beta != 1)) return KFIX_PORT;
  if (k == 0 && t.from_zero) zero_lower(n, c, ldc);
  if (n == 0 || k == 0) return KFIX_OK;
  b.count = bands_for(b.slots.count, n, k);
  if (b.count == 1)
    band_task(&b, 0);
  else
    d->crew->run(d->crew, band_task, &b, b.count);
  return KFIX_OK;
}
