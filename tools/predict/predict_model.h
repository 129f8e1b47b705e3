/* SPDX-License-Identifier: Apache-2.0
 * Weights at work. */
#ifndef KFIX_TOOLS_PREDICT_MODEL_H
#define KFIX_TOOLS_PREDICT_MODEL_H

#include "data/dataset.h"
#include "lib/kfix.h"

typedef struct predict_model {
  const kfix_net *net;
  const kfix_port *port;
  kfix_real *weights[KFIX_BLOCKS_MAX];
  dataset_facts facts; /* of the data that the weights were trained on */
  int has_facts;       /* the file said them */
} predict_model;

/* Release with model_close, also after failure. */
int model_open(predict_model *model, const kfix_net *net, const kfix_port *port, const char *path,
               tool_error *err);
void model_close(predict_model *model);

/* p = the mean of the predictive distribution for rows [first, first + rows) of the data, rows x
 * outputs, as the network has it; z, unless NULL: what the network puts out before its link. */
int model_predict(const predict_model *model, const dataset *data, size_t first, size_t rows,
                  kfix_real *p, kfix_real *z, tool_error *err);

#endif
