/* SPDX-License-Identifier: Apache-2.0
 * A chain of dense layers and its tangents. */
#include "exact_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dense_matrix.h"

/* Rows that share a column of W while it is near. */
enum { ROWS_AT_ONCE = 16 };

int exact_model_open(exact_model *m, const kfix_net *net, size_t rows, tool_error *err) {
  *m = (exact_model){.rows = rows, .outputs = kfix_net_outputs(net)};
  if (!kfix_net_is_chain(net)) return tool_fail(err, "%s: not a chain of dense layers", net->name);
  m->net = net;
  for (uint32_t b = 0; b < net->block_count; b++)
    m->first[b + 1] = m->first[b] + (size_t)net->nodes[b].units * net->nodes[b].cols;
  m->parameters = m->first[net->block_count];
  m->weights = dense_zeros(m->parameters, err);
  if (m->weights == NULL) return -1;
  for (uint32_t place = 0; place <= net->node_count; place++) {
    m->put[place] = dense_zeros(rows * kfix_net_units(net, place), err);
    if (m->put[place] == NULL) return -1;
  }
  return 0;
}

void exact_model_close(exact_model *m) {
  for (uint32_t place = 0; m->net != NULL && place <= m->net->node_count; place++)
    free(m->put[place]);
  free(m->weights);
}

void exact_model_put(const exact_model *m, uint32_t layer, const kfix_real *w, double *vector) {
  const size_t out = m->net->nodes[layer - 1].units, cols = m->net->nodes[layer - 1].cols;
  double *to = vector + m->first[layer - 1];
  for (size_t i = 0; i < out; i++)
    for (size_t j = 0; j < cols; j++) to[j * out + i] = (double)w[i * cols + j];
}

void exact_model_get(const exact_model *m, uint32_t layer, const double *vector, kfix_real *w) {
  const size_t out = m->net->nodes[layer - 1].units, cols = m->net->nodes[layer - 1].cols;
  const double *from = vector + m->first[layer - 1];
  for (size_t i = 0; i < out; i++)
    for (size_t j = 0; j < cols; j++) w[i * cols + j] = (kfix_real)from[j * out + i];
}

static void add(size_t n, double factor, const double *restrict x, double *restrict y) {
  for (size_t i = 0; i < n; i++) y[i] += factor * x[i];
}

/* s += W x, for all rows; with_bias: the last column's input is 1, else 0. */
static void add_layer(const exact_model *m, uint32_t b, const double *vector, const double *x,
                      int with_bias, double *s) {
  const size_t out = m->net->nodes[b].units, in = m->net->nodes[b].cols - 1;
  const double *w = vector + m->first[b];
  for (size_t row = 0; row < m->rows; row += ROWS_AT_ONCE) {
    const size_t end = row + ROWS_AT_ONCE < m->rows ? row + ROWS_AT_ONCE : m->rows;
    for (size_t j = 0; j < in + (size_t)with_bias; j++)
      for (size_t r = row; r < end; r++) {
        const double factor = j < in ? x[r * in + j] : 1;
        if (factor != 0) add(out, factor, w + j * out, s + r * out);
      }
  }
}

static void softmax(size_t n, double *z) {
  double most = z[0], sum = 0;
  for (size_t i = 1; i < n; i++) most = fmax(most, z[i]);
  for (size_t i = 0; i < n; i++) sum += z[i] = exp(z[i] - most);
  for (size_t i = 0; i < n; i++) z[i] /= sum;
}

static double sigmoid(double s) {
  return 1 / (1 + exp(-s));
}

/* What follows s: a layer's function, or behind the last one the means. */
static void respond(const exact_model *m, uint32_t place, double *s) {
  const size_t units = kfix_net_units(m->net, place);
  const int last = place == m->net->node_count;
  kfix_activation function = kfix_net_activation(m->net, place);
  if (last && m->net->loss == KFIX_BERNOULLI) function = KFIX_SIGMOID;
  if (last && m->net->loss == KFIX_CATEGORICAL) {
    for (size_t row = 0; row < m->rows; row++) softmax(units, s + row * units);
    return;
  }
  for (size_t i = 0; i < m->rows * units; i++) {
    if (function == KFIX_SIGMOID) s[i] = sigmoid(s[i]);
    if (function == KFIX_TANH) s[i] = tanh(s[i]);
    if (function == KFIX_RELU) s[i] = fmax(s[i], 0);
  }
}

void exact_model_forward(exact_model *m, const kfix_real *x) {
  for (size_t i = 0; i < m->rows * m->net->inputs; i++) m->put[0][i] = (double)x[i];
  for (uint32_t b = 0; b < m->net->block_count; b++) {
    double *s = m->put[b + 1];
    memset(s, 0, m->rows * m->net->nodes[b].units * sizeof *s);
    add_layer(m, b, m->weights, m->put[b], 1, s);
    respond(m, b + 1, s);
  }
}

/* phi' of what a layer put out. */
static double slope(kfix_activation function, double a) {
  switch (function) {
    case KFIX_SIGMOID:
      return a * (1 - a);
    case KFIX_TANH:
      return 1 - a * a;
    case KFIX_RELU:
      return a > 0;
    default:
      return 1;
  }
}

int exact_model_tangent(const exact_model *m, const double *v, double *dz, tool_error *err) {
  double *below = NULL;
  for (uint32_t b = 0; b < m->net->block_count; b++) {
    const size_t units = m->net->nodes[b].units;
    double *ds = dense_zeros(m->rows * units, err);
    if (ds != NULL) {
      add_layer(m, b, v, m->put[b], 1, ds);
      if (below != NULL) add_layer(m, b, m->weights, below, 0, ds);
      const kfix_activation function = kfix_net_activation(m->net, b + 1);
      for (size_t i = 0; i < m->rows * units; i++) ds[i] *= slope(function, m->put[b + 1][i]);
    }
    free(below);
    below = ds;
    if (ds == NULL) return -1;
  }
  memcpy(dz, below, m->rows * m->outputs * sizeof *dz);
  free(below);
  return 0;
}

/* F_R is p (1 - p) on the diagonal (Bernoulli), diag(p) - p p^T (categorical), I (squares). */
static double form_of_row(kfix_loss loss, size_t n, const double *p, const double *x,
                          const double *y) {
  double sum = 0, px = 0, py = 0;
  for (size_t i = 0; i < n; i++) {
    const double weight =
        loss == KFIX_BERNOULLI ? p[i] * (1 - p[i]) : (loss == KFIX_CATEGORICAL ? p[i] : 1);
    sum += weight * x[i] * y[i];
    px += p[i] * x[i];
    py += p[i] * y[i];
  }
  return loss == KFIX_CATEGORICAL ? sum - px * py : sum;
}

double exact_model_form(const exact_model *m, const double *dz, const double *dw) {
  const double *p = m->put[m->net->node_count];
  double sum = 0;
  for (size_t row = 0; row < m->rows; row++) {
    const size_t at = row * m->outputs;
    sum += form_of_row(m->net->loss, m->outputs, p + at, dz + at, dw + at);
  }
  return sum / (double)m->rows;
}
