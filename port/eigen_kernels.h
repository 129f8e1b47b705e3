/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The kernels of eigenproblems in host memory, as kernels.h has the others. lib/factor
 * builds on them; ports of devices have none. Who expands the list writes #include
 * KFIX_EIGEN_KERNEL_LIST. */

/* ---- a matrix by a vector ----
 * A dot product here keeps KFIX_LANES_IN_DOT sums of kfix_real: lane[j mod KFIX_LANES_IN_DOT] =
 * fma(a_j, x_j, lane), j ascending, halved like those of a row sum. A combination of rows is
 * y_j = fma(a_ij, s_i, y_j), i ascending. */

/* y = A x, A symmetric, its lower triangle given; zeros stand for the rest. work: KFIX_SYMV_BANDS
 * n elements. Rows are cut into bands of about equal area: the most of 1, 2, 4, 8 that is at most
 * n / KFIX_SYMV_ROWS, or 1; band b begins at 8 floor(n sqrt(b / bands) / 8). y_i = the dot product
 * of row i up to its diagonal, plus, band by band, the combination of rows below i, from zero. */
KFIX_KERNEL(symv,
            (const kfix_device *d, size_t n, const kfix_real *a, size_t lda, const kfix_real *x,
             kfix_real *y, kfix_real *work),
            (d, n, a, lda, x, y, work), 2 * n * n, 0, y, n)
/* A is rows x cols as it is stored. KFIX_N: y_i = alpha (dot product of row i and x) + beta y_i.
 * KFIX_T: y = beta y + the combination of the rows of A with s_i = alpha x_i. */
KFIX_KERNEL(gemv,
            (const kfix_device *d, kfix_op op, size_t rows, size_t cols, kfix_real alpha,
             const kfix_real *a, size_t lda, const kfix_real *x, kfix_real beta, kfix_real *y),
            (d, op, rows, cols, alpha, a, lda, x, beta, y), 2 * rows * cols, 0, y,
            op == KFIX_N ? rows : cols)

/* ---- the eigenproblem of diag(pole) + weight z z^T, in parts ---- */

/* origin and offset from n, pole, z, inverse_weight, reach and tolerance. */
KFIX_KERNEL(secular_roots, (const kfix_device *d, const kfix_secular *s), (d, s), 0, 0, s->offset,
            s->n)
/* The z for which those roots are exact, with the signs of z, into weight (Gu and Eisenstat
 * 1994). */
KFIX_KERNEL(secular_weights, (const kfix_device *d, const kfix_secular *s), (d, s), 0, 0, s->weight,
            s->n)
/* Row i of out = weight_j / (pole_j - root_i), j ascending, of length 1; here the poles may be in
 * any order. */
KFIX_KERNEL(secular_vectors,
            (const kfix_device *d, const kfix_secular *s, kfix_real *out, size_t ldo),
            (d, s, out, ldo), 0, 0, out, s->n)

#undef KFIX_KERNEL
