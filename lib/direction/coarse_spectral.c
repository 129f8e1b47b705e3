/* SPDX-License-Identifier: Apache-2.0
 * The spectral coarse space [2L 3.25 to 3.28]: V_i = v_G v_A^T, the eigenvectors of the smallest eigenvalues
 * of the block's factors A and G; of R and S for the Kronecker-SVD methods, whose first term they are. */
#include "core/arithmetic.h"
#include "curvature/factors.h"
#include "direction/coarse.h"
#include "factor/factor.h"

/* The eigenvector of the smallest eigenvalue of a packed factor, which damping does not change. The first
 * column of all: eigenvalues ascend. */
static kfix_status smallest_vector(kfix *k, uint32_t block, size_t n, const kfix_real *factor,
                                   kfix_real *out) {
  kfix_real *values = k->buffer[KFIX_NET_SCRATCH].at[0], *vectors = values + KFIX_LD(n);
  const kfix_eigen_job job = {n, factor, values, vectors};
  size_t failed = 0, info = 0;
  const kfix_status status =
      kfix_factor_eigens(&k->device, 1, &job, vectors + KFIX_LD(n * n), &failed, &info);
  KFIX_TRY(kfix_blame(k, block, info, status));
  KFIX_RUN(k, copy, n, 1, vectors, n, out, 1);
  return KFIX_OK;
}

kfix_status kfix_spectral_refresh(kfix *k) {
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    KFIX_TRY(smallest_vector(k, i, b->cols, kfix_latest(k, &b->own[KFIX_FACTOR_A]),
                             kfix_spare(k, &b->along[KFIX_SPECTRAL_A])));
    KFIX_TRY(smallest_vector(k, i, b->out, kfix_latest(k, &b->own[KFIX_FACTOR_G]),
                             kfix_spare(k, &b->along[KFIX_SPECTRAL_G])));
  }
  return KFIX_OK;
}

kfix_status kfix_spectral_column(kfix *k) {
  kfix_real *v = kfix_coarse_column(k, 0);
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    KFIX_RUN(k, gemm, KFIX_T, KFIX_N, b->out, b->cols, 1, 1,
             kfix_latest(k, &b->along[KFIX_SPECTRAL_G]), b->out,
             kfix_latest(k, &b->along[KFIX_SPECTRAL_A]), b->cols, 0, v + b->w, b->cols);
    KFIX_TRY(kfix_clear_padding(k, b, v));
  }
  return KFIX_OK;
}
