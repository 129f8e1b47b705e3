/* SPDX-License-Identifier: Apache-2.0
 * What methods keep of blocks that look through windows, by brute force: A and G of all windows (expand), of
 * the pairs of the examples (reduce), A of the channels (sua), scalings in the eigenbasis, the diagonal; with weights of examples. */
#include <string.h>

#include "graph_case.h"

enum { FIRST_OF_IMAGES = 4, WINDOWS = 20, SIDE = 40, BLOCKS = 5, KNOWN_NETS = 8 };

/* One example at a block: abar and g (with the training targets) of each window, or of the pair. */
typedef struct example {
  size_t count; /* of windows */
  double abar[WINDOWS][SIDE], g[WINDOWS][SIDE];
} example;

/* Of a block whose parameters belong to a channel each: a one, and the gradient. */
static void by_differences(uint32_t b, size_t e, example *out) {
  double gradient[GRAPH_PARAMETERS];
  graph_gradient(&c.g, c.theta, c.xd + e * c.g.net.inputs, c.yd + e * kfix_net_outputs(&c.g.net), 1,
                 0, gradient);
  out->count = 1;
  out->abar[0][0] = 1;
  memcpy(out->g[0], gradient + c.g.w[b], (c.g.w[b + 1] - c.g.w[b]) * sizeof *gradient);
}

static void by_brute_force(uint32_t b, size_t e, example *out) {
  const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
  if (n->each) {
    by_differences(b, e, out);
    return;
  }
  const double *x = c.xd + e * c.g.net.inputs;
  const size_t outputs = kfix_net_outputs(&c.g.net), rows = kfix_node_rows(n);
  double z[GRAPH_UNITS], dz[GRAPH_UNITS];
  out->count = kfix_node_positions(n);
  graph_forward(&c.g, c.theta, x, 1, z);
  for (uint32_t t = 0; t < out->count; t++) {
    graph_abar(&c.g, c.theta, x, b, t, out->abar[t]);
    for (size_t u = 0; u < rows; u++) {
      graph_by_unit(&c.g, c.theta, x, b, (uint32_t)(t * rows + u), dz);
      out->g[t][u] = 0;
      for (size_t o = 0; o < outputs; o++) out->g[t][u] += dz[o] * (z[o] - c.yd[e * outputs + o]);
    }
  }
}

/* It takes time, and the weights of a net are the same in each test. */
static void find_windows(uint32_t b, size_t e, example *out) {
  static struct {
    const char *of;
    size_t count[BLOCKS];
    example examples[BLOCKS][ROWS];
  } known[KNOWN_NETS];
  int n = 0;
  while (known[n].of && known[n].of != c.g.net.name)
    if (++n == KNOWN_NETS) abort();
  known[n].of = c.g.net.name;
  for (size_t *count = &known[n].count[b]; *count <= e; ++*count)
    by_brute_force(b, *count, &known[n].examples[b][*count]);
  *out = known[n].examples[b][e];
}

/* (the mean of abar, the sum of g). */
static void reduce(const kfix_node_spec *n, example *x) {
  for (size_t t = 1; t < x->count; t++) {
    for (size_t j = 0; j < n->cols; j++) x->abar[0][j] += x->abar[t][j];
    for (size_t u = 0; u < kfix_node_rows(n); u++) x->g[0][u] += x->g[t][u];
  }
  for (size_t j = 0; j < n->cols; j++) x->abar[0][j] /= (double)x->count;
  x->count = 1;
}

static void find(uint32_t b, size_t e, example *out) {
  find_windows(b, e, out);
  if (c.options.conv == KFIX_CONV_REDUCE) reduce(kfix_net_block(&c.g.net, b), out);
}

/* ---- one step of a method on all rows, and what it shows of a block ---- */

static kfix_real weights[ROWS];

static void step(int net, kfix_method method, kfix_choice conv, int weighted) {
  begin(net, ROWS);
  for (size_t e = 0; e < ROWS; e++)
    weights[e] = (kfix_real)(e % 5 == 2 ? 0 : 0.25 * (double)(e % 9));
  if (weighted) c.batch.weights = weights;
  c.options.fisher = KFIX_FISHER_EMPIRICAL;
  c.options.stats_fraction = 1;
  c.options.conv = conv;
  create(method);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
}

/* Of an example in a mean. */
static double share(size_t e) {
  double mass = 0;
  for (size_t i = 0; i < ROWS; i++) mass += c.batch.weights ? (double)weights[i] : 1;
  return (c.batch.weights ? (double)weights[e] : 1) / mass;
}

/* Rounding of sums over all windows, and of difference quotients. */
static double tolerance(double size) {
  return (1024 * KFIX_REAL_EPS + 1e-8) * (1 + size);
}

static void show(const char *name, uint32_t b, double *out, size_t capacity) {
  static kfix_real found[SIDE * SIDE];
  size_t rows, cols;
  CHECK_INT(KFIX_OK, kfix_view(c.k, name, b + 1, found, SIDE * SIDE, &rows, &cols));
  CHECK(rows * cols <= capacity);
  for (size_t i = 0; i < rows * cols; i++) out[i] = (double)found[i];
}

static void check_matrix(const char *name, uint32_t b, const double *expected, size_t count) {
  static double found[SIDE * SIDE];
  show(name, b, found, SIDE * SIDE);
  for (size_t i = 0; i < count; i++)
    CHECK_NEAR(tolerance(fabs(expected[i])), expected[i], found[i]);
}

static void add_square(double *out, size_t n, const double *v, double weight) {
  for (size_t i = 0; i < n * n; i++) out[i] += weight * v[i / n] * v[i % n];
}

/* A of the channels: their second moment over examples and positions at each place of the kernel, 1 for the
 * bias, and nothing else. */
static void of_channels(uint32_t b, double *a) {
  const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
  const kfix_windows at = kfix_net_windows(&c.g.net, n);
  const size_t cols = n->cols, channels = at.channels, positions = (size_t)at.height * at.width;
  double image[GRAPH_UNITS], sigma[SIDE * SIDE] = {0};
  memset(a, 0, cols * cols * sizeof *a);
  for (size_t e = 0; e < ROWS; e++) {
    graph_read(&c.g, c.theta, c.xd + e * c.g.net.inputs, b, image);
    for (size_t p = 0; p < positions; p++)
      add_square(sigma, channels, image + p * channels, share(e) / (double)positions);
  }
  for (size_t i = 0; i < cols; i++)
    for (size_t j = 0; j < cols; j++) {
      const size_t patch = kfix_patch_reals(&at);
      if (i == patch || j == patch)
        a[i * cols + j] = i == j;
      else if (i / channels == j / channels)
        a[i * cols + j] = sigma[i % channels * channels + j % channels];
    }
}

/* A dense node, or channels by themselves, have no neighbours. */
static int has_channels(uint32_t b) {
  const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
  return c.options.conv == KFIX_CONV_SUA && n->kind == KFIX_KIND_conv;
}

static void check_factors(uint32_t b) {
  const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
  static double a[SIDE * SIDE], g[SIDE * SIDE];
  static example x;
  const size_t rows = kfix_node_rows(n);
  memset(a, 0, sizeof a);
  memset(g, 0, sizeof g);
  for (size_t e = 0; e < ROWS; e++) {
    find(b, e, &x);
    for (size_t t = 0; t < x.count; t++) {
      add_square(a, n->cols, x.abar[t], share(e) / (double)x.count);
      add_square(g, rows, x.g[t], share(e));
    }
  }
  if (has_channels(b)) of_channels(b, a);
  check_matrix("A", b, a, (size_t)n->cols * n->cols);
  check_matrix("G", b, g, rows * rows);
}

void test_factors(void) {
  static const kfix_method methods[] = {KFIX_METHOD_kfac, KFIX_METHOD_kfac_tikhonov,
                                        KFIX_METHOD_ekfac_ra};
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++)
    for (int m = 0; m < 3; m++)
      for (int weighted = 0; weighted < 2; weighted++)
        for (kfix_choice conv = 0; conv < 3; conv++) {
          /* The factors are made alike. */
          if (m > 0 && conv % 2 != (kfix_choice)weighted) continue;
          step(i, methods[m], conv, weighted);
          for (uint32_t b = 0; b < c.g.net.block_count; b++) check_factors(b);
          end();
        }
}

/* x^T in a basis whose vectors are the columns of u. */
static void project(const double *u, size_t n, const double *x, double *out) {
  for (size_t i = 0; i < n; i++) {
    out[i] = 0;
    for (size_t j = 0; j < n; j++) out[i] += u[j * n + i] * x[j];
  }
}

/* D = sum over windows of g abar^T, rows x cols. */
static void gradient_of(const kfix_node_spec *n, const example *x, double *d) {
  const size_t rows = kfix_node_rows(n), cols = n->cols;
  for (size_t i = 0; i < rows * cols; i++) {
    d[i] = 0;
    for (size_t t = 0; t < x->count; t++) d[i] += x->g[t][i / cols] * x->abar[t][i % cols];
  }
}

/* s = E[(U_A^T D^T U_G)^2], cols x rows, in the library's own basis. */
static void check_scalings(uint32_t b) {
  const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
  static double ua[SIDE * SIDE], ug[SIDE * SIDE], s[SIDE * SIDE];
  static example x;
  const size_t rows = kfix_node_rows(n);
  double d[SIDE * SIDE], half[SIDE][SIDE], all[SIDE];
  memset(s, 0, sizeof s);
  show("UA", b, ua, SIDE * SIDE);
  show("UG", b, ug, SIDE * SIDE);
  for (size_t e = 0; e < ROWS; e++) {
    find(b, e, &x);
    gradient_of(n, &x, d);
    for (size_t j = 0; j < rows; j++) project(ua, n->cols, d + j * n->cols, half[j]);
    for (size_t i = 0; i < n->cols; i++) {
      double column[SIDE];
      for (size_t j = 0; j < rows; j++) column[j] = half[j][i];
      project(ug, rows, column, all);
      for (size_t j = 0; j < rows; j++) s[i * rows + j] += share(e) * all[j] * all[j];
    }
  }
  check_matrix("s", b, s, n->cols * rows);
}

void test_scalings_of_ekfac(void) {
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++)
    for (kfix_choice j = 0; j < 6; j++) {
      step(i, KFIX_METHOD_ekfac, j % 3, j > 2);
      for (uint32_t b = 0; b < c.g.net.block_count; b++) check_scalings(b);
      end();
    }
}

static void check_diagonal(uint32_t b) {
  const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
  static double d[SIDE * SIDE];
  static example x;
  const size_t rows = kfix_node_rows(n);
  double one[SIDE * SIDE];
  memset(d, 0, sizeof d);
  for (size_t e = 0; e < ROWS; e++) {
    find(b, e, &x);
    gradient_of(n, &x, one);
    for (size_t i = 0; i < rows * n->cols; i++) d[i] += share(e) * one[i] * one[i];
  }
  check_matrix("D", b, d, rows * n->cols);
}

void test_the_diagonal(void) {
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++)
    for (kfix_choice j = 0; j < 6; j++) {
      step(i, KFIX_METHOD_diagonal, j % 3, j > 2);
      for (uint32_t b = 0; b < c.g.net.block_count; b++) check_diagonal(b);
      end();
    }
}

/* kfix_examples shows the pairs, whatever the option says. */
void test_examples_are_pairs(void) {
  static kfix_real abar[ROWS * SIDE], g[ROWS * SIDE];
  static example x;
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++) {
    c.options.fisher = KFIX_FISHER_EMPIRICAL;
    create(KFIX_METHOD_sgd);
    for (uint32_t b = 0; b < c.g.net.block_count; b++) {
      const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
      CHECK_INT(KFIX_OK, kfix_examples(c.k, &c.batch, b + 1, abar, g));
      for (size_t e = 0; e < ROWS; e++) {
        find_windows(b, e, &x);
        reduce(n, &x);
        for (size_t j = 0; j < n->cols; j++)
          CHECK_NEAR(tolerance(1), x.abar[0][j], abar[e * n->cols + j]);
        for (size_t u = 0; u < kfix_node_rows(n); u++)
          CHECK_NEAR(tolerance(fabs(x.g[0][u])), x.g[0][u], g[e * kfix_node_rows(n) + u]);
      }
    }
    end();
  }
}
