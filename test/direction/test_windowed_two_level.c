/* SPDX-License-Identifier: Apache-2.0
 * Two-level directions on nets of images against a dense Fisher matrix over all parameters, for every coarse
 * space on every curvature that takes them: each part that a step shows, and what the correction is worth. */
#include "two_level_checks.h"

static void step(kfix_method curvature, kfix_choice space, kfix_report *report) {
  c.options.coarse_space = space;
  create(over(curvature));
  graph_watch();
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, report));
  find_fisher(report->made.rows, 0.31);
}

static void check_space(kfix_method curvature, kfix_choice space) {
  kfix_report report;
  step(curvature, space, &report);
  check_step(&report);
  end();
}

/* Whether the curvature takes nets of images by this conv, and the space what it keeps. */
static int is_taken(int method, kfix_choice conv, kfix_choice space) {
  const int of_factors = space == KFIX_COARSE_SPECTRAL || space == KFIX_COARSE_TKO;
  const kfix_curvature *curvature = kfix_methods[method].curvature;
  c.options.conv = conv;
  if (!curvature || (curvature->without_factors && of_factors)) return 0;
  return kfix_net_suits(&c.g.net, over((kfix_method)method), &c.options) == KFIX_OK;
}

/* A net of two convolutions with pools; examples in the chunk, or aside. */
void test_every_space_on_every_curvature(void) {
  int taken = 0;
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    for (kfix_choice conv = 0; conv < 2; conv++)
      for (kfix_choice space = 0; space < KFIX_COARSE_SPACE_COUNT; space++) {
        begin_direction(FIRST_OF_IMAGES, ROWS, conv ? 64 : 96);
        if (!is_taken(m, conv, space)) continue;
        check_space((kfix_method)m, space);
        taken++;
      }
  /* By both ways kfac, ekfac, ekfac-ra, kfac-tikhonov, and diagonal, which lacks two spaces; by one, four. */
  CHECK_INT((4 * 2 + 4) * 8 + 2 * 6, taken);
}

void test_nets_and_rows(void) {
  static const size_t rows[] = {1, 40, 97};
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++)
    for (int r = 0; r < 3; r++)
      for (kfix_choice space = KFIX_COARSE_NICOLAIDES; space <= KFIX_COARSE_RESIDUAL; space++) {
        begin_direction(i, rows[r], 96);
        check_space(KFIX_METHOD_kfac, space);
      }
}

void test_weights_of_examples(void) {
  kfix_real weights[ROWS];
  for (kfix_choice space = 0; space < KFIX_COARSE_SPACE_COUNT; space++)
    for (uint32_t most = 64; most <= 96; most += 32) {
      begin_direction(FIRST_OF_IMAGES + (int)space % 3, ROWS, most);
      weigh_examples(weights);
      check_space(KFIX_METHOD_kfac, space);
    }
}

/* ---- tko ---- */

/* Where parameters belong to a channel each: a one, and the gradient. */
static void find_sums_of_channels(uint32_t b, size_t e, double *sa, double *sg) {
  static double d[GRAPH_PARAMETERS];
  example_gradient(e, d);
  *sa = 1;
  *sg = 0;
  for (size_t i = c.g.w[b]; i < c.g.w[b + 1]; i++) *sg += d[i];
}

/* Of one example at a block: sums over the mean of abar, and over the sum of g. */
static void find_sums_of_windows(uint32_t b, size_t e, double *sa, double *sg) {
  const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
  const double *x = c.xd + e * c.g.net.inputs;
  const size_t outputs = kfix_net_outputs(&c.g.net), windows = kfix_node_positions(n);
  double abar[GRAPH_UNITS], z[GRAPH_UNITS], dz[GRAPH_UNITS];
  graph_forward(&c.g, c.theta, x, 1, z);
  *sa = *sg = 0;
  for (uint32_t t = 0; t < windows; t++) {
    graph_abar(&c.g, c.theta, x, b, t, abar);
    for (size_t j = 0; j < n->cols; j++) *sa += abar[j] / (double)windows;
  }
  for (uint32_t u = 0; u < n->units; u++) {
    graph_by_unit(&c.g, c.theta, x, b, u, dz);
    for (size_t o = 0; o < outputs; o++) *sg += dz[o] * (z[o] - seen_targets[e * outputs + o]);
  }
}

static void find_sums(uint32_t b, size_t e, double *sa, double *sg) {
  if (kfix_net_block(&c.g.net, b)->each)
    find_sums_of_channels(b, e, sa, sg);
  else
    find_sums_of_windows(b, e, sa, sg);
}

/* The block-Kronecker F_coarse by its definition [2L 3.18], over pairs of the examples, which are g of the
 * reference to 1e-10. */
static void check_tko(size_t rows, double gamma) {
  const size_t blocks = c.g.net.block_count;
  double a[GRAPH_NODES][GRAPH_NODES] = {{0}}, g[GRAPH_NODES][GRAPH_NODES] = {{0}}, pi, mass = 0;
  for (size_t e = 0; e < rows; e++) {
    double sa[GRAPH_NODES], sg[GRAPH_NODES];
    for (uint32_t b = 0; b < blocks; b++) find_sums(b, e, &sa[b], &sg[b]);
    mass += weight_of(e);
    for (size_t i = 0; i < blocks * blocks; i++) {
      a[i / blocks][i % blocks] += weight_of(e) * sa[i / blocks] * sa[i % blocks];
      g[i / blocks][i % blocks] += weight_of(e) * sg[i / blocks] * sg[i % blocks];
    }
  }
  for (size_t i = 0; i < blocks; i++) {
    const kfix_node_spec *n = kfix_net_block(&c.g.net, (uint32_t)i);
    CHECK_INT(KFIX_OK, kfix_number(c.k, "pi", (uint32_t)i + 1, &pi));
    a[i][i] += mass * pi * gamma * n->cols;
    g[i][i] += mass * gamma / pi * kfix_node_rows(n);
  }
  for (size_t i = 0; i < blocks; i++)
    for (size_t j = 0; j <= i; j++) {
      const double size = sqrt(a[i][i] * g[i][i] * a[j][j] * g[j][j]) / (mass * mass);
      CHECK_NEAR((slack + 1e-8) * size, a[i][j] * g[i][j] / (mass * mass), seen.f_coarse[i][j]);
    }
}

void test_matrix_of_tko(void) {
  kfix_real weights[ROWS];
  kfix_report report;
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++)
    for (kfix_choice conv = 0; conv < 2; conv++) {
      begin_direction(i, ROWS, conv ? 32 : 96);
      c.options.conv = conv;
      if (conv) weigh_examples(weights);
      step(KFIX_METHOD_kfac, KFIX_COARSE_TKO, &report);
      check_tko(report.made.rows, report.gamma);
      end();
    }
}
