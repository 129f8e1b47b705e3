/* SPDX-License-Identifier: Apache-2.0
 * Results, as JSON lines or as a table for people. */
#ifndef KFIX_TOOLS_BENCH_PRINT_H
#define KFIX_TOOLS_BENCH_PRINT_H

#include "bench_machine.h"
#include "bench_times.h"

void bench_print_machine(const bench_options *o, double peak);
void bench_print_kernels(const bench_options *o, const bench_kernel_times *times, double peak);
void bench_print_steps_head(const bench_options *o);
/* The first row is what the others are compared with. */
void bench_print_updates(const bench_options *o, const bench_update_times *times, int count,
                         double peak);
void bench_print_method(const bench_options *o, const bench_method_times *times, double peak);
/* What the columns mean, and whether the machine had other work; a table's last lines. */
void bench_print_foot(const bench_options *o, const bench_peak *peak);

/* The same as JSON, one line each (bench_json.c). */
void bench_json_machine(const bench_options *o, double peak);
void bench_json_kernels(const bench_options *o, const bench_kernel_times *times, double peak);
void bench_json_updates(const bench_options *o, const bench_update_times *times, int count,
                        double peak);
void bench_json_method(const bench_options *o, const bench_method_times *times, double peak);

/* Flops of products and factorizations in all steps. */
double bench_method_flops(const bench_method_times *times);

#endif
