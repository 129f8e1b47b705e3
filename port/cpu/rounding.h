/* SPDX-License-Identifier: Apache-2.0
 * A known answer that tells products with fused multiply-add from products without. */
#ifndef KFIX_CPU_ROUNDING_H
#define KFIX_CPU_ROUNDING_H

#include "port/port.h"

/* (1 + eps)(1 - eps) - 1 = -eps^2: without fma the product rounds to 1 and the sum is 0. The
 * factor 1/2 shows that alpha is folded in. KFIX_PORT_ROUNDING if the product says otherwise. */
static inline kfix_status kfix_cpu_check_rounding(const kfix_port *port, void *scratch,
                                                  size_t scratch_bytes) {
  const kfix_real eps = (kfix_real)KFIX_REAL_EPS;
  const kfix_real a[2] = {-2, 2 + 2 * eps}, b[2] = {1, 1 - eps};
  const kfix_device d = {port, NULL, scratch, scratch_bytes, 1, NULL};
  kfix_real c = 7;
  KFIX_TRY(port->gemm(&d, KFIX_N, KFIX_N, 1, 1, 2, (kfix_real)0.5, a, 2, b, 1, 0, &c, 1));
  return c == -(eps * eps) ? KFIX_OK : KFIX_PORT_ROUNDING;
}

#endif
