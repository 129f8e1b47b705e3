/* SPDX-License-Identifier: Apache-2.0
 * A port around a port: it forwards every kernel and counts calls, flops, bytes and time by kind of
 * kernel. So the flops of a step are counted where they are done, whatever the method. */
#ifndef KFIX_TOOLS_BENCH_COUNTER_H
#define KFIX_TOOLS_BENCH_COUNTER_H

#include <stdint.h>

#include "port/port.h"

typedef enum bench_kind {
#define BENCH_KIND(name) BENCH_KIND_##name,
#include "bench_kinds.h"
  BENCH_KIND_COUNT
} bench_kind;

typedef struct bench_count {
  uint64_t calls;
  double seconds;
  double flops; /* of products and factorizations: what port/kernels.h says, spd_inverse n^3,
                   spd_whiten 2 n^3 / 3; 0 for the others */
  double bytes; /* of the operands that are not products', each read or written once */
} bench_count;

const char *bench_kind_name(bench_kind kind);

/* The port that counts what `base` does. One at a time. waits: each kernel of a device is waited
 * for, so that its time is known; else only what is waited for anyway has any. */
const kfix_port *bench_counter(const kfix_port *base, int waits);

/* What was counted since the last bench_counts_clear; the fetch adds its own. */
extern bench_count bench_counts[BENCH_KIND_COUNT];
void bench_counts_clear(void);
void bench_counts_add(bench_kind kind, double flops, double bytes, double seconds);

#endif
