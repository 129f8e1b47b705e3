/* SPDX-License-Identifier: Apache-2.0
 * The micro-kernel: one tile of C from packed panels. */
#ifndef KFIX_SIMD_KERNEL_H
#define KFIX_SIMD_KERNEL_H

#include "port/gemm/products.h"

/* 6 rows, 64 bytes of each. */
extern const kfix_tile kfix_simd_tile;

#endif
