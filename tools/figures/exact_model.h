/* SPDX-License-Identifier: Apache-2.0
 * The exact Fisher matrix along given directions: v^T F w = mean over rows of (J v)^T F_R (J w)
 * [KFAC 6.4], on all rows of a batch, in double, by plain loops: another way than the library's, so
 * that one can check the other. For chains of dense nodes.
 *
 * Vectors hold the blocks' parameters one after the other, each by columns: element (i, j) of block b
 * at first[b] + j out_b + i. */
#ifndef KFIX_TOOLS_EXACT_MODEL_H
#define KFIX_TOOLS_EXACT_MODEL_H

#include <stddef.h>

#include "files/tool_error.h"
#include "lib/kfix.h"

typedef struct exact_model {
  const kfix_net *net;
  size_t rows, parameters, outputs;
  size_t first[KFIX_BLOCKS_MAX + 1];
  double *weights;
  double
      *put[KFIX_BLOCKS_MAX + 1]; /* what each place puts out, rows x units; of the last, the means
                                       of the predictive distribution */
} exact_model;

/* Room for `rows` rows. -1: no memory, or the net is no chain. Close it after a failure, too. */
int exact_model_open(exact_model *m, const kfix_net *net, size_t rows, tool_error *err);
void exact_model_close(exact_model *m);

/* Layer `layer` (from 1), out x cols with the bias last, into a vector and back. */
void exact_model_put(const exact_model *m, uint32_t layer, const kfix_real *w, double *vector);
void exact_model_get(const exact_model *m, uint32_t layer, const double *vector, kfix_real *w);

/* The net at m->weights on these inputs, rows x inputs. */
void exact_model_forward(exact_model *m, const kfix_real *x);
/* dz = J v, rows x outputs; -1: no memory. cost: two forward passes. */
int exact_model_tangent(const exact_model *m, const double *v, double *dz, tool_error *err);
/* Mean of dz^T F_R dw. */
double exact_model_form(const exact_model *m, const double *dz, const double *dw);

#endif
