/* SPDX-License-Identifier: Apache-2.0
 * Gradients of a convolution's examples, each the sum over its positions, and what the block's norms and inner products
 * are by them. All of these: f->positions > 0. */
#ifndef KFIX_TOOLS_BLOCK_GRADIENTS_H
#define KFIX_TOOLS_BLOCK_GRADIENTS_H

#include "block_rows.h"
#include "files/tool_error.h"

/* f->d, which block_gradients_free gives back. cost: positions in out an example, and that memory but for positions */
int block_gradients_make(block_rows *f, tool_error *err);
void block_gradients_free(block_rows *f);

/* vec D_t . vec D_s */
double block_gradients_dot(const block_rows *f, size_t t, size_t s);

/* F itself, its lower triangle: order in * out, element (i out + j). */
void block_gradients_dense(const block_rows *f, double *dense);

/* <F, B> = (1/m) sum_t <D_t, sum G D_t A>, or, in an eigenbasis, (1/m) sum_t sum (U_G^T D_t U_A)^2 o s^T. room: 2 in out
 * numbers. cost: in out (in + out) an example */
double block_gradients_inner(const block_rows *f, const block_factors *b, double *room);

#endif
