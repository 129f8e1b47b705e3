/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The kernels of a port, each listed once, with its contract.
 *
 *   KFIX_KERNEL(name, parameters, arguments, flops, reals, out, count)
 *
 * flops  what a product costs, else 0
 * reals  elements that any other kernel reads and writes, each once
 * out    what it writes first; count: so many of them, 0 where it writes none
 *
 * Who expands the list defines KFIX_KERNEL, writes #include KFIX_KERNEL_LIST, and finds KFIX_KERNEL
 * undefined afterwards. So the table of port.h, those of the ports, and the ports that tests and
 * kfix-bench put around them have each kernel without a line of their own. KFIX_FORWARD_KERNEL,
 * where it is defined too, is for the kernels that a prediction needs. The arithmetic and the
 * conventions are those of port.h. */
#ifndef KFIX_FORWARD_KERNEL
#define KFIX_FORWARD_KERNEL KFIX_KERNEL
#endif

/* ---- products ---- */

/* C (m x n) = alpha op_a(A) op_b(B) + beta C; op_a(A) is m x k, op_b(B) is k x n. cost: 2 m n k.
 * KFIX_S needs a square operand. */
KFIX_FORWARD_KERNEL(gemm,
                    (const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n, size_t k,
                     kfix_real alpha, const kfix_real *a, size_t lda, const kfix_real *b,
                     size_t ldb, kfix_real beta, kfix_real *c, size_t ldc),
                    (d, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc), 2 * m * n * k, 0,
                    c, m *n)

/* Lower triangle of C (n x n) = alpha op(A) op(A)^T + beta C; op(A) is n x k: KFIX_N stores n x
 * k, KFIX_T stores k x n (rows = examples). ldc = KFIX_PACKED: C is packed. The strict upper
 * triangle of a full C is left as it was. The bits are gemm's. cost: n^2 k. */
KFIX_KERNEL(syrk,
            (const kfix_device *d, kfix_op op, size_t n, size_t k, kfix_real alpha,
             const kfix_real *a, size_t lda, kfix_real beta, kfix_real *c, size_t ldc),
            (d, op, n, k, alpha, a, lda, beta, c, ldc), n *n *k, 0, c, n)

/* ---- symmetric storage ---- */

/* Symmetric out = packed + shift I: full (both triangles), or packed (ldo = KFIX_PACKED). */
KFIX_KERNEL(unpack,
            (const kfix_device *d, size_t n, const kfix_real *packed, kfix_real shift,
             kfix_real *out, size_t ldo),
            (d, n, packed, shift, out, ldo), 0, KFIX_TRIANGLE(n) + n * n, out, n)
/* Packed triangle = lower triangle of a. */
KFIX_KERNEL(pack,
            (const kfix_device *d, size_t n, const kfix_real *a, size_t lda, kfix_real *packed),
            (d, n, a, lda, packed), 0, 2 * KFIX_TRIANGLE(n), packed, n)
/* *out = trace of a packed symmetric matrix: a row sum over the diagonal. */
KFIX_KERNEL(trace, (const kfix_device *d, size_t n, const kfix_real *packed, double *out),
            (d, n, packed, out), 0, n, out, 1)

/* ---- layers ---- */

/* a = phi(a), in place; KFIX_SOFTMAX is not for this kernel. */
KFIX_FORWARD_KERNEL(activate,
                    (const kfix_device *d, kfix_activation f, size_t rows, size_t cols,
                     kfix_real *a, size_t lda),
                    (d, f, rows, cols, a, lda), 0, 2 * rows * cols, a, rows *cols)
/* g = g * phi'(s), in place, with phi' computed from a = phi(s): relu a > 0 ? g : (a == a ? 0 :
 * a), sigmoid g (a - a^2) as g * fma(-a, a, a), tanh g * fma(-a, a, 1). Where a is near 1 or -1 it
 * no longer says how near: phi' is right to 3 ulp of 1, not of itself. s is not kept. */
KFIX_KERNEL(differentiate,
            (const kfix_device *d, kfix_activation f, size_t rows, size_t cols, const kfix_real *a,
             size_t lda, kfix_real *g, size_t ldg),
            (d, f, rows, cols, a, lda, g, ldg), 0, 3 * rows * cols, g, rows *cols)

/* ---- predictive distribution and loss; z is what the network puts out ---- */

/* p = mean of the predictive distribution: z, sigmoid(z) or softmax(z). alias: p may be z. */
KFIX_FORWARD_KERNEL(predict,
                    (const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                     const kfix_real *z, size_t ldz, kfix_real *p, size_t ldp),
                    (d, loss, rows, cols, z, ldz, p, ldp), 0, 2 * rows * cols, p, rows *cols)
/* y = one draw from the predictive distribution with mean p. Row r is example first + r. alias: y
 * may be p.
 *   mse          output j: normal from words 2 (j mod 2), + 1 of the draw (index j / 2, row)
 *   bernoulli    output j: u < p with u from word j mod 4 of the draw (index j / 4, row)
 *   categorical  one-hot: first j with u < p_0 + ... + p_j (sum of kfix_real, ascending), else
 * the last; u from word 0 of the draw (index 0, row)
 * A p that is NaN gives a y that is. */
KFIX_KERNEL(sample,
            (const kfix_device *d, kfix_loss loss, const kfix_draw_key *key, size_t first,
             size_t rows, size_t cols, const kfix_real *p, size_t ldp, kfix_real *y, size_t ldy),
            (d, loss, key, first, rows, cols, p, ldp, y, ldy), 0, 2 * rows * cols, y, rows *cols)
/* The next five take z, not p: of a probability near 1 they need what p no longer says, its
 * distance from 1 (core/likelihood.h). In a row of classes the likeliest is the first with the
 * largest z, the odds of the others are against it, and sums over them are row sums.
 *
 * g = p - y: the gradient of each loss with respect to z, per example. Right to 5 ulp of p, or of 1
 * - p where that is less, and a rounding. */
KFIX_KERNEL(residual,
            (const kfix_device *d, kfix_loss loss, size_t rows, size_t cols, const kfix_real *z,
             size_t ldz, const kfix_real *y, size_t ldy, kfix_real *g, size_t ldg),
            (d, loss, rows, cols, z, ldz, y, ldy, g, ldg), 0, 3 * rows * cols, g, rows *cols)
/* out[0] += loss of each row, right to 5 ulp for y in [0, 1] that sum to 1 where they are classes;
 * out[1] += error of each row: ||p - y||^2, or 1 if the classes with the largest z and y (first of
 * equals) differ (categorical); summed over rows. w: rows x cols of work. */
KFIX_KERNEL(loss,
            (const kfix_device *d, kfix_loss loss, size_t rows, size_t cols, const kfix_real *z,
             size_t ldz, const kfix_real *y, size_t ldy, kfix_real *w, size_t ldw,
             kfix_row_blocks blocks, double *out),
            (d, loss, rows, cols, z, ldz, y, ldy, w, ldw, blocks, out), 0, 3 * rows * cols, out, 2)
/* out[0 .. 2] += u^T F_R u, u^T F_R v, v^T F_R v of each row, right to 5 ulp of sqrt(u^T F_R u v^T
 * F_R v), and to the roundings of sums of `cols` doubles; summed over rows. v NULL: out[0] only. w:
 * rows x cols of work. */
KFIX_KERNEL(fisher,
            (const kfix_device *d, kfix_loss loss, size_t rows, size_t cols, const kfix_real *z,
             size_t ldz, const kfix_real *u, size_t ldu, const kfix_real *v, size_t ldv,
             kfix_real *w, size_t ldw, kfix_row_blocks blocks, double *out),
            (d, loss, rows, cols, z, ldz, u, ldu, v, ldv, w, ldw, blocks, out), 0,
            (v ? 4 : 3) * rows * cols, out, v ? 3 : 1)
/* Row by row out = F_R u: u (mse), p (1 - p) u, or p_j (u_j - p . u). The sums over classes are those of
 * `fisher`, taken from u of the likeliest class on. Right to 5 ulp; of classes, to 8 ulp of p_j times
 * the sum of |u_j - u_top| and of the mean of those, and to the roundings of sums of `cols` doubles. alias: out may be u with the same leading dimension. */
KFIX_KERNEL(fisher_times,
            (const kfix_device *d, kfix_loss loss, size_t rows, size_t cols, const kfix_real *z,
             size_t ldz, const kfix_real *u, size_t ldu, kfix_real *out, size_t ldo),
            (d, loss, rows, cols, z, ldz, u, ldu, out, ldo), 0, 3 * rows * cols, out, rows *cols)
/* Row by row out = f_j, column j < cols of a root of F_R, so that sum_j f_j f_j^T = F_R: e_j (mse),
 * sqrt(p_j (1 - p_j)) e_j, or sqrt(p_j) (p - e_j). The root is of odds from half the logits, so it has
 * no fewer digits where p_j itself has left the range of kfix_real. Right to 9 ulp of sqrt(p_j) p, or of
 * sqrt(p_j) (1 - p) where that is less, and a rounding. */
KFIX_KERNEL(fisher_root,
            (const kfix_device *d, kfix_loss loss, size_t rows, size_t cols, size_t j,
             const kfix_real *z, size_t ldz, kfix_real *out, size_t ldo),
            (d, loss, rows, cols, j, z, ldz, out, ldo), 0, 2 * rows * cols, out, rows *cols)

/* ---- vectors ---- */

/* out = fma(a, x, b * y); y NULL: out = a * x. alias: out may be x or y. */
KFIX_KERNEL(axpby,
            (const kfix_device *d, size_t n, kfix_real a, const kfix_real *x, kfix_real b,
             const kfix_real *y, kfix_real *out),
            (d, n, a, x, b, y, out), 0, (y ? 3 : 2) * n, out, n)
/* *out = x . y, a vector sum. alias: x may be y. */
KFIX_KERNEL(dot,
            (const kfix_device *d, size_t n, const kfix_real *x, const kfix_real *y, double *out),
            (d, n, x, y, out), 0, (x == y ? 1 : 2) * n, out, 1)
/* out = g . u, g . v, u . u, u . v, v . v, as dot gives them. v NULL: g . u and u . u; the others
 * are not written. */
KFIX_KERNEL(dots,
            (const kfix_device *d, size_t n, const kfix_real *g, const kfix_real *u,
             const kfix_real *v, double *out),
            (d, n, g, u, v, out), 0, (v ? 3 : 2) * n, out, v ? 5 : 3)
/* out[r inc] = beta out[r inc] + x_r . y_r for each row r: a row sum, rounded to kfix_real, and added.
 * beta is 0 (out is not read) or 1; cols = 0 is a sum of 0. rows: at most those of a chunk. alias: x
 * may be y. */
KFIX_KERNEL(row_dots,
            (const kfix_device *d, size_t rows, size_t cols, const kfix_real *x, size_t ldx,
             const kfix_real *y, size_t ldy, kfix_real beta, kfix_real *out, size_t inc),
            (d, rows, cols, x, ldx, y, ldy, beta, out, inc), 0,
            (x == y ? 1 : 2) * rows * cols + rows, out, rows > 0)
/* *out += the number of elements of the rows x cols matrix that are NaN or infinite. */
KFIX_FORWARD_KERNEL(nonfinite,
                    (const kfix_device *d, size_t rows, size_t cols, const kfix_real *x, size_t ldx,
                     double *out),
                    (d, rows, cols, x, ldx, out), 0, rows *cols, out, 1)
/* Adam (Kingma and Ba 2015, Alg. 1): m_out = b1 m + (1 - b1) g; v_out = b2 v + (1 - b2) g^2;
 * out = theta - rate m_out / (sqrt(v_out) * scale + eps), with scale = 1 / sqrt(1 - b2^t) and the
 * first moment's correction in rate. In this order: m_out = fma(b1, m, (1 - b1) * g); v_out =
 * fma(b2, v, ((1 - b2) * g) * g); out = theta - (rate * m_out) / fma(sqrt(v_out), scale, eps). */
KFIX_KERNEL(adam,
            (const kfix_device *d, size_t n, kfix_real b1, kfix_real b2, kfix_real rate,
             kfix_real scale, kfix_real eps, const kfix_real *g, const kfix_real *theta,
             const kfix_real *m, const kfix_real *v, kfix_real *m_out, kfix_real *v_out,
             kfix_real *out),
            (d, n, b1, b2, rate, scale, eps, g, theta, m, v, m_out, v_out, out), 0, 7 * n, m_out, n)
/* A gradient is complete: g = fma(eta, theta, g); *bad += the number of elements of g that are
 * then NaN or infinite; *square = theta . theta, as dot gives it. */
KFIX_KERNEL(decay,
            (const kfix_device *d, size_t n, kfix_real eta, const kfix_real *theta, kfix_real *g,
             double *bad, double *square),
            (d, n, eta, theta, g, bad, square), 0, 3 * n, g, n)
/* An update and all that follows it, element by element: v_out = fma(a, x, b * y); theta_out =
 * theta + v_out; mean_out = fma(1 - xi, theta_out, xi * mean); *bad += the number of elements of
 * the three that are NaN or infinite. v_out may be x; beside that, no output overlaps an input. */
KFIX_KERNEL(move,
            (const kfix_device *d, size_t n, kfix_real a, const kfix_real *x, kfix_real b,
             const kfix_real *y, kfix_real *v_out, const kfix_real *theta, kfix_real *theta_out,
             kfix_real xi, const kfix_real *mean, kfix_real *mean_out, double *bad),
            (d, n, a, x, b, y, v_out, theta, theta_out, xi, mean, mean_out, bad), 0, 7 * n, bad, 1)
KFIX_FORWARD_KERNEL(fill,
                    (const kfix_device *d, size_t rows, size_t cols, kfix_real value, kfix_real *x,
                     size_t ldx),
                    (d, rows, cols, value, x, ldx), 0, rows *cols, x, rows *cols)
KFIX_KERNEL(copy,
            (const kfix_device *d, size_t rows, size_t cols, const kfix_real *x, size_t ldx,
             kfix_real *out, size_t ldo),
            (d, rows, cols, x, ldx, out, ldo), 0, 2 * rows * cols, out, rows *cols)

/* ---- element by element; alias: out may be an input with the same leading dimension ---- */

/* out = x + y. */
KFIX_FORWARD_KERNEL(add,
                    (const kfix_device *d, size_t rows, size_t cols, const kfix_real *x, size_t ldx,
                     const kfix_real *y, size_t ldy, kfix_real *out, size_t ldo),
                    (d, rows, cols, x, ldx, y, ldy, out, ldo), 0, 3 * rows * cols, out, rows *cols)
/* out = x * y. */
KFIX_KERNEL(multiply,
            (const kfix_device *d, size_t rows, size_t cols, const kfix_real *x, size_t ldx,
             const kfix_real *y, size_t ldy, kfix_real *out, size_t ldo),
            (d, rows, cols, x, ldx, y, ldy, out, ldo), 0, 3 * rows * cols, out, rows *cols)
/* out = x / (y + shift). */
KFIX_KERNEL(divide,
            (const kfix_device *d, size_t rows, size_t cols, const kfix_real *x, size_t ldx,
             const kfix_real *y, size_t ldy, kfix_real shift, kfix_real *out, size_t ldo),
            (d, rows, cols, x, ldx, y, ldy, shift, out, ldo), 0, 3 * rows * cols, out, rows *cols)
/* Row r of out = w[r] * row r of x. */
KFIX_KERNEL(scale_rows,
            (const kfix_device *d, size_t rows, size_t cols, const kfix_real *w, const kfix_real *x,
             size_t ldx, kfix_real *out, size_t ldo),
            (d, rows, cols, w, x, ldx, out, ldo), 0, 2 * rows * cols, out, rows *cols)

/* ---- division by 1 +- s1 s2, at least `floor`; *clamped (may be NULL) += how many were less;
 * v, p NULL: only counts ---- */

/* out[r][j] = v[r][j] / max(fma(sign * s_rows[r], s_cols[j], 1), floor) [KFAC App. B]; out may be
 * v with the same leading dimension. */
KFIX_KERNEL(divide_kron,
            (const kfix_device *d, size_t rows, size_t cols, const kfix_real *v, size_t ldv,
             const kfix_real *s_rows, const kfix_real *s_cols, kfix_real sign, kfix_real floor,
             kfix_real *out, size_t ldo, double *clamped),
            (d, rows, cols, v, ldv, s_rows, s_cols, sign, floor, out, ldo, clamped), 0,
            (v ? 2 : 0) * rows * cols, out, v ? rows *cols : 0)
/* With x = x_rows[r] * x_cols[j], y = y_rows[r] * y_cols[j], c = fma(-x, y, 1), from the old p, q:
 * p = fma(x, p, -q) / c, q = fma(y, q, -p) / c. Where c < floor, it is floor, and x in the first
 * is (1 - floor) / y: what (1 t; t 1)^-1, t = sqrt(x y), adds to the identity. */
KFIX_KERNEL(decouple,
            (const kfix_device *d, size_t rows, size_t cols, const kfix_real *x_rows,
             const kfix_real *y_rows, const kfix_real *x_cols, const kfix_real *y_cols,
             kfix_real floor, kfix_real *p, kfix_real *q, size_t ld, double *clamped),
            (d, rows, cols, x_rows, y_rows, x_cols, y_cols, floor, p, q, ld, clamped), 0,
            (p ? 4 : 0) * rows * cols, p, p ? rows *cols : 0)

#include "image_kernels.h"

/* ---- between host and device ---- */

/* host may be changed once this returns. */
KFIX_KERNEL(upload, (const kfix_device *d, void *device, const void *host, size_t bytes),
            (d, device, host, bytes), 0, 2 * bytes / KFIX_REAL_BYTES, (unsigned char *)device,
            bytes)
/* Waits for all work issued before it. */
KFIX_KERNEL(download, (const kfix_device *d, void *host, const void *device, size_t bytes),
            (d, host, device, bytes), 0, 2 * bytes / KFIX_REAL_BYTES, (unsigned char *)host, bytes)

#undef KFIX_KERNEL
#undef KFIX_FORWARD_KERNEL
