/* SPDX-License-Identifier: Apache-2.0 */
/* Template: What the tables of the vector ports begin with: the kernels that are not products, for the
 * instructions that any machine of these ports has. */
#ifndef KFIX_PRODUCTS_VECTOR_KERNELS_H
#define KFIX_PRODUCTS_VECTOR_KERNELS_H

#include <string.h>

#include "core/arithmetic.h"
#include "core/random.h"
#include "port/bodies/crew_tasks.h"
#include "port/gemm/instructions.h"

#include "port/gemm/target_begin.h"

#include "port/bodies/depthwise_back.h"
#include "port/bodies/normalisation_back.h"
#include "port/bodies/patches.h"
#include "port/bodies/pools.h"
#include "port/bodies/pools_back.h"
#include "port/bodies/table.h"

/* Whether these kernels were compiled as they are written. */
static int kfix_cpu_compiled_as_written(void) {
  return kfix_compiled_as_written();
}

#include "port/gemm/target_end.h"

#endif
