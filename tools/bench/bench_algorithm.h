/* SPDX-License-Identifier: Apache-2.0
 * The power SVD word for word [KPSVD B.1, Algorithm 1]: what the library's ways are measured by. */
#ifndef KFIX_TOOLS_BENCH_ALGORITHM_H
#define KFIX_TOOLS_BENCH_ALGORITHM_H

#include "factor/kron_power.h"
#include "fisher_lab/block_rows.h"

/* sigma, u and v of the rearranged block of a layer's examples; u and v are full matrices of length
 * 1, in x in and out x out. */
typedef struct bench_triple {
  double sigma;
  kfix_real *u, *v;
  unsigned iterations;
} bench_triple;

/* From a random v; until |Z v - sigma u| <= KFIX_KRON_TOLERANCE sigma, or KFIX_KRON_POWER_MAX
 * iterations. scratch: BENCH_ALGORITHM_REALS. cost: an iteration has three products, each of 2 rows
 * (in^2 + out^2). */
#define BENCH_ALGORITHM_REALS(f) \
  ((f)->in * (f)->in + (f)->rows * KFIX_KRON_WIDER((f)->in, (f)->out) + (f)->rows)
kfix_status bench_algorithm1(const kfix_device *d, const block_rows *f, bench_triple *t,
                             kfix_real *scratch);

#endif
