/* SPDX-License-Identifier: Apache-2.0
 * The device behind a port that computes on one. */
#ifndef KFIX_TOOLS_TOOL_DEVICE_H
#define KFIX_TOOLS_TOOL_DEVICE_H

#include "port/port.h"
#include "tool_error.h"

/* Takes the device of `port` with so many bytes of its memory and pins the host's arena; *handles
 * are for kfix_create. A port that computes in host memory: 0, and *handles is NULL. One device at a
 * time. */
int tool_device_open(const kfix_port *port, size_t bytes, void *arena, size_t arena_bytes,
                     void **handles, tool_error *err);
void tool_device_close(void *handles);
/* What failed last on the device, in words; "" where nothing did. */
const char *tool_device_trouble(const void *handles);

#endif
