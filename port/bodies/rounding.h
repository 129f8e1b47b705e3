/* SPDX-License-Identifier: Apache-2.0
 * A known answer that tells products with fused multiply-add from products without. */
#ifndef KFIX_CPU_ROUNDING_H
#define KFIX_CPU_ROUNDING_H

#include "port/port.h"

/* -1 1 + (1 + eps)(1 - eps) = -eps^2: without fma the second product rounds to 1 and the sum is 0.
 * Left factors, right factors, answer. */
#define KFIX_ROUNDING_DEPTH 2
#define KFIX_ROUNDING_LEFT \
  { -1, 1 + (kfix_real)KFIX_REAL_EPS }
#define KFIX_ROUNDING_RIGHT \
  { 1, 1 - (kfix_real)KFIX_REAL_EPS }
#define KFIX_ROUNDING_ANSWER (-((kfix_real)KFIX_REAL_EPS * (kfix_real)KFIX_REAL_EPS))

#endif
