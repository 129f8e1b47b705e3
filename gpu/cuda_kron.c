/* SPDX-License-Identifier: Apache-2.0
 * The Kronecker SVD: inner products and sums over examples, m d^2. */
#include "cuda_device.h"

/* Cosines between factor e and the factors up to itself. */
static kfix_status factor_cosines(const kfix_device *d, size_t rows, size_t cols, size_t e,
                                  const kfix_real *const *factors, kfix_out gram, kfix_real *norm) {
  double *result = kfix_cuda_of(d)->scratch.sums;
  for (size_t f = e + 1; f-- > 0;) {
    const kfix_packed_rows_args product = {factors[e], factors[f], result};
    const kfix_factor_cosine_args cosine = {cols, rows + e, rows + f, result, gram, norm};
    KFIX_LAUNCH(d, packed_rows, &product, cols);
    KFIX_LAUNCH(d, factor_cosine, &cosine, 1);
  }
  return KFIX_OK;
}

static kfix_status gram_of_atoms(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                                 size_t ldx, size_t more, const kfix_real *const *factors,
                                 kfix_real *gram, size_t ld, kfix_real *norm, kfix_real *scratch) {
  const size_t ldw = KFIX_LD(cols);
  kfix_real *product = scratch + KFIX_LD(KFIX_TRIANGLE(rows));
  const kfix_cosines_args cosines = {rows, scratch, {gram, ld}, norm};
  KFIX_TRY(kfix_cuda_syrk(d, KFIX_N, rows, cols, 1, x, ldx, 0, gram, ld));
  KFIX_TRY(kfix_cuda_pack(d, rows, gram, ld, scratch));
  KFIX_LAUNCH(d, cosines, &cosines, rows * rows);
  for (size_t e = 0; e < more; e++) {
    const kfix_example_cosines_args mixed = {cols,           rows + e,   {x, ldx},
                                             {product, ldw}, {gram, ld}, norm};
    KFIX_TRY(factor_cosines(d, rows, cols, e, factors, (kfix_out){gram, ld}, norm));
    KFIX_TRY(kfix_cuda_gemm(d, KFIX_N, KFIX_S, rows, cols, cols, 1, x, ldx, factors[e], 0, 0,
                            product, ldw));
    KFIX_LAUNCH(d, example_cosines, &mixed, rows);
  }
  return KFIX_OK;
}

/* All rows take part in both updates, those of the other sign as zeroes: which they are is known on
 * the device alone. */
static kfix_status sum_of_atoms(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                                const kfix_real *x, size_t ldx, kfix_real *packed,
                                kfix_real *scratch) {
  const size_t ld = KFIX_LD(cols);
  kfix_real *root = scratch + rows * ld;
  for (int sign = 1; sign >= -1; sign -= 2) {
    const kfix_roots_args roots = {(double)sign, c, root};
    KFIX_LAUNCH(d, roots, &roots, rows);
    KFIX_TRY(kfix_cuda_scale_rows(d, rows, cols, root, x, ldx, scratch, ld));
    KFIX_TRY(kfix_cuda_syrk(d, KFIX_T, cols, rows, (kfix_real)sign, scratch, ld, 1, packed,
                            KFIX_PACKED));
  }
  return KFIX_OK;
}

const kfix_kron_entries kfix_cuda_kron = {gram_of_atoms, sum_of_atoms, kfix_cuda_kron_search};
