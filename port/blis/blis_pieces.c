/* SPDX-License-Identifier: Apache-2.0
 * Sums over pieces for AVX-512: 12 of its 32 registers hold them, which is enough to hide what a fused
 * multiply-add takes. */
#include "core/arithmetic.h"
#include "port/blis/blis_kernels.h"
#include "port/gemm/instructions.h"
#include "port/gemm/vector_tile.h"

#include "port/blis/target_512_begin.h"

#include "port/blis/vector_x86_512.h"
#include "port/gemm/pieces_tile.h"

void kfix_blis_pieces(const kfix_piece *pieces, size_t count, const kfix_real *b,
                      const kfix_target *c) {
  kfix_pieces_sum(pieces, count, b, c);
}

#include "port/blis/target_512_end.h"
