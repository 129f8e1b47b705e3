/* SPDX-License-Identifier: Apache-2.0
 * The files of one traced step. */
#ifndef KFIX_TOOLS_TRACE_FILES_H
#define KFIX_TOOLS_TRACE_FILES_H

#include "files/tool_error.h"
#include "train_trace.h"

#define TRACE_PATH_BYTES 4096

/* Weights and biases of the layers below `layer` (from 1): where its part of a direction begins. */
size_t trace_parameters(const kfix_net *net, uint32_t layer);

int trace_matrices(const train_trace *t, kfix *k, const char *folder, tool_error *err);
int trace_batch(const train_trace *t, kfix *k, const char *folder, const kfix_batch *batch,
                tool_error *err);
int trace_scalars(const train_trace *t, kfix *k, const char *folder, tool_error *err);

#endif
