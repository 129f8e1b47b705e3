/* SPDX-License-Identifier: Apache-2.0
 * The table of the vector port. */
#include "port/simd/simd.h"

#include "port/gemm/vector_kernels.h"
#include "port/simd/simd_kernel.h"

static kfix_status available(void) {
  if (!kfix_has_vectors()) return KFIX_PORT;
  return kfix_cpu_compiled_as_written() ? kfix_products_check(&kfix_simd_tile) : KFIX_PORT_ROUNDING;
}

static size_t scratch_bytes(size_t parameters, size_t chunk, unsigned threads, size_t widest) {
  return KFIX_PORT_SCRATCH_simd(parameters, chunk, threads, widest);
}

#define KFIX_CPU_TILE &kfix_simd_tile
#include "port/gemm/products_kernels.h"

const kfix_port kfix_port_simd = {
    .name = "simd",
    .is_host = 1,
    .available = available,
    .scratch_bytes = scratch_bytes,
#define KFIX_KERNEL(name, ...) .name = kfix_cpu_##name,
#include KFIX_KERNEL_LIST
    .eigen = KFIX_CPU_EIGEN_KERNELS,
};
