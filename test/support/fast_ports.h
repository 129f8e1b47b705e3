/* SPDX-License-Identifier: Apache-2.0
 * The CPU ports beside ref that this build has. */
#ifndef KFIX_TEST_FAST_PORTS_H
#define KFIX_TEST_FAST_PORTS_H

#include "port/blis/blis.h"
#include "port/simd/simd.h"

static const kfix_port *const fast_ports[] = {
    &kfix_port_simd,
#ifdef KFIX_WITH_BLIS
    &kfix_port_blis,
#endif
};
#define FAST_PORTS (sizeof fast_ports / sizeof *fast_ports)

#endif
