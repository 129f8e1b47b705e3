/* SPDX-License-Identifier: Apache-2.0
 * `deep` windows at a time: gradients of all channels are packed, then patches panel by panel, which stays in the
 * first-level cache while the channels go by. */
#include "port/gemm/products_weights.h"

#include "core/arithmetic.h"
#include "port/gemm/gather_windows.h"
#include "port/gemm/products_part.h"

typedef struct stage {
  kfix_span rows, depth;
  kfix_real *a, *b;
} stage;

/* All rows of the columns from j on, n of them. */
static void multiply(const kfix_product *t, const stage *s, size_t j, size_t n) {
  const size_t k = s->depth.end - s->depth.begin;
  const int from_zero = t->from_zero && s->depth.begin == 0;
  for (size_t i = s->rows.begin; i < s->rows.end; i += t->tile->rows) {
    const kfix_strided a = {s->a + (i - s->rows.begin) * k, 1, t->tile->rows};
    const kfix_rows c = {t->c + i * t->ldc + j, t->ldc, 0};
    kfix_products_part(t->tile, kfix_smaller(t->tile->rows, s->rows.end - i), n, k, &a, s->b,
                       from_zero, &c);
  }
}

static void each_panel(const kfix_product *t, const stage *s, kfix_span cols) {
  for (size_t j = cols.begin; j < cols.end; j += t->tile->cols) {
    kfix_gather_windows(t->right.gather, t->tile->cols, (kfix_span){j, cols.end}, s->depth, s->b);
    multiply(t, s, j, kfix_smaller(t->tile->cols, cols.end - j));
  }
}

/* Lanes of the gradient that fit into the slot before a panel of patches, in whole panels. */
static size_t room_for_rows(const kfix_tile *tile, size_t bytes, size_t deep) {
  const size_t lanes = (bytes - KFIX_PRODUCTS_SLACK) / KFIX_REAL_BYTES / deep - tile->cols;
  const size_t panels = lanes / tile->rows;
  return tile->rows * (panels > 1 ? panels - 1 : 1);
}

/* Packing writes past the last panel: the patches come behind, and later. */
void kfix_products_weights(const kfix_product *t, const kfix_area *area) {
  const size_t room = room_for_rows(t->tile, area->bytes, t->deep);
  stage s = {.a = area->slot};
  s.b = s.a + KFIX_ROUND_UP(room * t->deep, (size_t)KFIX_ALIGN / KFIX_REAL_BYTES);
  for (size_t i = area->rows.begin; i < area->rows.end; i += room) {
    s.rows = (kfix_span){i, kfix_smaller(i + room, area->rows.end)};
    for (size_t p = 0; p < t->k; p += t->deep) {
      s.depth = (kfix_span){p, kfix_smaller(p + t->deep, t->k)};
      kfix_products_pack(&t->left, t->tile->rows, s.rows, s.depth, s.a);
      each_panel(t, &s, area->cols);
    }
  }
}
