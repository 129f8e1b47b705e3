/* SPDX-License-Identifier: Apache-2.0
 * Two-level directions on nets of images against a dense Fisher matrix over all parameters, for every coarse
 * space on every curvature that takes them: each part that a step shows, and what the correction is worth. */
#include "curvature/curvature.h"
#include "graph_direction.h"

/* Column a of F_coarse, within the whole: zero outside of its block. */
static void column(size_t a, double *out) {
  const size_t blocks = c.g.net.block_count, b = a % blocks;
  memset(out, 0, parameters() * sizeof *out);
  memcpy(out + c.g.w[b], seen.v[a / blocks] + c.g.w[b], (c.g.w[b + 1] - c.g.w[b]) * sizeof *out);
}

static void check_close(const double *expected, const double *actual, double size) {
  for (size_t i = 0; i < parameters(); i++) CHECK_NEAR(slack * size, expected[i], actual[i]);
}

static int is_additive(void) {
  return c.options.coarse_space == KFIX_COARSE_TKO ||
         c.options.coarse_space == KFIX_COARSE_TKO_EXACT;
}

/* u = F~^-1 v by the trainer's own curvature as it now stands. */
static void precondition(double gamma, const double *v, double *u) {
  const kfix_phase phase = {.gamma = gamma};
  kfix_real *in = calloc(2 * c.k->parameters, sizeof *in), *out = in + c.k->parameters;
  for (int i = 0; i < KFIX_GROUP_STATES; i++) c.k->changed[i] = 0;
  for (uint32_t b = 0; b < c.g.net.block_count; b++)
    for (size_t i = c.g.w[b]; i < c.g.w[b + 1]; i++)
      in[c.k->block[b].w + i - c.g.w[b]] = (kfix_real)v[i];
  CHECK_INT(KFIX_OK, c.k->method->curvature->apply(c.k, &phase, 1, in, 0, out));
  for (uint32_t b = 0; b < c.g.net.block_count; b++)
    for (size_t i = c.g.w[b]; i < c.g.w[b + 1]; i++) u[i] = out[c.k->block[b].w + i - c.g.w[b]];
  free(in);
}

/* r = gradient - F zeta_block. */
static void check_residual(const double *gradient) {
  double r[DIR_PARAMETERS], product[DIR_PARAMETERS];
  const size_t n = parameters();
  dir_times(n, fisher, seen.zeta_block, product);
  for (size_t i = 0; i < n; i++) r[i] = gradient[i] - product[i];
  check_close(r, seen.r, size_of(n, gradient) + size_of(n, product));
}

static void check_columns(double gamma) {
  double expected[DIR_PARAMETERS], product[DIR_PARAMETERS];
  const kfix_choice space = c.options.coarse_space;
  const size_t n = parameters();
  if (space == KFIX_COARSE_RESIDUAL || space == KFIX_COARSE_TAYLOR) {
    precondition(gamma, seen.r, expected);
    check_close(expected, seen.v[0], size_of(n, expected));
  }
  if (space == KFIX_COARSE_KRYLOV_NICOLAIDES) {
    precondition(gamma, seen.v[0], expected);
    check_close(expected, seen.v[1], size_of(n, expected));
  }
  for (size_t j = 1; space == KFIX_COARSE_TAYLOR && j < 3; j++) {
    dir_times(n, fisher, seen.v[j - 1], product);
    precondition(gamma, product, expected);
    check_close(expected, seen.v[j], size_of(n, expected));
  }
}

/* F_coarse is V^T F V, but for tko's. */
static void check_matrix(void) {
  static double v[DIR_COLUMNS][DIR_PARAMETERS], fv[DIR_COLUMNS][DIR_PARAMETERS];
  const size_t n = parameters();
  if (c.options.coarse_space == KFIX_COARSE_TKO) return;
  for (size_t a = 0; a < seen.n; a++) {
    column(a, v[a]);
    dir_times(n, fisher, v[a], fv[a]);
    for (size_t b = 0; b <= a; b++) {
      const double size = sqrt(ref_dot(v[a], fv[a], n) * ref_dot(v[b], fv[b], n));
      CHECK_NEAR(slack * size, ref_dot(v[a], fv[b], n), seen.f_coarse[a][b]);
      CHECK(seen.f_coarse[a][b] == seen.f_coarse[b][a]);
    }
  }
}

/* F_coarse beta = V^T r, or, where the correction is additive, V^T gradient; r and V^T r have the rounding of
 * sums that cancel. */
static void check_beta(const double *gradient) {
  double v[DIR_PARAMETERS], right[DIR_COLUMNS], most = 0;
  const size_t n = parameters();
  for (size_t a = 0; a < seen.n; a++) {
    column(a, v);
    right[a] = ref_dot(v, is_additive() ? gradient : seen.r, n);
    most = fmax(most, fabs(right[a]));
  }
  for (size_t a = 0; a < seen.n; a++) {
    column(a, v);
    double row = 0, size = size_of(n, v) * size_of(n, gradient);
    for (size_t b = 0; b < seen.n; b++) {
      row += seen.f_coarse[a][b] * seen.beta[b];
      size += fabs(seen.f_coarse[a][b] * seen.beta[b]);
    }
    CHECK_NEAR(100 * slack * (size + sqrt(seen.f_coarse[a][a]) * most), right[a], row);
  }
}

/* ||zeta - exact||^2 in the norm of F. */
static double distance2(const double *zeta, const double *exact) {
  double e[DIR_PARAMETERS];
  for (size_t i = 0; i < parameters(); i++) e[i] = zeta[i] - exact[i];
  return dir_form(parameters(), fisher, e, e);
}

/* zeta is zeta_block + V beta; E(beta) - E(0) is what the step says, at most 0 where the correction is not
 * additive; and no other beta is better. */
static void check_worth(const double *gradient, const kfix_made *made) {
  double exact[DIR_PARAMETERS], expected[DIR_PARAMETERS], v[DIR_PARAMETERS], d[DIR_PARAMETERS];
  const size_t n = parameters();
  uint64_t state = 21;
  dir_solve(n, fisher, gradient, exact);
  memcpy(expected, seen.zeta_block, sizeof expected);
  for (size_t a = 0; a < seen.n; a++) {
    column(a, v);
    for (size_t i = 0; i < n; i++) expected[i] += seen.beta[a] * v[i];
  }
  check_close(expected, seen.zeta, size_of(n, expected));
  for (size_t i = 0; i < n; i++) d[i] = -seen.zeta[i];
  CHECK_MEM(d, seen_delta, n * sizeof *d);
  const double before = distance2(seen.zeta_block, exact), after = distance2(seen.zeta, exact);
  /* The reference's own solution errs by what its F does, 1e-11, times how ill conditioned that is, some hundreds. */
  CHECK_NEAR((slack + 1e-8) * (before + after), after - before, made->e_change);
  const double form = dir_form(n, fisher, seen.zeta, seen.zeta);
  CHECK_NEAR(slack * (form + dir_form(n, fisher, seen.zeta_block, seen.zeta_block)), form,
             made->form);
  if (is_additive()) return;
  CHECK(made->e_change <= 0);
  for (int t = 0; t < 20; t++) {
    memcpy(expected, seen.zeta, sizeof expected);
    for (size_t a = 0; a < seen.n; a++) {
      const double step = case_normal(&state) * (t % 2 ? 1 : 1e-2) * (fabs(seen.beta[a]) + 1e-3);
      column(a, v);
      for (size_t i = 0; i < n; i++) expected[i] += step * v[i];
    }
    CHECK(distance2(expected, exact) >= after - slack * (before + after));
  }
}

static void step(kfix_method curvature, kfix_choice space, kfix_report *report) {
  c.options.coarse_space = space;
  create((kfix_method)((int)curvature + KFIX_METHOD_STRIDE * (int)KFIX_ALONG_two_level));
  graph_watch();
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, report));
  find_fisher(report->made.rows, 0.31);
}

static void check_space(kfix_method curvature, kfix_choice space) {
  double gradient[DIR_PARAMETERS];
  kfix_report report;
  step(curvature, space, &report);
  view_all("grad", gradient);
  check_residual(gradient);
  check_columns(report.gamma);
  check_matrix();
  check_beta(gradient);
  check_worth(gradient, &report.made);
  CHECK_INT(seen.n, report.made.coarse_columns);
  end();
}

/* Whether the curvature takes nets of images by this conv, and the space what it keeps. */
static int is_taken(int method, kfix_choice conv, kfix_choice space) {
  const int of_factors = space == KFIX_COARSE_SPECTRAL || space == KFIX_COARSE_TKO;
  const kfix_curvature *curvature = kfix_methods[method].curvature;
  c.options.conv = conv;
  if (!curvature || (curvature->without_factors && of_factors)) return 0;
  return kfix_net_suits(&c.g.net,
                        (kfix_method)(method + KFIX_METHOD_STRIDE * (int)KFIX_ALONG_two_level),
                        &c.options) == KFIX_OK;
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
