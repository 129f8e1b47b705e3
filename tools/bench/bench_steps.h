/* SPDX-License-Identifier: Apache-2.0
 * Whole steps of each method, in turn with steps of SGD. */
#ifndef KFIX_TOOLS_BENCH_STEPS_H
#define KFIX_TOOLS_BENCH_STEPS_H

#include "bench_machine.h"

/* Times what the options name and prints it. 0 or -1. */
int bench_steps_run(const bench_options *o, bench_peak *peak, tool_error *err);

#endif
