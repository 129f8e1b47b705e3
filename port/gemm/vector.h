/* SPDX-License-Identifier: Apache-2.0 */
/* Template: A vector of 32 bytes for the micro-kernel: load, store (unaligned), splat, add and
 * fused multiply-add. For use between target_begin.h and target_end.h. */
#ifndef KFIX_PRODUCTS_VECTOR_H
#define KFIX_PRODUCTS_VECTOR_H

#if defined(__x86_64__)
#include "port/gemm/vector_x86.h"
#elif defined(__aarch64__)
#include "port/gemm/vector_neon.h"
#else
#include "port/gemm/vector_any.h"
#endif

#define KFIX_VEC_LANES (32 / KFIX_REAL_BYTES)

#endif
