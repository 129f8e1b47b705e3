/* SPDX-License-Identifier: Apache-2.0
 * The rearranged Fisher block of a layer as an operator on symmetric matrices: the papers' way.
 *
 * Where kron_space.h works on coefficients over the examples, a vector is here a matrix of the
 * layer's own order, multiplied by Z without forming it [KPSVD Prop. 2.1]:
 *     Z V = sum_t w (y_t^T V y_t) x_t x_t^T,   Z^T U = sum_t w (x_t^T U x_t) y_t y_t^T.
 * Such a matrix is a packed triangle; its norm is that of the full matrix. */
#ifndef KFIX_FACTOR_KRON_OPERATOR_H
#define KFIX_FACTOR_KRON_OPERATOR_H

#include "kron_svd.h"

enum { KFIX_KRON_LEFT, KFIX_KRON_RIGHT };

/* Terms that are known: of a running approximation or of K-FAC; and those that a deflation adds. */
#define KFIX_KRON_KNOWN_MAX (2 + KFIX_KRON_RANK_MAX)

/* Z = sum_t weight vec(x_t x_t^T) vec(y_t y_t^T)^T + sum_e known_weight[e] vec(L_e) vec(R_e)^T;
 * index 0: left, x and L; 1: right, y and R. */
typedef struct kfix_kron_operator {
  size_t rows; /* examples */
  double weight;
  size_t n[2];            /* orders */
  const kfix_real *at[2]; /* x and y: rows x n */
  size_t ld[2];
  size_t known;
  double known_weight[KFIX_KRON_KNOWN_MAX];
  const kfix_real *factor[2][KFIX_KRON_KNOWN_MAX]; /* packed */
  double scale[2];                                 /* by kfix_kron_operator_begin */
  double cancelled; /* the longest that a known term has put into a product so far */
} kfix_kron_operator;

/* scale = the largest norm of an example's or a known term's matrix on each side: Z is divided by
 * their product wherever it is multiplied, so that nothing overflows; 1 where kfix_real cannot hold
 * the norms.
 * errors  KFIX_STATISTICS_NONFINITE: such a norm is not finite. cost: 2 rows (n + n') */
kfix_status kfix_kron_operator_begin(kfix_kron_operator *z);

/* out = Z in, where `from` is KFIX_KRON_RIGHT, or Z^T in, where it is KFIX_KRON_LEFT, over the
 * scales. cut: a negative coefficient of an example is taken for rounding, and zero for it: so of
 * examples alone a positive semi-definite matrix makes another.
 *
 * alias    in and out do not overlap
 * scratch  KFIX_KRON_OPERATOR_REALS(rows, the wider side)
 * errors   KFIX_STATISTICS_NONFINITE: a coefficient or the product is not finite. KFIX_PORT: no host
 *          memory.
 * cost     2 rows n^2 on the side of `in`, rows n^2 on the other, in the port's products */
#define KFIX_KRON_OPERATOR_REALS(rows, side) (KFIX_LD(rows) + KFIX_KRON_SUM_REALS(rows, side))
kfix_status kfix_kron_operator_times(const kfix_device *d, kfix_kron_operator *z, int from, int cut,
                                     const kfix_real *in, kfix_real *out, kfix_real *scratch);

/* x = x / |x|, |x| is the answer; zero stays zero. */
double kfix_kron_operator_normalise(const kfix_kron_operator *z, int side, kfix_real *x);

/* u, v of length 1 and sigma over the scales become a term: both of norm sqrt of the whole sigma, u
 * with a trace that is not negative. The whole sigma is the answer. */
double kfix_kron_operator_balance(const kfix_kron_operator *z, double sigma, kfix_real *u,
                                  kfix_real *v);
/* A fixed random matrix of length 1, another for each number. */
void kfix_kron_operator_random(const kfix_kron_operator *z, int side, uint32_t number,
                               kfix_real *out);
/* Where a search starts, on the right and of length 1: E[y y^T], as K-FAC has it, plus, where number
 * > 0, that random matrix. scratch, errors: as of times. cost: rows n^2 */
kfix_status kfix_kron_operator_start(const kfix_device *d, const kfix_kron_operator *z,
                                     uint32_t number, kfix_real *out, kfix_real *scratch);

#endif
