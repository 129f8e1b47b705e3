/* SPDX-License-Identifier: Apache-2.0
 * Directions the long way, in double: F of the examples as a dense matrix over all parameters, systems with it
 * by elimination; and what a two-level step shows of itself. */
#ifndef KFIX_TEST_REFERENCE_DIRECTION_H
#define KFIX_TEST_REFERENCE_DIRECTION_H

#include "reference_case.h"

enum { DIR_PARAMETERS = 250, DIR_COLUMNS = 32 };

/* What an observer has seen, in the reference's layout. */
typedef struct seen_direction {
  const ref_net *net;
  double zeta_block[DIR_PARAMETERS], r[DIR_PARAMETERS], zeta[DIR_PARAMETERS];
  double v[8][DIR_PARAMETERS];
  double f_coarse[DIR_COLUMNS][DIR_COLUMNS], beta[DIR_COLUMNS];
  size_t n; /* columns of F_coarse */
} seen_direction;

/* Watches the case's next steps, its sampled targets and its direction, too. */
typedef struct direction_watch {
  ref_case *c;
  seen_direction seen;
} direction_watch;
void direction_watch_begin(direction_watch *w, ref_case *c);

/* f (n x n, n parameters) = sum over the first `rows` examples of w g g^T / sum of w, g the gradients with
 * respect to all parameters for the targets y, w their weights (NULL: 1); damping on its diagonal. */
void dir_fisher(const ref_case *c, const double *theta, const double *y, size_t rows,
                const kfix_real *weights, double damping, double *f);

/* x = f^-1 b by elimination with pivots; f is not changed. n is at most DIR_PARAMETERS. */
void dir_solve(size_t n, const double *f, const double *b, double *x);
/* out = f x; x^T f y; their sizes. */
void dir_times(size_t n, const double *f, const double *x, double *out);
double dir_form(size_t n, const double *f, const double *x, const double *y);

/* u = F~^-1 v by the trainer's own curvature as it now stands, for gamma. */
void dir_precondition(ref_case *c, double gamma, const double *v, double *u);

#endif
