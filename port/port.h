/* SPDX-License-Identifier: Apache-2.0
 * The kernels that the library computes through: one const table of functions per port.
 *
 * Code in lib/net, lib/curvature and lib/optim never touches a matrix element; each step that does
 * is a kernel below. So one body of algorithm code runs on every port.
 *
 * THE ARITHMETIC. A CPU port gives the bits described here, whatever its threads, vector width or
 * compiler; conformance between CPU ports is bit equality. A GPU port states a tolerance instead.
 *   products      per output element: k ascending in blocks of KFIX_KC; within a block
 *                 acc = fma(a_k, b_k, acc) from zero; then c = c + acc, block after block. alpha is
 *                 folded in first: a_k = alpha * a_k, rounded. beta is 0 (c starts at zero and is
 *                 not read) or 1. So k split at a multiple of KFIX_KC over two calls gives the
 *                 same bits.
 *   element-wise  as written, with explicit fma and no contraction (-ffp-contract=off).
 *   a row sum     KFIX_LANES_IN_SUM accumulators of type double, element j goes to lane j mod
 *                 KFIX_LANES_IN_SUM, ascending; then the lanes are halved: lane[j] += lane[j + 8],
 *                 4, 2, 1.
 *   a vector sum  is cut into blocks of KFIX_SUM_BLOCK elements, each summed as a row sum; block
 *                 sums are added in order, from zero.
 *   over rows     results of rows are added one by one, in the order of the rows, to what *out
 *                 holds.
 *   functions     exp, log, tanh ... from core/elementary.h; random words from core/philox.h.
 * Where this leaves a choice (which terms are double, how a row's maximum is taken), port/bodies has
 * made it, in one body that every CPU port compiles. Work is split by output, never by summand.
 *
 * CONVENTIONS. Matrices are row-major with a leading dimension; a batch is rows = examples. No
 * output overlaps an input unless the kernel's comment says so. Empty sizes are allowed and do
 * nothing, but a product with k = 0 and beta = 0 zeroes c. NaN in an input reaches the outputs that
 * depend on it. Pointers to kfix_real and to slots (double) are device pointers; on a CPU port they
 * are plain memory. Kernels are asynchronous on a device; `download` is the only one that waits.
 * Every kernel answers KFIX_OK, or KFIX_PORT when it could not run: another beta than 0 or 1, an
 * operand or activation that its comment excludes, a device that failed, which may show later, but
 * not later than at the next download. */
#ifndef KFIX_PORT_H
#define KFIX_PORT_H

#include "../lib/core/philox.h"
#include "../lib/core/real.h"
#include "../lib/core/status.h"
#include "port_types.h"

#define KFIX_KC           256
#define KFIX_LANES_IN_SUM 16
#define KFIX_SUM_BLOCK    4096
#define KFIX_LANES_IN_DOT 8
#define KFIX_SYMV_BANDS   8
#define KFIX_SYMV_ROWS    64

/* Doubles that a port needs to keep the partial results of its reductions: `parameters` is the
 * length of the longest vector, `chunk` the number of rows of the largest batch it sees. */
#define KFIX_SUM_SCRATCH(parameters, chunk)                                               \
  (KFIX_ROUND_UP((size_t)(parameters), (size_t)KFIX_SUM_BLOCK) / (size_t)KFIX_SUM_BLOCK + \
   3 * (size_t)(chunk))

/* lib/factor inverts a matrix of order n in blocks of so many rows, for a small one of fewer, since
 * scalar work on a block then costs more than short updates do; kfix_reals of two panels. */
#define KFIX_SPD_BLOCK(n) ((n) < 256 ? (size_t)16 : (size_t)32)
#define KFIX_SPD_WORK(n)  (2 * (size_t)(n)*KFIX_SPD_BLOCK(n))

/* A port named P also defines constants in bytes: KFIX_PORT_SCRATCH_P(parameters, chunk, threads,
 * widest), `widest` the order of the largest factor: inputs + 1 or outputs of a layer; and
 * KFIX_PORT_HOST_P(widest, rows), of the host for a device's port, `rows` in a Kronecker SVD. */

struct kfix_port {
  const char *name;
  int is_host; /* device memory is host memory: the library may skip staging copies */

  /* KFIX_OK if this machine can run the port (instructions, device). */
  kfix_status (*available)(void);
  size_t (*scratch_bytes)(size_t parameters, size_t chunk, unsigned threads, size_t widest);
  /* The next three: NULL on a port that computes in host memory. Where a device's regions go: the
   * device memory that the caller's handles bring, and its bytes. */
  void *(*memory)(void *handles, size_t *bytes);
  size_t (*host_bytes)(size_t widest, size_t rows); /* NULL: none */
  /* Called once by kfix_create before the first kernel, when scratch and host are in place. */
  kfix_status (*begin)(const kfix_device *d, size_t parameters, size_t chunk, size_t widest,
                       void *host, size_t host_bytes);

  /* ---- products ---- */

  /* C (m x n) = alpha op_a(A) op_b(B) + beta C; op_a(A) is m x k, op_b(B) is k x n. cost: 2 m n k.
   * KFIX_S needs a square operand. */
  kfix_status (*gemm)(const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n,
                      size_t k, kfix_real alpha, const kfix_real *a, size_t lda, const kfix_real *b,
                      size_t ldb, kfix_real beta, kfix_real *c, size_t ldc);

  /* Lower triangle of C (n x n) = alpha op(A) op(A)^T + beta C; op(A) is n x k: KFIX_N stores n x
   * k, KFIX_T stores k x n (rows = examples). ldc = KFIX_PACKED: C is packed. The strict upper
   * triangle of a full C is left as it was. The bits are gemm's. cost: n^2 k. */
  kfix_status (*syrk)(const kfix_device *d, kfix_op op, size_t n, size_t k, kfix_real alpha,
                      const kfix_real *a, size_t lda, kfix_real beta, kfix_real *c, size_t ldc);

  /* ---- a matrix by a vector ----
   * A dot product here keeps KFIX_LANES_IN_DOT sums of kfix_real: lane[j mod KFIX_LANES_IN_DOT] =
   * fma(a_j, x_j, lane), j ascending, halved like those of a row sum. A combination of rows is
   * y_j = fma(a_ij, s_i, y_j), i ascending. */

  /* y = A x, A symmetric, its lower triangle given; zeros stand for the rest. work: KFIX_SYMV_BANDS
   * n elements. Rows are cut into bands of about equal area: the most of 1, 2, 4, 8 that is at most
   * n / KFIX_SYMV_ROWS, or 1; band b begins at 8 floor(n sqrt(b / bands) / 8). y_i = the dot product
   * of row i up to its diagonal, plus, band by band, the combination of rows below i, from zero. */
  kfix_status (*symv)(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                      const kfix_real *x, kfix_real *y, kfix_real *work);
  /* A is rows x cols as it is stored. KFIX_N: y_i = alpha (dot product of row i and x) + beta y_i.
   * KFIX_T: y = beta y + the combination of the rows of A with s_i = alpha x_i. */
  kfix_status (*gemv)(const kfix_device *d, kfix_op op, size_t rows, size_t cols, kfix_real alpha,
                      const kfix_real *a, size_t lda, const kfix_real *x, kfix_real beta,
                      kfix_real *y);

  /* ---- symmetric storage ---- */

  /* Symmetric out = packed + shift I: full (both triangles), or packed (ldo = KFIX_PACKED). */
  kfix_status (*unpack)(const kfix_device *d, size_t n, const kfix_real *packed, kfix_real shift,
                        kfix_real *out, size_t ldo);
  /* Packed triangle = lower triangle of a. */
  kfix_status (*pack)(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                      kfix_real *packed);
  /* *out = trace of a packed symmetric matrix: a row sum over the diagonal. */
  kfix_status (*trace)(const kfix_device *d, size_t n, const kfix_real *packed, double *out);

  /* ---- layers ---- */

  /* a = phi(a), in place; KFIX_SOFTMAX is not for this kernel. */
  kfix_status (*activate)(const kfix_device *d, kfix_activation f, size_t rows, size_t cols,
                          kfix_real *a, size_t lda);
  /* g = g * phi'(s), in place, with phi' computed from a = phi(s): relu a > 0 ? g : (a == a ? 0 :
   * a), sigmoid g (a - a^2) as g * fma(-a, a, a), tanh g * fma(-a, a, 1). Where a is near 1 or -1 it
   * no longer says how near: phi' is right to 3 ulp of 1, not of itself. s is not kept. */
  kfix_status (*differentiate)(const kfix_device *d, kfix_activation f, size_t rows, size_t cols,
                               const kfix_real *a, size_t lda, kfix_real *g, size_t ldg);

  /* ---- predictive distribution and loss; z is what the network puts out ---- */

  /* p = mean of the predictive distribution: z, sigmoid(z) or softmax(z). alias: p may be z. */
  kfix_status (*predict)(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                         const kfix_real *z, size_t ldz, kfix_real *p, size_t ldp);
  /* y = one draw from the predictive distribution with mean p. Row r is example first + r. alias: y
   * may be p.
   *   mse          output j: normal from words 2 (j mod 2), + 1 of the draw (index j / 2, row)
   *   bernoulli    output j: u < p with u from word j mod 4 of the draw (index j / 4, row)
   *   categorical  one-hot: first j with u < p_0 + ... + p_j (sum of kfix_real, ascending), else
   * the last; u from word 0 of the draw (index 0, row)
   * A p that is NaN gives a y that is. */
  kfix_status (*sample)(const kfix_device *d, kfix_loss loss, const kfix_draw_key *key,
                        size_t first, size_t rows, size_t cols, const kfix_real *p, size_t ldp,
                        kfix_real *y, size_t ldy);
  /* The next three take z, not p: of a probability near 1 they need what p no longer says, its
   * distance from 1 (core/likelihood.h). In a row of classes the likeliest is the first with the
   * largest z, the odds of the others are against it, and sums over them are row sums.
   *
   * g = p - y: the gradient of each loss with respect to z, per example. Right to 5 ulp of p, or of 1
   * - p where that is less, and a rounding. */
  kfix_status (*residual)(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                          const kfix_real *z, size_t ldz, const kfix_real *y, size_t ldy,
                          kfix_real *g, size_t ldg);
  /* out[0] += loss of each row, right to 5 ulp for y in [0, 1] that sum to 1 where they are classes;
   * out[1] += error of each row: ||p - y||^2, or 1 if the classes with the largest z and y (first of
   * equals) differ (categorical). w: rows x cols of work. */
  kfix_status (*loss)(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                      const kfix_real *z, size_t ldz, const kfix_real *y, size_t ldy, kfix_real *w,
                      size_t ldw, double *out);
  /* out[0 .. 2] += u^T F_R u, u^T F_R v, v^T F_R v of each row, right to 5 ulp of sqrt(u^T F_R u v^T
   * F_R v), and to the roundings of sums of `cols` doubles. v NULL: out[0] only. w: rows x cols of
   * work. */
  kfix_status (*fisher)(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                        const kfix_real *z, size_t ldz, const kfix_real *u, size_t ldu,
                        const kfix_real *v, size_t ldv, kfix_real *w, size_t ldw, double *out);

  /* ---- vectors ---- */

  /* out = fma(a, x, b * y); y NULL: out = a * x. alias: out may be x or y. */
  kfix_status (*axpby)(const kfix_device *d, size_t n, kfix_real a, const kfix_real *x, kfix_real b,
                       const kfix_real *y, kfix_real *out);
  /* *out = x . y, a vector sum. alias: x may be y. */
  kfix_status (*dot)(const kfix_device *d, size_t n, const kfix_real *x, const kfix_real *y,
                     double *out);
  /* out = g . u, g . v, u . u, u . v, v . v, as dot gives them. v NULL: g . u and u . u; the others
   * are not written. */
  kfix_status (*dots)(const kfix_device *d, size_t n, const kfix_real *g, const kfix_real *u,
                      const kfix_real *v, double *out);
  /* *out += the number of elements of the rows x cols matrix that are NaN or infinite. */
  kfix_status (*nonfinite)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                           size_t ldx, double *out);
  /* Adam (Kingma and Ba 2015, Alg. 1): m_out = b1 m + (1 - b1) g; v_out = b2 v + (1 - b2) g^2;
   * out = theta - rate m_out / (sqrt(v_out) * scale + eps), with scale = 1 / sqrt(1 - b2^t) and the
   * first moment's correction in rate. In this order: m_out = fma(b1, m, (1 - b1) * g); v_out =
   * fma(b2, v, ((1 - b2) * g) * g); out = theta - (rate * m_out) / fma(sqrt(v_out), scale, eps). */
  kfix_status (*adam)(const kfix_device *d, size_t n, kfix_real b1, kfix_real b2, kfix_real rate,
                      kfix_real scale, kfix_real eps, const kfix_real *g, const kfix_real *theta,
                      const kfix_real *m, const kfix_real *v, kfix_real *m_out, kfix_real *v_out,
                      kfix_real *out);
  /* A gradient is complete: g = fma(eta, theta, g); *bad += the number of elements of g that are
   * then NaN or infinite; *square = theta . theta, as dot gives it. */
  kfix_status (*decay)(const kfix_device *d, size_t n, kfix_real eta, const kfix_real *theta,
                       kfix_real *g, double *bad, double *square);
  /* An update and all that follows it, element by element: v_out = fma(a, x, b * y); theta_out =
   * theta + v_out; mean_out = fma(1 - xi, theta_out, xi * mean); *bad += the number of elements of
   * the three that are NaN or infinite. v_out may be x; beside that, no output overlaps an input. */
  kfix_status (*move)(const kfix_device *d, size_t n, kfix_real a, const kfix_real *x, kfix_real b,
                      const kfix_real *y, kfix_real *v_out, const kfix_real *theta,
                      kfix_real *theta_out, kfix_real xi, const kfix_real *mean,
                      kfix_real *mean_out, double *bad);
  kfix_status (*fill)(const kfix_device *d, size_t rows, size_t cols, kfix_real value, kfix_real *x,
                      size_t ldx);
  kfix_status (*copy)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                      size_t ldx, kfix_real *out, size_t ldo);

  /* ---- element by element; alias: out may be an input with the same leading dimension ---- */

  /* out = x + y. */
  kfix_status (*add)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x, size_t ldx,
                     const kfix_real *y, size_t ldy, kfix_real *out, size_t ldo);
  /* out = x * y. */
  kfix_status (*multiply)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                          size_t ldx, const kfix_real *y, size_t ldy, kfix_real *out, size_t ldo);
  /* out = x / (y + shift). */
  kfix_status (*divide)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                        size_t ldx, const kfix_real *y, size_t ldy, kfix_real shift, kfix_real *out,
                        size_t ldo);
  /* Row r of out = w[r] * row r of x. */
  kfix_status (*scale_rows)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *w,
                            const kfix_real *x, size_t ldx, kfix_real *out, size_t ldo);

  /* ---- division by 1 +- s1 s2, at least `floor`; *clamped (may be NULL) += how many were less;
   * v, p NULL: only counts ---- */

  /* out[r][j] = v[r][j] / max(fma(sign * s_rows[r], s_cols[j], 1), floor) [KFAC App. B]; out may be
   * v with the same leading dimension. */
  kfix_status (*divide_kron)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *v,
                             size_t ldv, const kfix_real *s_rows, const kfix_real *s_cols,
                             kfix_real sign, kfix_real floor, kfix_real *out, size_t ldo,
                             double *clamped);
  /* With x = x_rows[r] * x_cols[j], y = y_rows[r] * y_cols[j], c = fma(-x, y, 1), from the old p, q:
   * p = fma(x, p, -q) / c, q = fma(y, q, -p) / c. Where c < floor, it is floor, and x in the first
   * is (1 - floor) / y: what (1 t; t 1)^-1, t = sqrt(x y), adds to the identity. */
  kfix_status (*decouple)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x_rows,
                          const kfix_real *y_rows, const kfix_real *x_cols, const kfix_real *y_cols,
                          kfix_real floor, kfix_real *p, kfix_real *q, size_t ld, double *clamped);

  /* ---- between host and device ---- */

  /* host may be changed once this returns. */
  kfix_status (*upload)(const kfix_device *d, void *device, const void *host, size_t bytes);
  /* Waits for all work issued before it. */
  kfix_status (*download)(const kfix_device *d, void *host, const void *device, size_t bytes);

  /* ---- factorizations; NULL: lib/factor does it on gemm and syrk ---- */

  /* Lower triangle of A (n x n, symmetric positive definite, lower triangle given; lda may be
   * KFIX_PACKED) becomes that of its inverse; the strict upper triangle of a full A is left as it
   * was. work: KFIX_SPD_WORK(n) kfix_reals. *info = 0, or the 1-based row at which A stops being
   * positive definite (A is then undefined). */
  kfix_status (*spd_inverse)(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                             kfix_real *work, size_t *info);
  /* At most KFIX_JOBS_MAX jobs in one go: a device need not be waited for job by job. *failed:
   * the first whose matrix is not positive definite, *info as above. NULL: one by one. */
  kfix_status (*spd_inverses)(const kfix_device *d, size_t count, const kfix_inverse_job *jobs,
                              size_t *failed, size_t *info);
  /* The eigenproblem of diag(pole) + weight z z^T, in parts. roots: origin and offset from n, pole,
   * z, inverse_weight, reach and tolerance. weights: the z for which those roots are exact, with
   * the signs of z, into weight (Gu and Eisenstat 1994). vectors: row i of out = weight_j / (pole_j
   * - root_i), j ascending, of length 1; here the poles may be in any order. CPU ports only. */
  kfix_status (*secular_roots)(const kfix_device *d, const kfix_secular *s);
  kfix_status (*secular_weights)(const kfix_device *d, const kfix_secular *s);
  kfix_status (*secular_vectors)(const kfix_device *d, const kfix_secular *s, kfix_real *out,
                                 size_t ldo);
  /* The same A, full, = L L^T becomes L^-1 with zeros above the diagonal; *info likewise. */
  kfix_status (*spd_whiten)(const kfix_device *d, size_t n, kfix_real *a, size_t lda, size_t *info);
  /* A = V S V^T: the contract of kfix_eigen in factor/eigen.h, signs included. scratch: at least
   * KFIX_EIGEN_REALS(n) elements. */
  kfix_status (*symmetric_eigen)(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                 kfix_real *values, kfix_real *vectors, size_t ldv,
                                 kfix_real *scratch, size_t *info);
  /* At most KFIX_JOBS_MAX of them in one go. work: KFIX_EIGENS_REALS(n) elements for the largest n.
   * *failed: the first that has no answer, *info as above. NULL: one by one. */
  kfix_status (*symmetric_eigens)(const kfix_device *d, size_t count, const kfix_eigen_job *jobs,
                                  kfix_real *work, size_t *failed, size_t *info);
  const struct kfix_kron_entries *kron; /* Kronecker SVD: factor/kron_factor.h */
};

#endif
