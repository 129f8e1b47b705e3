/* SPDX-License-Identifier: Apache-2.0
 * The kernels of Kronecker sums: divisions by 1 +- s1 s2. */
#include "cuda_device.h"

static kfix_status count(const kfix_device *d, size_t rows, kfix_count_pairs_args *args,
                         double *clamped) {
  double *result = kfix_cuda_of(d)->scratch.sums;
  args->result = result;
  KFIX_LAUNCH(d, count_pairs, args, rows);
  const kfix_total_args total = {result, rows, 1, 1, 0, clamped};
  KFIX_LAUNCH(d, total, &total, 1);
  return KFIX_OK;
}

kfix_status kfix_cuda_divide_kron(const kfix_device *d, size_t rows, size_t cols,
                                  const kfix_real *v, size_t ldv, const kfix_real *s_rows,
                                  const kfix_real *s_cols, kfix_real sign, kfix_real floor,
                                  kfix_real *out, size_t ldo, double *clamped) {
  kfix_count_pairs_args pairs = {cols, s_rows, NULL, s_cols, NULL, sign, floor, NULL};
  const kfix_divide_kron_args args = {cols, {v, ldv}, s_rows, s_cols, sign, floor, {out, ldo}};
  if (clamped) KFIX_TRY(count(d, rows, &pairs, clamped));
  if (v) KFIX_LAUNCH(d, divide_kron, &args, rows * cols);
  return KFIX_OK;
}

kfix_status kfix_cuda_decouple(const kfix_device *d, size_t rows, size_t cols,
                               const kfix_real *x_rows, const kfix_real *y_rows,
                               const kfix_real *x_cols, const kfix_real *y_cols, kfix_real floor,
                               kfix_real *p, kfix_real *q, size_t ld, double *clamped) {
  kfix_count_pairs_args pairs = {cols, x_rows, y_rows, x_cols, y_cols, 1, floor, NULL};
  const kfix_decouple_args args = {cols, x_rows, y_rows, x_cols, y_cols, floor, {p, ld}, {q, ld}};
  if (clamped) KFIX_TRY(count(d, rows, &pairs, clamped));
  if (p) KFIX_LAUNCH(d, decouple, &args, rows * cols);
  return KFIX_OK;
}
