/* SPDX-License-Identifier: Apache-2.0
 * A side whose port computes on a device: its memory, and the operands there. */
#ifndef KFIX_TOOLS_BENCH_DEVICE_H
#define KFIX_TOOLS_BENCH_DEVICE_H

#include "bench_case.h"
#include "files/tool_error.h"

/* Takes the device for operands up to order `largest`, symmetric ones up to `widest`; it is given back
 * when the process ends. */
int bench_device_open(kfix_device *d, const kfix_port *port, int precision, size_t widest,
                      size_t largest, tool_error *err);

/* *out: where the operands of the host go on the device; products' are there already. */
kfix_status bench_device_operands(const kfix_device *d, const bench_operands *host,
                                  bench_operands *out);

/* As bench_operands_restore, from the host. */
kfix_status bench_device_restore(const kfix_device *d, const bench_operands *host,
                                 const bench_operands *out);

/* Waits until all is computed. */
kfix_status bench_device_wait(const kfix_device *d);

#endif
