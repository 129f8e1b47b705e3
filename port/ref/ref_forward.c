/* SPDX-License-Identifier: Apache-2.0
 * The table of the reference port for predictors. */
#include "core/arithmetic.h"
#include "port/ref/ref.h"
#include "port/ref/ref_tasks.h"

#include "port/bodies/forward.h"

const kfix_port kfix_port_ref_forward = {
    .name = "ref",
    .available = available,
    .scratch_bytes = scratch_bytes,
    .gemm = kfix_ref_gemm,
    KFIX_CPU_FORWARD_TABLE,
};
