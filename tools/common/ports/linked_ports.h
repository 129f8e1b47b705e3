/* SPDX-License-Identifier: Apache-2.0
 * The ports that every program links, the one to take first: last. */
#ifndef KFIX_TOOLS_LINKED_PORTS_H
#define KFIX_TOOLS_LINKED_PORTS_H

#include "port/blis/blis.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

#ifdef KFIX_WITH_BLIS
#define LINKED_BLIS(P, argument) P(argument, blis)
#define LINKED_BLIS_ABSENT       ""
#else
#define LINKED_BLIS(P, argument)
#define LINKED_BLIS_ABSENT \
  "blis: not in this build; install libblis-serial-dev (Debian), then make again\n"
#endif
#ifdef KFIX_WITH_CUDA
#include "gpu/cuda.h"
#define LINKED_CUDA(P, argument) P(argument, cuda)
#define LINKED_CUDA_ABSENT       ""
#else
#define LINKED_CUDA(P, argument)
#define LINKED_CUDA_ABSENT "cuda: not in this build; make GPU=1 (it needs the CUDA toolkit)\n"
#endif

/* P(argument, name): kfix_port_NAME, with KFIX_PORT_SCRATCH_NAME. A port that computes on a device
 * comes first: it is taken when it is asked for. */
#define LINKED_PORT_LIST(P, argument) \
  LINKED_CUDA(P, argument)            \
  P(argument, ref)                    \
  LINKED_BLIS(P, argument)            \
  P(argument, simd)

/* Ports that are not here, and how to get them: a line "name: advice" each. */
#define LINKED_PORT_ABSENT LINKED_BLIS_ABSENT LINKED_CUDA_ABSENT

typedef enum linked_port {
#define LINKED_PORT_ENUM(argument, name) LINKED_PORT_##name,
  LINKED_PORT_LIST(LINKED_PORT_ENUM, 0)
#undef LINKED_PORT_ENUM
      LINKED_PORT_COUNT
} linked_port;

#define LINKED_PORT_ADDRESS(argument, name) &kfix_port_##name,
/* For an array of const kfix_port *, in the order of the list. */
#define LINKED_PORT_ADDRESSES \
  { LINKED_PORT_LIST(LINKED_PORT_ADDRESS, 0) }

#endif
