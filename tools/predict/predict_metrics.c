/* SPDX-License-Identifier: Apache-2.0
 * Metrics. */
#include "predict_metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t largest(size_t n, const kfix_real *x) {
  size_t best = 0;
  for (size_t j = 1; j < n; j++) best = x[j] > x[best] ? j : best;
  return best;
}

size_t metrics_class(const kfix_net *net, const kfix_real *p) {
  const size_t outputs = kfix_net_outputs(net);
  return outputs == 1 ? p[0] >= (kfix_real)0.5 : largest(outputs, p);
}

double metrics_value(const predict_model *model, size_t j, kfix_real value) {
  const size_t inputs = model->facts.inputs;
  if (model->facts.mean == NULL || model->net->loss != KFIX_MSE) return (double)value;
  return facts_undo(&model->facts, model->net->target == KFIX_TARGET_INPUT ? j : inputs,
                    (double)value);
}

/* log(sum exp(z)) - y.z */
static double categorical_loss(size_t n, const kfix_real *z, const kfix_real *y) {
  const size_t top = largest(n, z);
  double rest = 0, along = 0;
  for (size_t j = 0; j < n; j++) {
    const double behind = (double)z[j] - (double)z[top];
    rest += j == top ? 0 : exp(behind);
    along += (double)y[j] * behind;
  }
  return log1p(rest) - along;
}

/* sum of log(1 + exp(z)) - y z */
static double bernoulli_loss(size_t n, const kfix_real *z, const kfix_real *y) {
  double loss = 0;
  for (size_t j = 0; j < n; j++) {
    const double logit = (double)z[j];
    loss += fmax(logit, 0) + log1p(exp(-fabs(logit))) - (double)y[j] * logit;
  }
  return loss;
}

/* Sums over the rows of one output, in the units of the data. */
typedef struct column {
  double squared, absolute, around_mean;
} column;

static column measure_column(const predict_model *model, size_t j, size_t rows, const kfix_real *p,
                             const kfix_real *y) {
  const size_t n = kfix_net_outputs(model->net);
  double mean = 0;
  column c = {0, 0, 0};
  for (size_t r = 0; r < rows; r++) mean += metrics_value(model, j, y[r * n + j]) / (double)rows;
  for (size_t r = 0; r < rows; r++) {
    const double target = metrics_value(model, j, y[r * n + j]);
    const double off = metrics_value(model, j, p[r * n + j]) - target;
    c.squared += off * off;
    c.absolute += fabs(off);
    c.around_mean += (target - mean) * (target - mean);
  }
  return c;
}

static void measure_values(predict_metrics *m, const predict_model *model, const kfix_real *p,
                           const kfix_real *y) {
  const size_t n = kfix_net_outputs(model->net);
  const double rows = (double)m->rows;
  double squared = 0, absolute = 0, explained = 0;
  for (size_t j = 0; j < n; j++) {
    const column c = measure_column(model, j, m->rows, p, y);
    squared += c.squared;
    absolute += c.absolute;
    explained += c.around_mean > 0 ? 1 - c.squared / c.around_mean : NAN;
  }
  m->squared_error = squared / rows;
  m->mae = absolute / rows / (double)n;
  m->rmse = sqrt(squared / rows / (double)n);
  m->r2 = explained / (double)n;
  if (model->net->loss == KFIX_MSE) m->loss = m->squared_error / 2;
}

static int count_classes(predict_metrics *m, const predict_model *model, const kfix_real *p,
                         const kfix_real *y, tool_error *err) {
  const size_t n = kfix_net_outputs(model->net);
  size_t right = 0;
  m->classes = n == 1 ? 2 : n;
  m->confusion = calloc(m->classes * m->classes, sizeof *m->confusion);
  if (m->confusion == NULL) return tool_fail(err, "no memory for %zu classes", m->classes);
  for (size_t r = 0; r < m->rows; r++) {
    const size_t target = metrics_class(model->net, y + r * n);
    const size_t found = metrics_class(model->net, p + r * n);
    m->confusion[target * m->classes + found]++;
    right += target == found;
  }
  m->accuracy = (double)right / (double)m->rows;
  return 0;
}

int metrics_measure(predict_metrics *m, const predict_model *model, size_t rows, const kfix_real *p,
                    const kfix_real *z, const kfix_real *y, tool_error *err) {
  const kfix_net *net = model->net;
  const size_t n = kfix_net_outputs(net);
  *m = (predict_metrics){rows, 0, NAN, NAN, NAN, NAN, NAN, 0, NULL};
  measure_values(m, model, p, y);
  for (size_t r = 0; net->loss != KFIX_MSE && r < rows; r++)
    m->loss +=
        (net->loss == KFIX_BERNOULLI ? bernoulli_loss : categorical_loss)(n, z + r * n, y + r * n) /
        (double)rows;
  if (net->loss != KFIX_CATEGORICAL && net->target != KFIX_TARGET_CLASS) return 0;
  return count_classes(m, model, p, y, err);
}

void metrics_free(predict_metrics *m) {
  free(m->confusion);
  m->confusion = NULL;
}

double metrics_precision(const predict_metrics *m, size_t class) {
  size_t all = 0;
  for (size_t i = 0; i < m->classes; i++) all += m->confusion[i * m->classes + class];
  return all > 0 ? (double)m->confusion[class * m->classes + class] / (double)all : NAN;
}

double metrics_recall(const predict_metrics *m, size_t class) {
  size_t all = 0;
  for (size_t i = 0; i < m->classes; i++) all += m->confusion[class * m->classes + i];
  return all > 0 ? (double)m->confusion[class * m->classes + class] / (double)all : NAN;
}

/* 2 right / (2 right + wrongly found + missed) */
double metrics_f1(const predict_metrics *m, size_t class) {
  size_t all = 0;
  for (size_t i = 0; i < m->classes; i++)
    all += m->confusion[i * m->classes + class] + m->confusion[class * m->classes + i];
  return all > 0 ? 2 * (double)m->confusion[class * m->classes + class] / (double)all : NAN;
}
