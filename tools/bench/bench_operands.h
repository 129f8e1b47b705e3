/* SPDX-License-Identifier: Apache-2.0
 * Numbers for a case to compute on. */
#ifndef KFIX_TOOLS_BENCH_OPERANDS_H
#define KFIX_TOOLS_BENCH_OPERANDS_H

#include "bench_case.h"

/* 0, or -1 without memory. Release with bench_operands_free, also after failure. */
int bench_operands_make(const bench_case *c, bench_operands *out);
void bench_operands_free(bench_operands *o);
/* a = start, where the case has one. */
void bench_operands_restore(const bench_operands *o);

#endif
