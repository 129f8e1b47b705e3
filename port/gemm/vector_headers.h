/* SPDX-License-Identifier: Apache-2.0
 * The compiler's own headers of vector instructions, for use before target_begin.h. */
#ifndef KFIX_PRODUCTS_VECTOR_HEADERS_H
#define KFIX_PRODUCTS_VECTOR_HEADERS_H

#include "core/elementary.h"
#include "port/port.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#endif
