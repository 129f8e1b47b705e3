/* SPDX-License-Identifier: Apache-2.0
 * One update of the statistics, method by method: all layers of the network, the examples at hand,
 * without forward and backward pass and without what a refresh makes of it. */
#ifndef KFIX_TOOLS_BENCH_UPDATE_H
#define KFIX_TOOLS_BENCH_UPDATE_H

#include "bench_machine.h"

/* Times what the options name and prints it. 0 or -1. */
int bench_update_run(const bench_options *o, const bench_peak *peak, tool_error *err);

#endif
