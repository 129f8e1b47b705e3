/* SPDX-License-Identifier: Apache-2.0
 * Products of rows that lie in pieces, here and there, and a packed panel. */
#ifndef KFIX_PRODUCTS_VECTOR_PIECES_H
#define KFIX_PRODUCTS_VECTOR_PIECES_H

#include "port/port.h"

/* Rows of the tiles: of vectors, and of any. */
#define KFIX_PIECE_ROWS     6
#define KFIX_PIECE_ROWS_MAX 12

/* Rows in pieces: `count[p]` elements of each row l, side by side from row[p rows + l] on, one piece after another;
 * rows: of the tile. */
typedef struct kfix_pieces {
  size_t pieces;
  const size_t *count;
  const kfix_real *const *row;
} kfix_pieces;

/* What becomes of the sums: the first n columns of the first m rows. */
typedef struct kfix_target {
  kfix_real *row[KFIX_PIECE_ROWS_MAX];
  size_t m, n;
  int from_zero;
} kfix_target;

/* As kfix_vector_pieces; of an instruction set that a port has, KFIX_PIECE_ROWS_MAX rows. */
typedef void kfix_sum_pieces(const kfix_pieces *a, const kfix_real *b, const kfix_target *c);

/* row i of c, i < KFIX_PIECE_ROWS: c[j] = (from_zero ? 0 : c[j]) + sum_p a[i][p] b[p KFIX_VECTOR_COLS + j], j < n <=
 * KFIX_VECTOR_COLS, KFIX_KC terms at most. The sum is port.h's: fma from zero, p ascending. Nothing else is
 * written. */
void kfix_vector_pieces(const kfix_pieces *a, const kfix_real *b, const kfix_target *c);

#endif
