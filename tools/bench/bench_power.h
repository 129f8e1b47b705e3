/* SPDX-License-Identifier: Apache-2.0
 * The papers' power SVD beside the library's kpsvd and deflation. */
#ifndef KFIX_TOOLS_BENCH_POWER_H
#define KFIX_TOOLS_BENCH_POWER_H

#include "bench_times.h"
#include "fisher_lab/block_lab.h"

/* The library's cross-check (factor/kron_power.h), or one term as the paper writes it. */
typedef enum bench_power_way { BENCH_POWER, BENCH_POWER_AS_WRITTEN } bench_power_way;

/* Adds one layer: its time, flops and iterations for as many terms as the lab's method has, and how
 * far the two are apart. The lab has taken in the same examples and nothing else. */
int bench_power_layer(const bench_options *o, bench_power_way way, kfix_crew *crew,
                      const block_rows *f, block_lab *lab, bench_update_times *times,
                      tool_error *err);

#endif
