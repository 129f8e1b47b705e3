/* SPDX-License-Identifier: Apache-2.0
 * What this processor can run. */
#ifndef KFIX_PRODUCTS_INSTRUCTIONS_H
#define KFIX_PRODUCTS_INSTRUCTIONS_H

/* What target_begin.h asks the compiler for. */
static inline int kfix_has_vectors(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 1;
#endif
}

#endif
