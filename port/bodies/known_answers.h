/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Whether a port's kernels were compiled as they are written. */
#ifndef KFIX_CPU_KNOWN_ANSWERS_H
#define KFIX_CPU_KNOWN_ANSWERS_H

#include "core/arithmetic.h"

static int kfix_cpu_compiled_as_written(void) {
  return kfix_compiled_as_written();
}

#endif
