/* SPDX-License-Identifier: Apache-2.0
 * How far predictions are from targets, in double. */
#ifndef KFIX_TOOLS_PREDICT_METRICS_H
#define KFIX_TOOLS_PREDICT_METRICS_H

#include "predict_model.h"

/* NaN where the loss has no such number. */
typedef struct predict_metrics {
  size_t rows;
  double loss;          /* mean over the rows: mse in the units of the target */
  double squared_error; /* mean of ||p - y||^2 */
  double accuracy;
  double r2, mae, rmse; /* r2: the mean over the outputs */
  size_t classes;       /* 0: the targets are none */
  size_t *confusion;    /* classes x classes: row: the target, column: the prediction */
} predict_metrics;

/* Of rows x outputs of p, z (model_predict) and targets y, all as the network has them. Release with
 * metrics_free. */
int metrics_measure(predict_metrics *m, const predict_model *model, size_t rows, const kfix_real *p,
                    const kfix_real *z, const kfix_real *y, tool_error *err);
void metrics_free(predict_metrics *m);

/* Of one class: NaN where nothing was, or is, of it. */
double metrics_precision(const predict_metrics *m, size_t class);
double metrics_recall(const predict_metrics *m, size_t class);
double metrics_f1(const predict_metrics *m, size_t class);

/* The class that a row of p is taken for. */
size_t metrics_class(const kfix_net *net, const kfix_real *p);

/* Output or target j of a row in the units of the data. */
double metrics_value(const predict_model *model, size_t j, kfix_real value);

#endif
