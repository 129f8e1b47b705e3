/* SPDX-License-Identifier: Apache-2.0
 * A known answer for a micro-kernel, another power of two in every row and column. */
#include "core/arithmetic.h"
#include "port/bodies/rounding.h"
#include "port/gemm/products.h"

/* 2^i on the left and 2^-j on the right leave the rounding as it is. */
static void fill(const kfix_real *factors, size_t width, kfix_real ratio, kfix_real *panel) {
  for (size_t p = 0; p < KFIX_ROUNDING_DEPTH; p++) {
    kfix_real power = 1;
    for (size_t i = 0; i < width; i++) {
      panel[p * width + i] = factors[p] * power;
      power *= ratio;
    }
  }
}

kfix_status kfix_products_check(const kfix_tile *tile) {
  static const kfix_real left[] = KFIX_ROUNDING_LEFT, right[] = KFIX_ROUNDING_RIGHT;
  /* As much again behind the panels: what a micro-kernel may read past them. */
  _Alignas(KFIX_ALIGN) kfix_real a[2 * KFIX_ROUNDING_DEPTH * KFIX_TILE_COLS_MAX] = {0};
  _Alignas(KFIX_ALIGN) kfix_real b[2 * KFIX_ROUNDING_DEPTH * KFIX_TILE_COLS_MAX] = {0};
  _Alignas(KFIX_ALIGN) kfix_real c[KFIX_TILE_ROWS_MAX * KFIX_TILE_COLS_MAX] = {0};
  fill(left, tile->rows, 2, a);
  fill(right, tile->cols, (kfix_real)0.5, b);
  tile->compute(KFIX_ROUNDING_DEPTH, a, b, 1, c, tile->cols);
  kfix_real first = KFIX_ROUNDING_ANSWER;
  for (size_t i = 0; i < tile->rows; i++) {
    kfix_real expected = first;
    for (size_t j = 0; j < tile->cols; j++) {
      if (c[i * tile->cols + j] != expected) return KFIX_PORT_ROUNDING;
      expected *= (kfix_real)0.5;
    }
    first *= 2;
  }
  return KFIX_OK;
}
