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

static kfix_status blis_gemm(const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n,
                             size_t k, kfix_real alpha, const kfix_real *a, size_t lda,
                             const kfix_real *b, size_t ldb, kfix_real beta, kfix_real *c,
                             size_t ldc) {
  return kfix_products_gemm(kfix_blis_tile(), d, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta,
                            c, ldc);
}

static kfix_status blis_syrk(const kfix_device *d, kfix_op op, size_t n, size_t k, kfix_real alpha,
                             const kfix_real *a, size_t lda, kfix_real beta, kfix_real *c,
                             size_t ldc) {
  return kfix_products_syrk(kfix_blis_tile(), d, op, n, k, alpha, a, lda, beta, c, ldc);
}

const kfix_port kfix_port_blis = {
    .name = "blis",
    .available = available,
    .scratch_bytes = scratch_bytes,
    .gemm = blis_gemm,
    .syrk = blis_syrk,
    KFIX_CPU_TABLE,
};
