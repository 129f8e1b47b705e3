/* SPDX-License-Identifier: Apache-2.0
 * How far an approximation is from its block: the Frobenius norm, at any layer size. */
#ifndef KFIX_TOOLS_BLOCK_ERROR_H
#define KFIX_TOOLS_BLOCK_ERROR_H

#include "block_rows.h"
#include "files/tool_error.h"

/* ||F||_F^2 = (1/m^2) sum over t, s of (abar_t . abar_s)^2 (g_t . g_s)^2. cost: m^2 (in + out), or
 * m n^2 through the dense block of order n = in * out where that is less. */
int block_norm2(const block_rows *f, double *norm2, tool_error *err);

/* <F, B> = (1/m) sum_t (abar_t^T A abar_t) (g_t^T G g_t), or, in an eigenbasis, (1/m) sum_t sum
 * (U_A^T abar_t)_i^2 (U_G^T g_t)_j^2 s_ij. cost: m (in^2 + out^2 + in out) */
int block_inner(const block_rows *f, const block_factors *b, double *inner, tool_error *err);

/* ||B||_F^2 from <A (x) G, C (x) D> = <A, C> <G, D>, or ||s||^2 with the columns'
 * own lengths. */
int block_factors_norm2(const block_rows *shape, const block_factors *b, double *norm2,
                        tool_error *err);

/* ||F - B||_F / ||F||_F, the norm of F given; NaN if F = 0. Rounding leaves about 1e-8 of a
 * distance that is zero. */
int block_frobenius(const block_rows *f, double norm2, const block_factors *b, double *error,
                    tool_error *err);

/* Lower triangles: K (rows x rows), and F itself (order in * out, element (i out + j) the pair of
 * abar_i and g_j). */
void block_gram(const block_rows *f, double *k);
void block_dense(const block_rows *f, double *dense);

#endif
