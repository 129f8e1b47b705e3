/* SPDX-License-Identifier: Apache-2.0
 * The reference port: every kernel of port.h in plain C, on one thread, to the letter. The other
 * CPU ports are tested against its bits. */
#ifndef KFIX_PORT_REF_H
#define KFIX_PORT_REF_H

#include "../port.h"

/* Bytes of scratch: partial results of reductions. threads changes nothing. */
#define KFIX_PORT_SCRATCH_ref(parameters, chunk, threads, widest) \
  KFIX_ROUND_UP(KFIX_SUM_SCRATCH(parameters, chunk) * sizeof(double), (size_t)KFIX_ALIGN)

#define KFIX_PORT_DEVICE_ref             0 /* computes in host memory */
#define KFIX_PORT_HOST_ref(widest, rows) ((size_t)0)

#ifdef __cplusplus
extern "C" {
#endif

extern const kfix_port kfix_port_ref;

/* The same port with the kernels of a predictor alone: a program that does nothing else links no
 * others. kfix_create refuses it. */
extern const kfix_port kfix_port_ref_forward;

#ifdef __cplusplus
}
#endif

#endif
