/* SPDX-License-Identifier: Apache-2.0
 * The table of the reference port for predictors. */
#include "core/arithmetic.h"
#include "port/ref/ref.h"
#include "port/ref/ref_tasks.h"

#include "port/bodies/forward.h"
#include "port/bodies/images.h"

const kfix_port kfix_port_ref_forward = {
    .name = "ref",
    .is_host = 1,
    .available = available,
    .scratch_bytes = scratch_bytes,
#define KFIX_KERNEL(name, ...)
#define KFIX_FORWARD_KERNEL(name, ...) .name = kfix_cpu_##name,
#include KFIX_KERNEL_LIST
};
