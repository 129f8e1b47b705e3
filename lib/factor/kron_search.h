/* SPDX-License-Identifier: Apache-2.0
 * The search space of kron_svd.h: orthonormal vectors v = R q and their images Z v = L p, all as
 * coefficients over the atoms. */
#ifndef KFIX_FACTOR_KRON_SEARCH_H
#define KFIX_FACTOR_KRON_SEARCH_H

#include "factor/kron_limits.h"
#include "factor/kron_space.h"

/* Vectors are rows of length n, leading dimension ld. The first `locked` are triples found; `width`
 * more make up the search space, the last `last` of them by the last extension. */
typedef struct kfix_kron_search {
  const kfix_device *device;
  const kfix_kron_space *space;
  kfix_real *weights, *minus_left, *minus_right; /* of the space, for atoms of norm 1; scaled */
  double scale;                                  /* by which they were divided */
  size_t n, ld, locked, width, last;
  kfix_real *q, *kq;        /* v and R^T v: q kq^T = I */
  kfix_real *p, *kp;        /* Z v and L^T Z v; not kept of locked vectors */
  kfix_real *next, *knext;  /* q and kq of the vectors that come next */
  size_t next_count;        /* 0: there is nowhere left to go */
  kfix_real *spare, *small; /* a search space; products of two */
  double *gram, *work, *turn,
      *square;    /* p^T L^T L p = (Z v)^T (Z v); a copy; its eigenvectors; values
                                        */
  double outside; /* norm of what Z^T Z of the last extension left outside the space */
  double bound;   /* of the norm of R^T R */
} kfix_kron_search;

/* Points into the scratch and makes the first vectors; none if Z is zero. */
kfix_status kfix_kron_search_begin(kfix_kron_search *z, const kfix_device *d,
                                   const kfix_kron_space *s, kfix_real *scratch);
/* Takes `next` into the space, multiplies, and makes the `next` that follows. */
kfix_status kfix_kron_search_extend(kfix_kron_search *z);
/* square, turn = eigenvalues (descending) and eigenvectors of gram. */
void kfix_kron_search_solve(kfix_kron_search *z);
/* The space becomes the first `kept` eigenvectors; gram is computed anew, so that small values are
 * as exact as Z allows and not as its square does. */
kfix_status kfix_kron_search_turn(kfix_kron_search *z, size_t kept);
/* out = (diag(weights) - minus_left minus_right^T) x, row by row; transposed: of its transpose. */
void kfix_kron_core(const kfix_kron_search *z, int transposed, size_t rows, const kfix_real *x,
                    kfix_real *out);

#endif
