/* SPDX-License-Identifier: Apache-2.0
 * The device behind a port that computes on one. */
#ifndef KFIX_TOOLS_TOOL_DEVICE_H
#define KFIX_TOOLS_TOOL_DEVICE_H

#include "files/tool_error.h"
#include "port/port.h"

/* How exact float products are, in the order of kfix_cuda_precision; full is the default. */
#define TOOL_DEVICE_PRECISIONS "full|tf32|bf16x9"

/* Pieces of a step as CUDA graphs: in the order of on, off. */
#define TOOL_DEVICE_GRAPHS "on|off"

/* 0, or -1 where `precision` or `graphs` are not for this port or this build. */
int tool_device_check(const kfix_port *port, int precision, int graphs, tool_error *err);

/* Takes the device of `port` with so many bytes of its memory and pins the host's arena; *handles
 * are for kfix_create. A port that computes in host memory: 0, and *handles is NULL. One device at a
 * time. */
int tool_device_open(const kfix_port *port, int precision, size_t bytes, void *arena,
                     size_t arena_bytes, void **handles, tool_error *err);
void tool_device_close(void *handles);
/* Of a device that was taken: `graphs` of TOOL_DEVICE_GRAPHS; on at first. */
void tool_device_set_graphs(void *handles, int graphs);
/* "on", "off", or "off" and what failed. */
const char *tool_device_graphs(const void *handles);
/* Which way eigenproblems went so far, and what the host did in the device's place; "" where nothing
 * did. */
const char *tool_device_routes(const void *handles);
/* What failed last on the device, in words; "" where nothing did. */
const char *tool_device_trouble(const void *handles);
/* The device, its libraries and the precision in force, without commas: what bits may depend on. ""
 * where there is no device. */
const char *tool_device_text(const void *handles);
/* The port itself, or, for one that computes on a device, one that works on the host beside it. */
const kfix_port *tool_host_port(const kfix_port *port);

#endif
