/* SPDX-License-Identifier: Apache-2.0 */
/* Template: What both tables of the reference port begin with: products, one thread, and the first
 * checks. */
#ifndef KFIX_PORT_REF_TASKS_H
#define KFIX_PORT_REF_TASKS_H

#include "port/bodies/rounding.h"
#include "port/ref/ref_product.h"

#define kfix_cpu_gemm kfix_ref_gemm
#define kfix_cpu_syrk kfix_ref_syrk

static unsigned kfix_cpu_tasks(const kfix_device *d, size_t items, size_t cost) {
  (void)d, (void)items, (void)cost;
  return 1;
}

static kfix_status available(void) {
  static const kfix_real a[] = KFIX_ROUNDING_LEFT, b[] = KFIX_ROUNDING_RIGHT;
  kfix_real c = 1;
  KFIX_TRY(kfix_ref_gemm(NULL, KFIX_N, KFIX_N, 1, 1, KFIX_ROUNDING_DEPTH, 1, a, KFIX_ROUNDING_DEPTH,
                         b, 1, 0, &c, 1));
  return c == KFIX_ROUNDING_ANSWER ? KFIX_OK : KFIX_PORT_ROUNDING;
}

static size_t scratch_bytes(size_t parameters, size_t chunk, unsigned threads, size_t widest) {
  (void)threads, (void)widest;
  return KFIX_PORT_SCRATCH_ref(parameters, chunk, threads, widest);
}

#endif
