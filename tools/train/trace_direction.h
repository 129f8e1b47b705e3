/* SPDX-License-Identifier: Apache-2.0
 * What a two-level direction shows of itself, for a trace: zeta_block{i}, r{i}, V{i}, zeta{i}, F_coarse, beta. */
#ifndef KFIX_TOOLS_TRACE_DIRECTION_H
#define KFIX_TOOLS_TRACE_DIRECTION_H

#include "files/tool_error.h"
#include "lib/kfix.h"

#define TRACE_PATH_BYTES 4096

/* Weights and biases of the layers below `layer` (from 1): where its part of a direction begins. */
size_t trace_parameters(const kfix_net *net, uint32_t layer);

/* zeta_block, r, zeta, and columns of V. */
#define TRACE_VECTORS (3 + KFIX_COARSE_MAX)

typedef struct trace_direction {
  const kfix_net *net;
  kfix_real *vector[TRACE_VECTORS]; /* all blocks, one behind the other; NULL: not shown */
  double *f_coarse, *beta;          /* n x n, n; NULL: not shown */
  size_t n;
  int failed; /* there was no memory */
} trace_direction;

/* n: columns of the coarse space; 0: the method has none, and nothing is kept. */
void trace_direction_begin(trace_direction *d, const kfix_net *net, size_t n);
/* The two callbacks of kfix_observer; context is the trace_direction. */
void trace_direction_vector(trace_direction *d, const char *name, uint32_t layer, size_t row,
                            const kfix_real *values, size_t cols);
void trace_direction_number(trace_direction *d, const char *name, size_t row, size_t col,
                            double value);
int trace_direction_save(const trace_direction *d, const char *folder, tool_error *err);
void trace_direction_end(trace_direction *d);

#endif
