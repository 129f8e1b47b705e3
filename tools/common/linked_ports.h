/* SPDX-License-Identifier: Apache-2.0
 * The ports that every program links, the one to take first: last. */
#ifndef KFIX_TOOLS_LINKED_PORTS_H
#define KFIX_TOOLS_LINKED_PORTS_H

#include "port/blis/blis.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

/* P(argument, name): kfix_port_NAME, with KFIX_PORT_SCRATCH_NAME. LINKED_PORT_ABSENT: a port that
 * is not here, and how to get it. */
#ifdef KFIX_WITH_BLIS
#define LINKED_PORT_LIST(P, argument) \
  P(argument, ref)                    \
  P(argument, blis)                   \
  P(argument, simd)
#define LINKED_PORT_ABSENT NULL
#else
#define LINKED_PORT_LIST(P, argument) \
  P(argument, ref)                    \
  P(argument, simd)
#define LINKED_PORT_ABSENT \
  "blis: not in this build; install libblis-serial-dev (Debian), then make again"
#endif

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
