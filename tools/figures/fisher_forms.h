/* SPDX-License-Identifier: Apache-2.0
 * The approximations of [KFAC 3, 4] as dense matrices, by their definitions. */
#ifndef KFIX_TOOLS_FISHER_FORMS_H
#define KFIX_TOOLS_FISHER_FORMS_H

#include "example_net.h"

typedef enum fisher_form {
  FORM_EXACT,     /* F */
  FORM_KRONECKER, /* F-tilde: blocks E[abar abar^T] (x) E[g g^T] */
  FORM_DAMPED,    /* F-tilde with pi gamma I and gamma / pi I added to the factors of diagonal
                         blocks [KFAC 6.3] */
  FORM_INVERSE,   /* of that */
  FORM_DIAGONAL,  /* its diagonal blocks */
  FORM_DIAGONAL_INVERSE,
  FORM_TRIDIAGONAL,         /* F-hat: agrees in the tridiagonal blocks */
  FORM_TRIDIAGONAL_INVERSE, /* and has a block-tridiagonal inverse, Xi^T Lambda Xi [KFAC 4.3] */
  FORM_COUNT
} fisher_form;

/* Each n x n. m->fisher becomes forms[FORM_EXACT]; the others are freed with fisher_forms_free. */
int fisher_forms_make(double *forms[FORM_COUNT], const example_moments *m, tool_error *err);
void fisher_forms_free(double *forms[FORM_COUNT]);

/* Sums over all pairs of weights of |F - F-tilde| and of its bound by cumulants, (3) and (4) of
 * [KFAC 3.1]. */
void fisher_error_sums(const example_moments *m, double *error, double *bound);

#endif
