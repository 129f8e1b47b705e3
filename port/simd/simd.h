/* SPDX-License-Identifier: Apache-2.0
 * The vector port: products by a blocked driver on a micro-kernel of vector instructions, the other
 * kernels vectorised by the compiler, all spread over the caller's threads. AVX2 and FMA on x86-64
 * (looked for at run time), NEON on AArch64. The bits are those of the reference port. */
#ifndef KFIX_PORT_SIMD_H
#define KFIX_PORT_SIMD_H

#include "port/simd/simd_blocking.h"

/* Bytes of scratch: packing space per thread; partial results of reductions take turns with it. */
#define KFIX_PORT_SCRATCH_simd(parameters, chunk, threads)                   \
  (KFIX_SIMD_SUM_BYTES(parameters, chunk) > KFIX_SIMD_PACKING_BYTES(threads) \
       ? KFIX_SIMD_SUM_BYTES(parameters, chunk)                              \
       : KFIX_SIMD_PACKING_BYTES(threads))
#define KFIX_SIMD_PACKING_BYTES(threads) ((size_t)(threads)*KFIX_SIMD_SLOT_BYTES)
#define KFIX_SIMD_SUM_BYTES(parameters, chunk) \
  KFIX_ROUND_UP(KFIX_SUM_SCRATCH(parameters, chunk) * sizeof(double), (size_t)KFIX_ALIGN)

#define KFIX_PORT_DEVICE_simd 0 /* computes in host memory */

extern const kfix_port kfix_port_simd;

#endif
