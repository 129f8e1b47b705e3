/* SPDX-License-Identifier: Apache-2.0
 * The table of the reference port. */
#include "port/ref/ref.h"

#include "core/arithmetic.h"
#include "port/ref/ref_tasks.h"

#include "port/bodies/images.h"
#include "port/bodies/images_back.h"
#include "port/bodies/table.h"

const kfix_port kfix_port_ref = {
    .name = "ref",
    .is_host = 1,
    .available = available,
    .scratch_bytes = scratch_bytes,
#define KFIX_KERNEL(name, ...) .name = kfix_cpu_##name,
#include KFIX_KERNEL_LIST
    .eigen = KFIX_CPU_EIGEN_KERNELS,
};
