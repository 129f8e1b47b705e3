/* SPDX-License-Identifier: Apache-2.0
 * The exact damped natural gradient of a block: what every approximation stands in for. */
#ifndef KFIX_TOOLS_BLOCK_NATURAL_H
#define KFIX_TOOLS_BLOCK_NATURAL_H

#include "block_rows.h"
#include "files/tool_error.h"

/* zeta = (F + lambda I)^-1 v, both out x in, dense. With J the rows vec(g_t abar_t^T), F = J^T J / m
 * and Woodbury's identity gives zeta = (v - J^T (m lambda I + K)^-1 J v) / lambda: one Cholesky
 * factorization of order m, or of order in * out where that is less. zeta is NaN where lambda = 0
 * leaves F singular, or where neither order is within BLOCK_ORDER_MAX. */
int block_natural_gradient(const block_rows *f, double lambda, const kfix_real *v, double *zeta,
                           tool_error *err);

/* ||u - zeta||_F / ||zeta||_F over n elements; NaN if zeta = 0. */
double block_distance(size_t n, const kfix_real *u, const double *zeta);

#endif
