/* SPDX-License-Identifier: Apache-2.0
 * How the library computes: by kernels of the port that a device names. */
#ifndef KFIX_CORE_DEVICE_H
#define KFIX_CORE_DEVICE_H

#include "../../port/port.h"

/* Runs one kernel on a device, or on that of a trainer or predictor, and returns from the caller if it
 * fails. */
#define KFIX_RUN_ON(d, kernel, ...) KFIX_TRY((d)->port->kernel((d), __VA_ARGS__))
#define KFIX_RUN(k, kernel, ...)    KFIX_RUN_ON(&(k)->device, kernel, __VA_ARGS__)

#endif
