/* SPDX-License-Identifier: Apache-2.0
 * What this machine can do: fused multiply-adds on registers alone. */
#ifndef KFIX_TOOLS_BENCH_PEAK_H
#define KFIX_TOOLS_BENCH_PEAK_H

#include "port/port.h"

/* The widest vectors of kfix_real that the loop may use here: "avx512f", "avx2", "neon" or "c". */
const char *bench_peak_vectors(void);

/* Flops per second of all threads of the crew together, each in a loop of independent fused
 * multiply-adds of those vectors; one measurement of a few milliseconds. */
double bench_peak_flops(kfix_crew *crew);

#endif
