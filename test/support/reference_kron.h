/* SPDX-License-Identifier: Apache-2.0
 * The rearrangement Z of a Fisher block, formed explicitly, and its SVD by brute force. In double. */
#ifndef KFIX_TEST_REFERENCE_KRON_H
#define KFIX_TEST_REFERENCE_KRON_H

#include <stddef.h>

/* z (a^2 x g^2) += w vec(l) vec(r)^T; l is a x a, r is g x g. */
void ref_kron_add(size_t a, size_t g, double w, const double *l, const double *r, double *z);

/* z += sum over rows of w x_t x_t^T (x) y_t y_t^T; x is rows x a, y is rows x g. */
void ref_kron_add_rows(size_t rows, size_t a, size_t g, double w, const double *x, const double *y,
                       double *z);

/* best: for each of `count` ranks a copy of z (m x n), one after the other, without the part beyond its
 * ranks[i] leading singular triples; sigma (min(m, n) of them, descending). One-sided Jacobi (Hestenes
 * 1958). */
void ref_truncate(size_t m, size_t n, const double *z, size_t count, const size_t *ranks,
                  double *best, double *sigma);

/* z (a^2 x g^2) becomes the sum of its `count` leading terms, 1 or 2, which are l_i = out[2 i] (a x a)
 * and r_i = out[2 i + 1] (g x g), of equal norms, with trace l_i >= 0. sigma: as above. */
void ref_kron_terms(size_t a, size_t g, size_t count, double *z, double *const *out, double *sigma);

/* The smallest eigenvalue of a symmetric n x n matrix. */
double ref_smallest_eigenvalue(size_t n, const double *a);

double ref_length(size_t n, const double *x);
double ref_distance(size_t n, const double *x, const double *y);

#endif
