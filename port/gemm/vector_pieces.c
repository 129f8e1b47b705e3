/* SPDX-License-Identifier: Apache-2.0
 * A tile of 6 rows of up to 2 vectors, which fill the 16 registers of AVX2. In a file of its own: inlined among
 * other loops, compilers keep some of the sums in memory. */
#include "port/gemm/vector_pieces.h"

#include "core/arithmetic.h"
#include "port/gemm/instructions.h"
#include "port/gemm/vector_tile.h"

/* The compiler's options for the instructions looked for at run time. */
#include "port/gemm/target_begin.h"
#include "port/gemm/vector.h"

#define EACH_ROW(X) X(0) X(1) X(2) X(3) X(4) X(5)
#define ROWS        KFIX_PIECE_ROWS
#include "port/gemm/pieces_tile.h"

void kfix_vector_pieces(const kfix_pieces *a, const kfix_real *b, const kfix_target *c) {
  kfix_pieces_sum(a, b, c);
}

#include "port/gemm/target_end.h"
