/* SPDX-License-Identifier: Apache-2.0
 * The vector port: products by a blocked driver on a micro-kernel of vector instructions, the other
 * kernels vectorised by the compiler, all spread over the caller's threads. AVX2 and FMA on x86-64
 * (looked for at run time), NEON on AArch64. The bits are those of the reference port. */
#ifndef KFIX_PORT_SIMD_H
#define KFIX_PORT_SIMD_H

#include "../gemm/products_blocking.h"

/* Bytes of scratch: packing space for the widest layer, at most 1 MiB per thread. */
#define KFIX_PORT_SCRATCH_simd(parameters, chunk, threads, widest) \
  KFIX_PRODUCTS_SCRATCH(KFIX_SIMD_LANES, parameters, chunk, threads, widest)
#define KFIX_SIMD_LANES (6 + 64 / KFIX_REAL_BYTES) /* of the micro-kernel: rows and columns */

#define KFIX_PORT_DEVICE_simd             0 /* computes in host memory */
#define KFIX_PORT_HOST_simd(widest, rows) ((size_t)0)

#ifdef __cplusplus
extern "C" {
#endif

extern const kfix_port kfix_port_simd;

#ifdef __cplusplus
}
#endif

#endif
