/* SPDX-License-Identifier: Apache-2.0
 * A device on the host: the reference port on memory of its own that nobody may touch but a kernel.
 * Outside of a kernel every access to it is a fault of the page, so a library that reads or writes
 * device memory by itself does not get past its first step. */
#ifndef KFIX_TEST_REFERENCE_DEVICE_PORT_H
#define KFIX_TEST_REFERENCE_DEVICE_PORT_H

#include "port/port.h"

#define KFIX_PORT_DEVICE_device             1
#define KFIX_PORT_HOST_device(widest, rows) ((size_t)0)
#define KFIX_PORT_SCRATCH_device(parameters, chunk, threads, widest) \
  KFIX_ROUND_UP(KFIX_SUM_SCRATCH(parameters, chunk) * sizeof(double), (size_t)KFIX_ALIGN)

/* The port; `bytes` of its memory are offered from now on, at most what it has. */
const kfix_port *device_port(size_t bytes);
size_t device_memory_max(void);

#endif
