/* SPDX-License-Identifier: Apache-2.0
 * The micro-kernel: one tile of C from packed panels. */
#ifndef KFIX_SIMD_KERNEL_H
#define KFIX_SIMD_KERNEL_H

#include "port/simd/simd_blocking.h"

/* row[i][0 .. NR) = (from_zero ? 0 : row[i]) + sum_p a[p MR + i] b[p b_step + j], i < MR. The sum
 * is port.h's: fma from zero, p ascending. */
void kfix_simd_tile(size_t k, const kfix_real *a, const kfix_real *b, size_t b_step, int from_zero,
                    kfix_real *const row[KFIX_SIMD_MR]);

/* KFIX_OK if the tile rounds as port.h says, else KFIX_PORT_ROUNDING. */
kfix_status kfix_simd_check(void);

#endif
