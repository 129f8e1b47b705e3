/* SPDX-License-Identifier: Apache-2.0
 * Symmetric matrices that are hard for eigensolvers, and what a solution is held to. */
#ifndef KFIX_TEST_EIGEN_CASES_H
#define KFIX_TEST_EIGEN_CASES_H

#include "port/port.h"

#define EIGEN_CASES(X)                                                                 \
  X(zero)                                                                              \
  X(identity)                                                                          \
  X(ones)         /* rank one */                                                       \
  X(random)       /* uniform elements */                                               \
  X(covariance)   /* of n / 3 samples: rank deficient */                               \
  X(graded_down)  /* element i, j of a random matrix times 10^(-12 max(i, j) / n) */   \
  X(graded_up)    /* the same, from the other end */                                   \
  X(clustered)    /* n - 3 eigenvalues at 1, up to 1e-6 */                             \
  X(spread)       /* eigenvalues 10^(-12 i / n) */                                     \
  X(wilkinson)    /* tridiagonal, pairs of close eigenvalues */                        \
  X(glued)        /* blocks of Wilkinson's matrix of order 21, coupled by sqrt(eps) */ \
  X(diagonal)     /* already solved, in no order */                                    \
  X(laplace)      /* tridiagonal -1 2 -1 */                                            \
  X(checkerboard) /* zero diagonal, bipartite: eigenvalues in pairs +-s */

typedef enum eigen_case {
#define EIGEN_CASE_ENUM(name) EIGEN_##name,
  EIGEN_CASES(EIGEN_CASE_ENUM)
#undef EIGEN_CASE_ENUM
      EIGEN_CASE_COUNT
} eigen_case;

const char *eigen_case_name(eigen_case c);

/* Lower triangle of a, NaN above. n <= 512. */
void eigen_case_fill(eigen_case c, size_t n, kfix_real *a, size_t lda);

/* Largest row sum of the matrix whose lower triangle is a. */
double eigen_norm(size_t n, const kfix_real *a, size_t lda);
/* Frobenius norms of A V - V S and of V^T V - I, in double. */
double eigen_residual(size_t n, const kfix_real *a, size_t lda, const kfix_real *values,
                      const kfix_real *v, size_t ldv);
double eigen_orthogonality(size_t n, const kfix_real *v, size_t ldv);

#endif
