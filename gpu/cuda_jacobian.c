/* SPDX-License-Identifier: Apache-2.0
 * Kernels of products with the net's Jacobian: F_R u, and columns of a root of F_R. */
#include "cuda_device.h"

kfix_status kfix_cuda_fisher_times(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                   const kfix_real *z, size_t ldz, const kfix_real *u, size_t ldu,
                                   kfix_real *out, size_t ldo) {
  const kfix_element_args times = {
      KFIX_ELEMENT_BERNOULLI_TIMES, cols, {z, ldz}, {u, ldu}, 0, {out, ldo}};
  const kfix_class_times_args classes = {cols, {z, ldz}, {u, ldu}, {out, ldo}};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols == 0) return KFIX_OK;
  if (loss == KFIX_MSE) return kfix_cuda_copy(d, rows, cols, u, ldu, out, ldo);
  if (loss == KFIX_CATEGORICAL)
    KFIX_LAUNCH(d, class_times, &classes, rows);
  else
    KFIX_LAUNCH(d, element, &times, rows * cols);
  return KFIX_OK;
}

kfix_status kfix_cuda_fisher_root(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                  size_t j, const kfix_real *z, size_t ldz, kfix_real *out,
                                  size_t ldo) {
  const kfix_fisher_root_args args = {loss, cols, j, {z, ldz}, {out, ldo}};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (j < cols) KFIX_LAUNCH(d, fisher_root, &args, rows);
  return KFIX_OK;
}
