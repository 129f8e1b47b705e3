/* SPDX-License-Identifier: Apache-2.0
 * Large eigenvalues of a sum of two Kronecker products whose dense block would be too large. */
#ifndef KFIX_TOOLS_BLOCK_LANCZOS_H
#define KFIX_TOOLS_BLOCK_LANCZOS_H

#include "block_rows.h"
#include "files/tool_error.h"

/* *sum = sum over i < count of weight_i mu_i: mu the eigenvalues of B = A_1 (x) G_1 [+ A_2 (x) G_2],
 * descending; weights descending, none negative. It is the inner product of two spectra, from which
 * their distance follows: ||w - mu||^2 = ||w||^2 + ||B||_F^2 - 2 sum.
 *
 * By Lanczos's iteration with full reorthogonalisation, until the sum has settled to 1e-8 of ||w||
 * ||B||_F: large eigenvalues, the ones with weight, come first. An eigenvalue that is exactly
 * multiple counts once; a block built of data has none but zero. cost: per step 2 in out (in + out)
 * for each term and 4 in out for each step before. */
int block_spectra_inner(const block_rows *shape, const block_factors *b, const double *weight,
                        size_t count, double *sum, tool_error *err);

#endif
