/* SPDX-License-Identifier: Apache-2.0
 * Packing space of the products. How much there is changes speed, never bits. */
#ifndef KFIX_PRODUCTS_BLOCKING_H
#define KFIX_PRODUCTS_BLOCKING_H

#include "../port.h"

/* Lanes (rows of A, columns of B) that are packed at a time, KFIX_KC deep. A's block stays in the
 * second-level cache, a panel of B in the first. */
#define KFIX_PRODUCTS_ROWS ((size_t)(576 / KFIX_REAL_BYTES))
#define KFIX_PRODUCTS_COLS ((size_t)(3456 / KFIX_REAL_BYTES))

/* Behind both operands: packing writes, and micro-kernels read, a little past the last panel. */
#define KFIX_PRODUCTS_SLACK ((size_t)128)

/* Bytes for one thread: with all lanes; with one panel of each operand of a micro-kernel of `lanes`
 * rows and columns; and what a net whose widest factor has `widest` rows has use for: two
 * operands of that size. */
#define KFIX_PRODUCTS_SLOT(reals)  ((size_t)(reals)*KFIX_REAL_BYTES + KFIX_PRODUCTS_SLACK)
#define KFIX_PRODUCTS_MOST         KFIX_PRODUCTS_SLOT((KFIX_PRODUCTS_ROWS + KFIX_PRODUCTS_COLS) * KFIX_KC)
#define KFIX_PRODUCTS_LEAST(lanes) KFIX_PRODUCTS_SLOT((size_t)(lanes)*KFIX_KC)
#define KFIX_PRODUCTS_USE(widest)                                      \
  KFIX_PRODUCTS_SLOT(2 * KFIX_ROUND_UP((size_t)(widest), (size_t)32) * \
                     KFIX_PRODUCTS_SMALLER((size_t)(widest), (size_t)KFIX_KC))
#define KFIX_PRODUCTS_LARGER(a, b)  ((a) > (b) ? (a) : (b))
#define KFIX_PRODUCTS_SMALLER(a, b) ((a) < (b) ? (a) : (b))
#define KFIX_PRODUCTS_SLOT_BYTES(lanes, widest)                                              \
  KFIX_PRODUCTS_SMALLER(KFIX_PRODUCTS_MOST, KFIX_PRODUCTS_LARGER(KFIX_PRODUCTS_LEAST(lanes), \
                                                                 KFIX_PRODUCTS_USE(widest)))

/* Bytes of scratch of a port that computes its products here; partial results of reductions take
 * turns with the packing space. */
#define KFIX_PRODUCTS_SCRATCH(lanes, parameters, chunk, threads, widest) \
  KFIX_PRODUCTS_LARGER(KFIX_PRODUCTS_SUM_BYTES(parameters, chunk),       \
                       (size_t)(threads)*KFIX_PRODUCTS_SLOT_BYTES(lanes, widest))
#define KFIX_PRODUCTS_SUM_BYTES(parameters, chunk) \
  KFIX_ROUND_UP(KFIX_SUM_SCRATCH(parameters, chunk) * sizeof(double), (size_t)KFIX_ALIGN)

#endif
