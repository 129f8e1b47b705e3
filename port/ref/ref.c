/* SPDX-License-Identifier: Apache-2.0
 * The table of the reference port. */
#include "port/ref/ref.h"

#include "core/arithmetic.h"
#include "port/ref/ref_tasks.h"

#include "port/bodies/table.h"

const kfix_port kfix_port_ref = {
    .name = "ref",
    .available = available,
    .scratch_bytes = scratch_bytes,
    .gemm = kfix_ref_gemm,
    .syrk = kfix_ref_syrk,
    KFIX_CPU_TABLE,
};
