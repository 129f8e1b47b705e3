/* SPDX-License-Identifier: Apache-2.0
 * What a two-level step has shown of itself (graph_direction.h) against a dense Fisher matrix over all parameters: each
 * part, and what the correction is worth. */
#ifndef KFIX_TEST_TWO_LEVEL_CHECKS_H
#define KFIX_TEST_TWO_LEVEL_CHECKS_H

#include "curvature/curvature.h"
#include "graph_direction.h"

static inline kfix_method over(kfix_method curvature) {
  return (kfix_method)((int)curvature + KFIX_METHOD_STRIDE * (int)KFIX_ALONG_two_level);
}

/* Column a of F_coarse, within the whole: zero outside of its block. */
static inline void column(size_t a, double *out) {
  const size_t blocks = c.g.net.block_count, b = a % blocks;
  memset(out, 0, parameters() * sizeof *out);
  memcpy(out + c.g.w[b], seen.v[a / blocks] + c.g.w[b], (c.g.w[b + 1] - c.g.w[b]) * sizeof *out);
}

static inline void check_close(const double *expected, const double *actual, double size) {
  for (size_t i = 0; i < parameters(); i++) CHECK_NEAR(slack * size, expected[i], actual[i]);
}

static inline int is_additive(void) {
  return c.options.coarse_space == KFIX_COARSE_TKO ||
         c.options.coarse_space == KFIX_COARSE_TKO_EXACT;
}

/* u = F~^-1 v by the trainer's own curvature as it now stands. */
static inline void precondition(double gamma, const double *v, double *u) {
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
static inline void check_residual(const double *gradient) {
  double r[DIR_PARAMETERS], product[DIR_PARAMETERS];
  const size_t n = parameters();
  dir_times(n, fisher, seen.zeta_block, product);
  for (size_t i = 0; i < n; i++) r[i] = gradient[i] - product[i];
  check_close(r, seen.r, size_of(n, gradient) + size_of(n, product));
}

static inline void check_columns(double gamma) {
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
static inline void check_matrix(void) {
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
static inline void check_beta(const double *gradient) {
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
static inline double distance2(const double *zeta, const double *exact) {
  double e[DIR_PARAMETERS];
  for (size_t i = 0; i < parameters(); i++) e[i] = zeta[i] - exact[i];
  return dir_form(parameters(), fisher, e, e);
}

/* zeta is zeta_block + V beta; E(beta) - E(0) is what the step says, at most 0 where the correction is not
 * additive; and no other beta is better. */
static inline void check_worth(const double *gradient, const kfix_made *made) {
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

/* `fisher` is there. */
static inline void check_step(const kfix_report *report) {
  double gradient[DIR_PARAMETERS];
  view_all("grad", gradient);
  check_residual(gradient);
  check_columns(report->gamma);
  check_matrix();
  check_beta(gradient);
  check_worth(gradient, &report->made);
  CHECK_INT(seen.n, report->made.coarse_columns);
}

#endif
