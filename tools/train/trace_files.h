/* SPDX-License-Identifier: Apache-2.0
 * One traced step, and its files. */
#ifndef KFIX_TOOLS_TRACE_FILES_H
#define KFIX_TOOLS_TRACE_FILES_H

#include "arrays/json_writer.h"
#include "files/tool_error.h"
#include "lib/kfix.h"
#include "trace_direction.h"
#include "trace_moments.h"

typedef struct train_trace {
  const char *folder; /* NULL: no traces */
  const uint64_t *steps;
  uint32_t count;
  const kfix_net *net;
  const kfix_options *settings;
  kfix_method method;
  /* Of the step being traced: what the trainer shows on the way. */
  kfix_real *sampled, *direction;
  size_t sampled_rows, rows;
  int has_direction;
  trace_direction parts; /* of a two-level direction */
  trace_moments moments; /* of normalisations */
} train_trace;

int trace_matrices(const train_trace *t, kfix *k, const char *folder, tool_error *err);
int trace_batch(const train_trace *t, kfix *k, const char *folder, const kfix_batch *batch,
                tool_error *err);
int trace_scalars(const train_trace *t, kfix *k, const char *folder, tool_error *err);
/* nodes.json, where the net is not a chain. */
int trace_nodes(const train_trace *t, const char *folder, tool_error *err);
/* {height, width, channels}. */
void trace_shape(json_writer *json, const char *key, const kfix_image *image);

#endif
