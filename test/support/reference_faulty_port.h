/* SPDX-License-Identifier: Apache-2.0
 * The reference port with one fault: its n-th kernel call fails, or answers NaN, or writes past the
 * end of its vector. */
#ifndef KFIX_TEST_REFERENCE_FAULTY_PORT_H
#define KFIX_TEST_REFERENCE_FAULTY_PORT_H

#include "port/port.h"

typedef enum fault_kind {
  FAULT_NONE,
  FAULT_FAILS,  /* KFIX_PORT, nothing computed */
  FAULT_NAN,    /* computed, then the first element of what kernels.h says it writes is NaN */
  FAULT_OVERRUN /* computed; axpby or decay then writes past the region that ends with its vector */
} fault_kind;

/* The n-th call from now (from 1) is faulty; calls are counted anew. */
void fault_arm(fault_kind kind, long n);
/* Calls since fault_arm. */
long fault_calls(void);
/* Name of the kernel that was faulty; NULL: none yet. */
const char *fault_kernel(void);

/* Called around the work of each kernel; NULL: nothing. */
void fault_around(void (*before)(void), void (*after)(void));

extern const kfix_port faulty_port;

#endif
