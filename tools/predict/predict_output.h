/* SPDX-License-Identifier: Apache-2.0
 * What kfix-predict writes: predictions, and how good they are. */
#ifndef KFIX_TOOLS_PREDICT_OUTPUT_H
#define KFIX_TOOLS_PREDICT_OUTPUT_H

#include "predict_metrics.h"
#include "predict_options.h"

/* p: rows x outputs, as the network has it. */
int output_write(const predict_options *o, const predict_model *model, size_t rows,
                 const kfix_real *p, tool_error *err);

/* To standard output. */
void output_metrics(const predict_options *o, const predict_model *model, const dataset *data,
                    const predict_metrics *m);

#endif
