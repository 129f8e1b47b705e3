/* SPDX-License-Identifier: Apache-2.0
 * A port around a port: it forwards every kernel and counts calls, flops, bytes and time by kind of
 * kernel. So the flops of a step are counted where they are done, whatever the method. */
#ifndef KFIX_TOOLS_BENCH_COUNTER_H
#define KFIX_TOOLS_BENCH_COUNTER_H

#include <stdint.h>

#include "port/port.h"

/* Kinds that are products or factorizations come first: their flops make the floor. */
#define BENCH_KIND_LIST(K) \
  K(gemm)                  \
  K(syrk)                  \
  K(spd_inverse)           \
  K(spd_whiten)            \
  K(symv)                  \
  K(gemv)                  \
  K(unpack)                \
  K(pack)                  \
  K(trace)                 \
  K(activate)              \
  K(differentiate)         \
  K(predict)               \
  K(sample)                \
  K(residual)              \
  K(loss)                  \
  K(fisher)                \
  K(axpby)                 \
  K(dot)                   \
  K(dots)                  \
  K(decay)                 \
  K(move)                  \
  K(nonfinite)             \
  K(adam)                  \
  K(fill)                  \
  K(copy)                  \
  K(add)                   \
  K(multiply)              \
  K(divide)                \
  K(scale_rows)            \
  K(divide_kron)           \
  K(decouple)              \
  K(upload)                \
  K(download)              \
  K(fetch)

typedef enum bench_kind {
#define BENCH_KIND_ENUM(name) BENCH_KIND_##name,
  BENCH_KIND_LIST(BENCH_KIND_ENUM)
#undef BENCH_KIND_ENUM
      BENCH_KIND_COUNT
} bench_kind;

typedef struct bench_count {
  uint64_t calls;
  double seconds;
  double flops; /* gemm 2 m n k, syrk n^2 k, symv 2 n^2, gemv 2 m n, spd_inverse n^3,
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
