/* SPDX-License-Identifier: Apache-2.0
 * The clock of all measurements: the wall's, or the processor time of this process, which other
 * work on the machine does not lengthen. */
#ifndef KFIX_TOOLS_BENCH_CLOCK_H
#define KFIX_TOOLS_BENCH_CLOCK_H

typedef enum bench_clock { BENCH_WALL, BENCH_CPU } bench_clock;

/* Before workers start; `threads`: by how much processor time is divided. */
void bench_clock_use(bench_clock clock, unsigned threads);
double bench_seconds(void);

#endif
