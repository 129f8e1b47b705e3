/* SPDX-License-Identifier: Apache-2.0
 * The BLIS port: products by the micro-kernels of BLIS (Van Zee and van de Geijn 2015), AVX2 or
 * AVX-512, linked by name from its static library; loops, packing and all other kernels are kfix's
 * own. BLIS's framework is never entered: no initialisation, no context, no allocation, no
 * environment variable. The bits are those of the reference port. */
#ifndef KFIX_PORT_BLIS_H
#define KFIX_PORT_BLIS_H

#include "../gemm/products_blocking.h"

/* Bytes of scratch: packing space for the widest layer, at most 1 MiB per thread. */
#define KFIX_PORT_SCRATCH_blis(parameters, chunk, threads, widest) \
  KFIX_PRODUCTS_SCRATCH(KFIX_BLIS_LANES, parameters, chunk, threads, widest)
#define KFIX_BLIS_LANES \
  (14 + 128 / KFIX_REAL_BYTES) /* of the micro-kernel: rows and columns, at most */

#define KFIX_PORT_DEVICE_blis             0 /* computes in host memory */
#define KFIX_PORT_HOST_blis(widest, rows) ((size_t)0)

#ifdef __cplusplus
extern "C" {
#endif

extern const kfix_port kfix_port_blis;

#ifdef __cplusplus
}
#endif

#endif
