/* SPDX-License-Identifier: Apache-2.0
 * Functions of a shared library that is named at run time. A program that was linked statically has
 * none: its C library may not be that of the system. */
#ifndef KFIX_TOOLS_BENCH_LIBRARY_H
#define KFIX_TOOLS_BENCH_LIBRARY_H

#include <stddef.h>

#include "files/tool_error.h"

/* NULL: *err says why. */
void *bench_library_open(const char *path, tool_error *err);

/* Writes the address of the function to the pointer `function` of `bytes` bytes. 0 or -1. */
int bench_library_find(void *library, const char *name, void *function, size_t bytes,
                       tool_error *err);

#endif
