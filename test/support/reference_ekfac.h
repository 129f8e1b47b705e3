/* SPDX-License-Identifier: Apache-2.0
 * EKFAC in plain double arithmetic on dense blocks [EKFAC 3.2, App. C]. A block has order n = a g; its
 * element (i g + j, k g + l) belongs to abar_i g_j abar_k g_l, so that a basis is U_A (x) U_G. */
#ifndef KFIX_TEST_REFERENCE_EKFAC_H
#define KFIX_TEST_REFERENCE_EKFAC_H

#include "reference_case.h"

enum { EKFAC_SIDE = 12, EKFAC_ORDER = 48 };

/* One layer as the library shows it after a step. */
typedef struct ekfac_layer {
  size_t a, g;                                                     /* in + 1, out */
  double fa[EKFAC_SIDE * EKFAC_SIDE], fg[EKFAC_SIDE * EKFAC_SIDE]; /* A, G */
  double ua[EKFAC_SIDE * EKFAC_SIDE], ug[EKFAC_SIDE * EKFAC_SIDE];
  double s[EKFAC_ORDER];
} ekfac_layer;

void ref_ekfac_view(ref_case *c, size_t layer, ekfac_layer *out);

/* out = x^T y, x k x m, y k x n. */
void ref_transposed_product(size_t m, size_t n, size_t k, const double *x, const double *y,
                            double *out);
/* Gram and Schmidt over the columns of z, n x n. */
void ref_orthogonalise(size_t n, double *z);
/* F (n x n): mean over the examples of the outer product of their gradients. */
void ref_ekfac_block(const ref_net *net, size_t layer, const double *theta, const double *x,
                     const double *y, size_t rows, double *f);
/* The basis U_A (x) U_G, n x n. */
void ref_ekfac_basis(const ekfac_layer *l, double *u);
/* U diag(s) U^T. */
void ref_ekfac_operator(const ekfac_layer *l, const double *s, double *m);
/* The diagonal of U^T M U. */
void ref_ekfac_diagonal(const ekfac_layer *l, const double *m, double *s);
/* A (x) G. */
void ref_ekfac_kron(const ekfac_layer *l, double *m);
/* Eigenvalues of the factors, as U^T A U has them on its diagonal. */
void ref_ekfac_values(const ekfac_layer *l, double *sa, double *sg);
/* The square of the gradient's coordinates: V (g x a) in the basis. */
void ref_ekfac_square(const ekfac_layer *l, const double *v, double *s);

#endif
