/* SPDX-License-Identifier: Apache-2.0
 * The dense reference network: one example at a time, one formula after the other. */
#include "reference_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ref_net ref_from(const kfix_net *net) {
  ref_net r = {.depth = net->node_count, .loss = net->loss};
  r.width[0] = net->inputs;
  for (size_t i = 0; i < r.depth; i++) {
    r.width[i + 1] = net->nodes[i].units;
    r.activation[i] = net->nodes[i].activation;
    /* The loss is of the logits: its sigmoid or softmax belongs to p. */
    if (i + 1 == r.depth && net->loss != KFIX_MSE) r.activation[i] = KFIX_LINEAR;
    r.w[i] = r.parameters;
    r.parameters += r.width[i + 1] * (r.width[i] + 1);
  }
  return r;
}

size_t ref_outputs(const ref_net *net) {
  return net->width[net->depth];
}

double ref_dot(const double *a, const double *b, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

static double phi(kfix_activation f, double s) {
  if (f == KFIX_RELU) return s > 0 ? s : 0;
  if (f == KFIX_SIGMOID) return 1 / (1 + exp(-s));
  return f == KFIX_TANH ? tanh(s) : s;
}

/* phi' from a = phi(s). */
static double slope(kfix_activation f, double a) {
  if (f == KFIX_RELU) return a > 0 ? 1 : 0;
  if (f == KFIX_SIGMOID) return a * (1 - a);
  return f == KFIX_TANH ? 1 - a * a : 1;
}

static void predictive_mean(const ref_net *net, ref_pass *t) {
  const size_t n = ref_outputs(net);
  double top = t->z[0], sum = 0;
  for (size_t j = 1; j < n; j++) top = t->z[j] > top ? t->z[j] : top;
  for (size_t j = 0; j < n; j++) sum += exp(t->z[j] - top);
  for (size_t j = 0; j < n; j++) {
    double others = 0;
    for (size_t i = 0; i < n; i++) others += i == j ? 0 : exp(t->z[i] - top);
    t->p[j] = t->z[j];
    if (net->loss == KFIX_BERNOULLI) t->p[j] = 1 / (1 + exp(-t->z[j]));
    if (net->loss == KFIX_BERNOULLI) t->q[j] = 1 / (1 + exp(t->z[j]));
    if (net->loss == KFIX_CATEGORICAL) t->p[j] = exp(t->z[j] - top) / sum;
    if (net->loss == KFIX_CATEGORICAL) t->q[j] = others / sum;
  }
}

void ref_forward(const ref_net *net, const double *theta, const double *x, ref_pass *t) {
  memcpy(t->a[0], x, net->width[0] * sizeof *x);
  for (size_t i = 0; i < net->depth; i++) {
    const size_t in = net->width[i], out = net->width[i + 1];
    t->a[i][in] = 1;
    for (size_t r = 0; r < out; r++) {
      double s = 0;
      for (size_t c = 0; c <= in; c++) s += theta[net->w[i] + r * (in + 1) + c] * t->a[i][c];
      t->a[i + 1][r] = phi(net->activation[i], s);
    }
  }
  memcpy(t->z, t->a[net->depth], ref_outputs(net) * sizeof *t->z);
  predictive_mean(net, t);
}

/* g of all layers, from dL/dz in g of the last. */
static void propagate(const ref_net *net, const double *theta, ref_pass *t) {
  for (size_t i = net->depth; i-- > 0;) {
    const size_t in = net->width[i], out = net->width[i + 1];
    for (size_t r = 0; r < out; r++) t->g[i][r] *= slope(net->activation[i], t->a[i + 1][r]);
    for (size_t c = 0; i > 0 && c < in; c++) {
      t->g[i - 1][c] = 0;
      for (size_t r = 0; r < out; r++)
        t->g[i - 1][c] += theta[net->w[i] + r * (in + 1) + c] * t->g[i][r];
    }
  }
}

void ref_backward(const ref_net *net, const double *theta, const double *y, ref_pass *t) {
  for (size_t j = 0; j < ref_outputs(net); j++) {
    const int above = net->loss != KFIX_MSE && t->p[j] > 0.5;
    t->g[net->depth - 1][j] = above ? (1 - y[j]) - t->q[j] : t->p[j] - y[j];
  }
  propagate(net, theta, t);
}

double ref_loss(const ref_net *net, const ref_pass *t, const double *y) {
  const size_t n = ref_outputs(net);
  double sum = 0;
  for (size_t j = 0; j < n; j++) {
    const double z = t->z[j];
    if (net->loss == KFIX_MSE) sum += (y[j] - z) * (y[j] - z) / 2;
    if (net->loss == KFIX_BERNOULLI) sum += ((z > 0) - y[j]) * z + log1p(exp(-fabs(z)));
    /* - log p, from whichever of p and 1 - p is small */
    if (net->loss == KFIX_CATEGORICAL && y[j] > 0)
      sum -= y[j] * (t->q[j] < 0.5 ? log1p(-t->q[j]) : log(t->p[j]));
  }
  return sum;
}

static size_t largest(const double *v, size_t n) {
  size_t best = 0;
  for (size_t j = 1; j < n; j++)
    if (v[j] > v[best]) best = j;
  return best;
}

double ref_error(const ref_net *net, const ref_pass *t, const double *y) {
  const size_t n = ref_outputs(net);
  double sum = 0;
  if (net->loss == KFIX_CATEGORICAL) return largest(t->p, n) != largest(y, n);
  for (size_t j = 0; j < n; j++) sum += (t->p[j] - y[j]) * (t->p[j] - y[j]);
  return sum;
}

double ref_objective(const ref_net *net, const double *theta, const double *x, const double *y,
                     size_t n, double eta) {
  ref_pass t;
  double sum = 0, theta2 = 0;
  for (size_t e = 0; e < n; e++) {
    ref_forward(net, theta, x + e * net->width[0], &t);
    sum += ref_loss(net, &t, y + e * ref_outputs(net));
  }
  for (size_t i = 0; i < net->parameters; i++) theta2 += theta[i] * theta[i];
  return sum / (double)n + eta / 2 * theta2;
}

void ref_gradient(const ref_net *net, const double *theta, const double *x, const double *y,
                  size_t n, double eta, double *gradient) {
  ref_pass t;
  for (size_t i = 0; i < net->parameters; i++) gradient[i] = eta * theta[i];
  for (size_t e = 0; e < n; e++) {
    ref_forward(net, theta, x + e * net->width[0], &t);
    ref_backward(net, theta, y + e * ref_outputs(net), &t);
    for (size_t i = 0; i < net->depth; i++)
      for (size_t r = 0, cols = net->width[i] + 1; r < net->width[i + 1]; r++)
        for (size_t c = 0; c < cols; c++)
          gradient[net->w[i] + r * cols + c] += t.g[i][r] * t.a[i][c] / (double)n;
  }
}

/* Row j of the Jacobian from a pass whose activations are there. */
static void jacobian_row(const ref_net *net, const double *theta, ref_pass *t, size_t j,
                         double *row) {
  for (size_t o = 0; o < ref_outputs(net); o++) t->g[net->depth - 1][o] = o == j;
  propagate(net, theta, t);
  for (size_t i = 0; i < net->depth; i++)
    for (size_t r = 0, cols = net->width[i] + 1; r < net->width[i + 1]; r++)
      for (size_t c = 0; c < cols; c++) row[net->w[i] + r * cols + c] = t->g[i][r] * t->a[i][c];
}

void ref_jacobian(const ref_net *net, const double *theta, const double *x, double *jacobian) {
  ref_pass t;
  ref_forward(net, theta, x, &t);
  for (size_t j = 0; j < ref_outputs(net); j++)
    jacobian_row(net, theta, &t, j, jacobian + j * net->parameters);
}

void ref_output_fisher(const ref_net *net, const double *p, double *f) {
  const size_t n = ref_outputs(net);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double value = i == j;
      if (net->loss == KFIX_BERNOULLI) value *= p[i] * (1 - p[i]);
      if (net->loss == KFIX_CATEGORICAL) value = value * p[i] - p[i] * p[j];
      f[i * n + j] = value;
    }
}

void ref_fisher(const ref_net *net, const double *theta, const double *x, size_t n, double *f) {
  const size_t out = ref_outputs(net), count = net->parameters;
  double *jac = malloc(out * count * sizeof *jac), *fr = malloc(out * out * sizeof *fr);
  ref_pass t;
  memset(f, 0, count * count * sizeof *f);
  for (size_t e = 0; e < n; e++) {
    ref_forward(net, theta, x + e * net->width[0], &t);
    ref_output_fisher(net, t.p, fr);
    ref_jacobian(net, theta, x + e * net->width[0], jac);
    for (size_t o = 0; o < out; o++)
      for (size_t q = 0; q < out; q++)
        for (size_t i = 0; i < count; i++)
          for (size_t j = 0; j < count; j++)
            f[i * count + j] +=
                jac[o * count + i] * fr[o * out + q] * jac[q * count + j] / (double)n;
  }
  free(jac);
  free(fr);
}

double ref_fisher_form(const ref_net *net, const double *theta, const double *x, size_t n,
                       const double *u, const double *v) {
  const size_t out = ref_outputs(net), count = net->parameters;
  double *jac = malloc(out * count * sizeof *jac), *fr = malloc(out * out * sizeof *fr);
  double sum = 0;
  ref_pass t;
  for (size_t e = 0; e < n; e++) {
    ref_forward(net, theta, x + e * net->width[0], &t);
    ref_output_fisher(net, t.p, fr);
    ref_jacobian(net, theta, x + e * net->width[0], jac);
    for (size_t o = 0; o < out; o++)
      for (size_t q = 0; q < out; q++)
        sum += ref_dot(jac + o * count, u, count) * fr[o * out + q] *
               ref_dot(jac + q * count, v, count);
  }
  free(jac);
  free(fr);
  return sum / (double)n;
}
