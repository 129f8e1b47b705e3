/* SPDX-License-Identifier: Apache-2.0
 * A two-level direction in a trace. */
#include "trace_direction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arrays/npy.h"

static const char *const names[3] = {"zeta_block", "r", "zeta"};

size_t trace_parameters(const kfix_net *net, uint32_t layer) {
  size_t before = 0;
  for (uint32_t i = 0; i + 1 < layer; i++)
    before += (size_t)kfix_node_rows(kfix_net_block(net, i)) * kfix_net_block(net, i)->cols;
  return before;
}

void trace_direction_begin(trace_direction *d, const kfix_net *net, size_t n) {
  *d = (trace_direction){.net = net, .n = n};
}

/* Which of the vectors it is; TRACE_VECTORS: none. */
static size_t index_of(const char *name) {
  for (size_t i = 0; i < 3; i++)
    if (strcmp(name, names[i]) == 0) return i;
  return name[0] == 'V' ? 3 + (size_t)(name[1] - '0') : TRACE_VECTORS;
}

void trace_direction_vector(trace_direction *d, const char *name, uint32_t layer, size_t row,
                            const kfix_real *values, size_t cols) {
  const size_t i = index_of(name);
  if (d->n == 0 || i >= TRACE_VECTORS) return;
  if (d->vector[i] == NULL)
    d->vector[i] = malloc(trace_parameters(d->net, d->net->block_count + 1) * sizeof *values);
  if (d->vector[i] == NULL) {
    d->failed = 1;
    return;
  }
  memcpy(d->vector[i] + trace_parameters(d->net, layer) + row * cols, values,
         cols * sizeof *values);
}

void trace_direction_number(trace_direction *d, const char *name, size_t row, size_t col,
                            double value) {
  double **all = strcmp(name, "beta") == 0 ? &d->beta : &d->f_coarse;
  if (d->n == 0) return;
  if (*all == NULL) *all = malloc((all == &d->beta ? 1 : d->n) * d->n * sizeof **all);
  if (*all == NULL)
    d->failed = 1;
  else
    (*all)[row * d->n + col] = value;
}

static int save_of_layer(const trace_direction *d, const char *folder, size_t which, uint32_t layer,
                         tool_error *err) {
  char path[TRACE_PATH_BYTES];
  const kfix_node_spec *b = kfix_net_block(d->net, layer - 1);
  if (d->vector[which] == NULL) return 0;
  (void)snprintf(path, sizeof path, "%s/%s%u.npy", folder, names[which], (unsigned)layer);
  const tensor_view view = tensor_of(names[which], TENSOR_REAL, kfix_node_rows(b), b->cols,
                                     d->vector[which] + trace_parameters(d->net, layer));
  return npy_save(path, &view, err);
}

/* V of a block: out x cols x columns. */
static int save_columns(const trace_direction *d, const char *folder, uint32_t layer,
                        tool_error *err) {
  char path[TRACE_PATH_BYTES];
  const kfix_node_spec *b = kfix_net_block(d->net, layer - 1);
  const size_t count = (size_t)kfix_node_rows(b) * b->cols, columns = d->n / d->net->block_count;
  const size_t first = trace_parameters(d->net, layer);
  kfix_real *v = malloc(count * columns * sizeof *v);
  if (v == NULL) return tool_fail(err, "no memory for a trace of V");
  for (size_t j = 0; j < columns && d->vector[3 + j] != NULL; j++)
    for (size_t i = 0; i < count; i++) v[i * columns + j] = d->vector[3 + j][first + i];
  (void)snprintf(path, sizeof path, "%s/V%u.npy", folder, (unsigned)layer);
  tensor_view view = tensor_of("V", TENSOR_REAL, kfix_node_rows(b), b->cols, v);
  view.shape[view.dims++] = columns;
  const int result = npy_save(path, &view, err);
  free(v);
  return result;
}

static int save_numbers(const trace_direction *d, const char *folder, tool_error *err) {
  char path[TRACE_PATH_BYTES];
  if (d->f_coarse == NULL || d->beta == NULL) return 0;
  const tensor_view f = tensor_of("F_coarse", TENSOR_F64, d->n, d->n, d->f_coarse);
  const tensor_view beta = tensor_of_vector("beta", TENSOR_F64, d->n, d->beta);
  (void)snprintf(path, sizeof path, "%s/F_coarse.npy", folder);
  if (npy_save(path, &f, err) != 0) return -1;
  (void)snprintf(path, sizeof path, "%s/beta.npy", folder);
  return npy_save(path, &beta, err);
}

int trace_direction_save(const trace_direction *d, const char *folder, tool_error *err) {
  if (d->n == 0) return 0;
  if (d->failed) return tool_fail(err, "no memory for a trace of the direction");
  for (uint32_t layer = 1; layer <= d->net->block_count; layer++) {
    for (size_t which = 0; which < 3; which++)
      if (save_of_layer(d, folder, which, layer, err) != 0) return -1;
    if (save_columns(d, folder, layer, err) != 0) return -1;
  }
  return save_numbers(d, folder, err);
}

void trace_direction_end(trace_direction *d) {
  for (size_t i = 0; i < TRACE_VECTORS; i++) free(d->vector[i]);
  free(d->f_coarse);
  free(d->beta);
  *d = (trace_direction){0};
}
