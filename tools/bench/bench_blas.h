/* SPDX-License-Identifier: Apache-2.0
 * The same kernels from a BLAS and LAPACK of the system, loaded when asked for: OpenBLAS, MKL,
 * anything with cblas_ and LAPACK's own names in one shared library. */
#ifndef KFIX_TOOLS_BENCH_BLAS_H
#define KFIX_TOOLS_BENCH_BLAS_H

#include "bench_case.h"
#include "files/tool_error.h"

/* Loads the library, set to so many threads. -1: it is not there, or lacks a function. */
int bench_blas_open(const char *path, unsigned threads, tool_error *err);

/* The case on its operands, once. 0, or -1 if the library reports an error. */
int bench_blas_run(const bench_case *c, const bench_operands *o);

#endif
