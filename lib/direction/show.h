/* SPDX-License-Identifier: Apache-2.0
 * What a direction shows of itself to whoever watches the step (core/report.h). Nobody: it costs nothing. */
#ifndef KFIX_DIRECTION_SHOW_H
#define KFIX_DIRECTION_SHOW_H

#include "core/context.h"

/* A parameter vector, times 1 or -1: block by block, row by row. */
kfix_status kfix_show_vector(kfix *k, const char *name, const kfix_real *v, int sign);
/* A symmetric matrix of order n, packed, on the host; and a vector, as a matrix of one row. */
void kfix_show_symmetric(kfix *k, const char *name, size_t n, const double *packed);
void kfix_show_row(kfix *k, const char *name, size_t n, const double *values);

#endif
