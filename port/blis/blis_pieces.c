/* SPDX-License-Identifier: Apache-2.0
 * Sums over pieces for AVX-512: 12 rows, so that those of one vector are enough to hide what a fused multiply-add
 * takes. */
#include "core/arithmetic.h"
#include "port/blis/blis_kernels.h"
#include "port/gemm/instructions.h"
#include "port/gemm/vector_tile.h"

#include "port/blis/target_512_begin.h"

#include "port/blis/vector_x86_512.h"
#define EACH_ROW(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define ROWS        KFIX_PIECE_ROWS_MAX
#include "port/gemm/pieces_tile.h"

void kfix_blis_pieces(const kfix_pieces *a, const kfix_real *b, const kfix_target *c) {
  kfix_pieces_sum(a, b, c);
}

#include "port/blis/target_512_end.h"
