/* SPDX-License-Identifier: Apache-2.0
 * What trainers are fed with while they are timed. One source a process. */
#ifndef KFIX_TOOLS_BENCH_DATA_H
#define KFIX_TOOLS_BENCH_DATA_H

#include "bench_options.h"

/* The data that the options name, or random numbers. */
int bench_data_open(const bench_options *o, tool_error *err);
/* The batch that is next, in force until the one after it is asked for. */
kfix_batch bench_data_next(void);

#endif
