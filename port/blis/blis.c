/* SPDX-License-Identifier: Apache-2.0
 * The table of the BLIS port. */
#include "port/blis/blis.h"

#include "port/blis/blis_kernels.h"
#include "port/gemm/vector_kernels.h"

static kfix_status available(void) {
  const kfix_tile *tile = kfix_blis_tile();
  if (!kfix_has_vectors() || !tile) return KFIX_PORT;
  return kfix_cpu_compiled_as_written() ? kfix_products_check(tile) : KFIX_PORT_ROUNDING;
}

static size_t scratch_bytes(size_t parameters, size_t chunk, unsigned threads, size_t widest) {
  return KFIX_PORT_SCRATCH_blis(parameters, chunk, threads, widest);
}

#define KFIX_CPU_TILE kfix_blis_tile()
#include "port/gemm/products_kernels.h"

const kfix_port kfix_port_blis = {
    .name = "blis",
    .is_host = 1,
    .available = available,
    .scratch_bytes = scratch_bytes,
#define KFIX_KERNEL(name, ...) .name = kfix_cpu_##name,
#include KFIX_KERNEL_LIST
    .eigen = KFIX_CPU_EIGEN_KERNELS,
};
