/* SPDX-License-Identifier: Apache-2.0
 * What kfix-fisher reads and writes. */
#ifndef KFIX_TOOLS_FISHER_FILES_H
#define KFIX_TOOLS_FISHER_FILES_H

#include "fisher_lab/block_lab.h"
#include "fisher_options.h"

/* A dense matrix out of a .npy file. */
typedef struct fisher_matrix {
  size_t rows, cols;
  kfix_real *data;
} fisher_matrix;

/* Two dimensions, at least one row and column, of floating-point numbers, all finite. */
int fisher_read(fisher_matrix *matrix, const char *path, tool_error *err);

/* NaN is not known. */
typedef struct fisher_result {
  block_factors factors;
  double frobenius, spectrum, floored;
  const kfix_real *solution; /* NULL: none */
} fisher_result;

/* Refuses, before anything is computed, outputs that would replace an input. */
int fisher_check_outputs(const fisher_options *options, tool_error *err);

/* All files, or none of them: they are complete before the first gets its name. */
int fisher_write(const fisher_options *o, const block_rows *shape, const fisher_result *result,
                 tool_error *err);

#endif
