/* SPDX-License-Identifier: Apache-2.0
 * Block sizes of the products, and the packing space they need. They change speed, never bits. */
#ifndef KFIX_SIMD_BLOCKING_H
#define KFIX_SIMD_BLOCKING_H

#include "port/port.h"

/* The micro-kernel's tile of C: 6 rows, 64 bytes of each. */
#define KFIX_SIMD_MR 6
#define KFIX_SIMD_NR (64 / KFIX_REAL_BYTES)

/* Rows of A and columns of B that are packed at a time; multiples of MR and NR. At KFIX_KC deep,
 * A's block stays in the second-level cache, B's panel of NR columns in the first. */
#define KFIX_SIMD_MC (576 / KFIX_REAL_BYTES)
#define KFIX_SIMD_NC (3456 / KFIX_REAL_BYTES)

/* Packing may write a little past the last panel. */
#define KFIX_SIMD_SLACK 64

/* Bytes for one thread. */
#define KFIX_SIMD_A_BYTES \
  ((size_t)KFIX_SIMD_MC * KFIX_KC * KFIX_REAL_BYTES + (size_t)KFIX_SIMD_SLACK)
#define KFIX_SIMD_SLOT_BYTES \
  (KFIX_SIMD_A_BYTES + (size_t)KFIX_SIMD_NC * KFIX_KC * KFIX_REAL_BYTES + (size_t)KFIX_SIMD_SLACK)

#endif
