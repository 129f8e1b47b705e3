/* SPDX-License-Identifier: Apache-2.0
 * Kernels against each other: every port that is asked for and a BLAS, each in its own process. */
#ifndef KFIX_TOOLS_BENCH_KERNELS_H
#define KFIX_TOOLS_BENCH_KERNELS_H

#include "bench_machine.h"

/* Times all cases and prints them as the options say. 0 or -1. */
int bench_kernels_run(const bench_options *o, bench_peak *peak, tool_error *err);

#endif
