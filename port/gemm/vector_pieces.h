/* SPDX-License-Identifier: Apache-2.0
 * Products of rows that lie in pieces, here and there, and a packed panel. */
#ifndef KFIX_PRODUCTS_VECTOR_PIECES_H
#define KFIX_PRODUCTS_VECTOR_PIECES_H

#include "port/port.h"

#define KFIX_PIECE_ROWS 6

/* `count` elements of each row, side by side. */
typedef struct kfix_piece {
  size_t count;
  const kfix_real *row[KFIX_PIECE_ROWS];
} kfix_piece;

/* What becomes of the sums: the first n columns of the first m rows. */
typedef struct kfix_target {
  kfix_real *row[KFIX_PIECE_ROWS];
  size_t m, n;
  int from_zero;
} kfix_target;

/* As kfix_vector_pieces; of an instruction set that a port has. */
typedef void kfix_sum_pieces(const kfix_piece *pieces, size_t count, const kfix_real *b,
                             const kfix_target *c);

/* row i of c: c[j] = (from_zero ? 0 : c[j]) + sum_p a[i][p] b[p KFIX_VECTOR_COLS + j], j < n <= KFIX_VECTOR_COLS,
 * a[i] the row i of one piece after another, KFIX_KC elements at most. The sum is port.h's: fma from zero, p
 * ascending. Nothing else is written. */
void kfix_vector_pieces(const kfix_piece *pieces, size_t count, const kfix_real *b,
                        const kfix_target *c);

#endif
