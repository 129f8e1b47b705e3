/* SPDX-License-Identifier: Apache-2.0
 * Vector instructions: the compiler's own headers, for use before target_begin.h, and whether this
 * processor can run what target_begin.h asks the compiler for. */
#ifndef KFIX_PRODUCTS_INSTRUCTIONS_H
#define KFIX_PRODUCTS_INSTRUCTIONS_H

#include "core/elementary.h"
#include "port/port.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

static inline int kfix_has_vectors(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 1;
#endif
}

#endif
