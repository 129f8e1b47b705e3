/* SPDX-License-Identifier: Apache-2.0
 * The example network of [KFAC 3]: trained for a few steps, then its exact Fisher matrix over all
 * layers but the first, with the expectation over the model's classes taken exactly. */
#ifndef KFIX_TOOLS_EXAMPLE_NET_H
#define KFIX_TOOLS_EXAMPLE_NET_H

#include "files/tool_error.h"
#include "lib/kfix.h"

typedef struct example_settings {
  const char *data;
  uint64_t limit, steps, seed;
} example_settings;

/* Blocks are the layers from the second on. Units of all blocks stand one after the other: `in` of
 * abar, `out` of g, n weights; block i begins at a[i], g[i], w[i]; [blocks] is the end. */
typedef struct example_moments {
  uint32_t blocks;
  size_t in, out, n;
  size_t a[KFIX_BLOCKS_MAX + 1], g[KFIX_BLOCKS_MAX + 1], w[KFIX_BLOCKS_MAX + 1];
  double pi[KFIX_BLOCKS_MAX], gamma;
  double objective, error; /* on the training data */
  double *mean;            /* E[abar]: in */
  double *second_a;        /* E[abar abar^T]: in x in */
  double *second_g;        /* E[g g^T]: out x out */
  double *third;           /* E[abar_k g_r g_s]: in x out x out */
  double *fisher; /* E[vec(DW) vec(DW)^T]: n x n, weight (k, r) of a block at k out_i + r */
} example_moments;

int example_measure(example_moments *m, const example_settings *settings, tool_error *err);
void example_free(example_moments *m);

#endif
