/* SPDX-License-Identifier: Apache-2.0
 * Two-level directions against a dense Fisher matrix over all parameters, for every coarse space on every
 * curvature: each part that a step shows, and what the correction is worth. */
#include "two_level_case.h"

static double f[DIR_PARAMETERS * DIR_PARAMETERS];

/* ---- parts ---- */

/* zeta_block is minus the direction of the curvature alone. */
static void check_block(const ref_case *like, kfix_method curvature, const seen_direction *s) {
  ref_case c;
  double delta[DIR_PARAMETERS];
  two_level_begin(&c, like->net.loss, KFIX_COARSE_RESIDUAL, like->rows);
  c.batch.weights = like->batch.weights;
  CHECK_INT(KFIX_OK, case_create(&c, curvature, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  case_watch(&c);
  for (int step = 0; step < 2; step++) {
    CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  }
  for (size_t i = 0; i < c.ref.parameters; i++) delta[i] = -c.delta[i];
  CHECK_MEM(delta, s->zeta_block, c.ref.parameters * sizeof *delta);
  case_end(&c);
}

static void check_residual(const ref_case *c, const double *gradient, const seen_direction *s) {
  const size_t n = c->ref.parameters;
  double r[DIR_PARAMETERS], product[DIR_PARAMETERS];
  dir_times(n, f, s->zeta_block, product);
  for (size_t i = 0; i < n; i++) r[i] = gradient[i] - product[i];
  const double size = size_of(n, gradient) + size_of(n, product);
  for (size_t i = 0; i < n; i++) CHECK_NEAR(slack * size, r[i], s->r[i]);
}

/* v is a multiple of the eigenvector of the smallest eigenvalue: (A - mu) v = 0 with mu = v^T A v, and no
 * other Rayleigh quotient of random vectors lies below. */
static void check_smallest(const double *a, size_t n, const double *v) {
  uint64_t state = 9;
  double x[REF_UNITS], av[REF_UNITS];
  const double mu = dir_form(n, a, v, v);
  CHECK_NEAR(slack, 1, ref_dot(v, v, n));
  dir_times(n, a, v, av);
  for (size_t i = 0; i < n; i++) CHECK_NEAR(slack * (1 + size_of(n * n, a)), mu * v[i], av[i]);
  for (int t = 0; t < 200; t++) {
    for (size_t i = 0; i < n; i++) x[i] = case_normal(&state) + 3 * (t % 2) * v[i];
    CHECK(dir_form(n, a, x, x) >= (mu - slack * (1 + mu)) * ref_dot(x, x, n));
  }
}

/* V of rank one: its row and its column of largest size are the two vectors. */
static void check_spectral(ref_case *c, const seen_direction *s) {
  double a[REF_UNITS * REF_UNITS], g[REF_UNITS * REF_UNITS];
  for (size_t i = 0; i < DEPTH; i++) {
    const size_t cols = c->ref.width[i] + 1, out = c->ref.width[i + 1];
    const double *v = s->v[0] + c->ref.w[i];
    double va[REF_UNITS], vg[REF_UNITS], sizes = 0;
    size_t row = 0;
    for (size_t o = 0; o < out; o++)
      if (size_of(cols, v + o * cols) > size_of(cols, v + row * cols)) row = o;
    const double size = size_of(cols, v + row * cols);
    for (size_t j = 0; j < cols; j++) va[j] = v[row * cols + j] / size;
    for (size_t o = 0; o < out; o++) vg[o] = ref_dot(v + o * cols, va, cols);
    for (size_t o = 0; o < out; o++)
      for (size_t j = 0; j < cols; j++) CHECK_NEAR(slack, vg[o] * va[j], v[o * cols + j]);
    for (size_t o = 0; o < out; o++) sizes += vg[o] * vg[o];
    CHECK_NEAR(slack, 1, sizes);
    /* The Kronecker-SVD methods call their first term R (x) S. */
    if (case_matrix(c, "A", i, a) != KFIX_OK) CHECK_INT(KFIX_OK, case_matrix(c, "R", i, a));
    if (case_matrix(c, "G", i, g) != KFIX_OK) CHECK_INT(KFIX_OK, case_matrix(c, "S", i, g));
    check_smallest(a, cols, va);
    check_smallest(g, out, vg);
  }
}

static void check_columns(ref_case *c, double gamma, kfix_choice space, const seen_direction *s) {
  const size_t n = c->ref.parameters;
  double expected[DIR_PARAMETERS], product[DIR_PARAMETERS];
  const int of_residual = space == KFIX_COARSE_RESIDUAL || space == KFIX_COARSE_KRYLOV_RESIDUAL ||
                          space == KFIX_COARSE_TAYLOR;
  if (of_residual) {
    dir_precondition(c, gamma, s->r, expected);
    check_close(n, expected, s->v[0]);
  } else if (space != KFIX_COARSE_SPECTRAL) {
    for (size_t i = 0; i < n; i++) CHECK(s->v[0][i] == 1);
  }
  if (space == KFIX_COARSE_KRYLOV_NICOLAIDES || space == KFIX_COARSE_KRYLOV_RESIDUAL) {
    dir_precondition(c, gamma, s->v[0], expected);
    check_close(n, expected, s->v[1]);
  }
  for (size_t j = 1; space == KFIX_COARSE_TAYLOR && j < 3; j++) {
    dir_times(n, f, s->v[j - 1], product);
    dir_precondition(c, gamma, product, expected);
    check_close(n, expected, s->v[j]);
  }
}

/* ---- the system ---- */

/* Element (a, b) of V^T F V, and b = V^T r, over the columns in the library's order. */
static void dense_system(const ref_case *c, const double *right, const seen_direction *s,
                         double *matrix, double *vector) {
  double va[DIR_PARAMETERS], vb[DIR_PARAMETERS];
  for (size_t a = 0; a < s->n; a++) {
    column(&c->ref, s, a / DEPTH, a % DEPTH, va);
    vector[a] = ref_dot(va, right, c->ref.parameters);
    for (size_t b = 0; b < s->n; b++) {
      column(&c->ref, s, b / DEPTH, b % DEPTH, vb);
      matrix[a * s->n + b] = dir_form(c->ref.parameters, f, va, vb);
    }
  }
}

static double largest(size_t n, const double *x) {
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, fabs(x[i]));
  return most;
}

/* F_coarse is V^T F V; F_coarse beta = b, whatever the condition: the residual is small. */
static void check_system(const ref_case *c, const double *gradient, kfix_choice space,
                         const seen_direction *s) {
  static double matrix[DIR_COLUMNS * DIR_COLUMNS], vector[DIR_COLUMNS];
  const int additive = space == KFIX_COARSE_TKO || space == KFIX_COARSE_TKO_EXACT;
  dense_system(c, additive ? gradient : s->r, s, matrix, vector);
  if (space != KFIX_COARSE_TKO)
    for (size_t a = 0; a < s->n; a++)
      for (size_t b = 0; b < s->n; b++) {
        const double size = sqrt(matrix[a * s->n + a] * matrix[b * s->n + b]);
        CHECK_NEAR(slack * size, matrix[a * s->n + b], s->f_coarse[a][b]);
      }
  for (size_t a = 0; a < s->n; a++) {
    double row = 0, size = fabs(vector[a]) + sqrt(s->f_coarse[a][a]) * largest(s->n, vector);
    for (size_t b = 0; b < s->n; b++) {
      row += s->f_coarse[a][b] * s->beta[b];
      size += fabs(s->f_coarse[a][b] * s->beta[b]);
    }
    CHECK_NEAR(100 * slack * size, vector[a], row);
  }
}

static void check_zeta(const ref_case *c, const seen_direction *s) {
  double expected[DIR_PARAMETERS], v[DIR_PARAMETERS], delta[DIR_PARAMETERS];
  memcpy(expected, s->zeta_block, sizeof expected);
  for (size_t a = 0; a < s->n; a++) {
    column(&c->ref, s, a / DEPTH, a % DEPTH, v);
    for (size_t i = 0; i < c->ref.parameters; i++) expected[i] += s->beta[a] * v[i];
  }
  check_close(c->ref.parameters, expected, s->zeta);
  for (size_t i = 0; i < c->ref.parameters; i++) delta[i] = -s->zeta[i];
  CHECK_MEM(delta, c->delta, c->ref.parameters * sizeof *delta);
}

/* ||zeta - exact||^2 in the norm of F. */
static double distance2(size_t n, const double *zeta, const double *exact) {
  double e[DIR_PARAMETERS];
  for (size_t i = 0; i < n; i++) e[i] = zeta[i] - exact[i];
  return dir_form(n, f, e, e);
}

/* E(beta*) - E(0) is what the step says; at most 0 but for tko; and no other beta is better. */
static void check_worth(const ref_case *c, const double *gradient, kfix_choice space,
                        const kfix_made *made, const seen_direction *s) {
  const size_t n = c->ref.parameters;
  uint64_t state = 21;
  double exact[DIR_PARAMETERS], other[DIR_PARAMETERS], v[DIR_PARAMETERS];
  dir_solve(n, f, gradient, exact);
  const double before = distance2(n, s->zeta_block, exact), after = distance2(n, s->zeta, exact);
  CHECK_NEAR(slack * (before + after), after - before, made->e_change);
  const double size = dir_form(n, f, s->zeta_block, s->zeta_block);
  const double form = dir_form(n, f, s->zeta, s->zeta);
  CHECK_NEAR(slack * (size + form), form, made->form);
  if (space == KFIX_COARSE_TKO || space == KFIX_COARSE_TKO_EXACT) return;
  CHECK(made->e_change <= 0);
  CHECK(after <= before * (1 + slack));
  for (int t = 0; t < 100; t++) {
    memcpy(other, s->zeta, sizeof other);
    for (size_t a = 0; a < s->n; a++) {
      const double step = case_normal(&state) * (t % 2 ? 1 : 1e-2) * (fabs(s->beta[a]) + 1e-3);
      column(&c->ref, s, a / DEPTH, a % DEPTH, v);
      for (size_t i = 0; i < n; i++) other[i] += step * v[i];
    }
    CHECK(distance2(n, other, exact) >= after - slack * (before + after));
  }
}

/* Two steps from the same weights, so that the second has an average behind it and, for ekfac-ra, scalings. */
static void check_space(kfix_loss loss, kfix_method curvature, kfix_choice space, size_t rows,
                        const kfix_real *weights) {
  ref_case c;
  direction_watch w;
  kfix_report report;
  double theta[DIR_PARAMETERS], gradient[DIR_PARAMETERS];
  two_level_begin(&c, loss, space, rows);
  c.batch.weights = weights;
  CHECK_INT(KFIX_OK, case_create(&c, over(curvature), NULL, NULL));
  for (int step = 0; step < 2; step++) {
    CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    direction_watch_begin(&w, &c);
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  }
  CHECK_INT(KFIX_OK, case_view(&c, "grad", gradient));
  CHECK_INT(rows < 96 ? rows : 96, report.made.rows);
  dir_fisher(&c, theta, c.sampled, report.made.rows, weights, 0.31, f);
  check_block(&c, curvature, &w.seen);
  check_residual(&c, gradient, &w.seen);
  if (space == KFIX_COARSE_SPECTRAL) check_spectral(&c, &w.seen);
  check_columns(&c, report.gamma, space, &w.seen);
  check_system(&c, gradient, space, &w.seen);
  check_zeta(&c, &w.seen);
  check_worth(&c, gradient, space, &report.made, &w.seen);
  CHECK_INT(w.seen.n, report.made.coarse_columns);
  /* In float a second column of Krylov may be the first one to rounding. */
  CHECK(report.made.coarse_rank == w.seen.n ||
        (KFIX_REAL_BYTES == 4 && report.made.coarse_rank >= DEPTH));
  case_end(&c);
}

void test_every_space_on_every_curvature(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    for (kfix_choice space = 0; space < KFIX_COARSE_SPACE_COUNT; space++) {
      const int of_factors = space == KFIX_COARSE_SPECTRAL || space == KFIX_COARSE_TKO;
      if (!kfix_method_of((kfix_method)m)->curvature) continue;
      if (m == (int)KFIX_METHOD_diagonal && of_factors) continue;
      check_space(KFIX_BERNOULLI, (kfix_method)m, space, ROWS, NULL);
    }
}

void test_losses_and_rows(void) {
  static const size_t rows[] = {5, 32, 64, 97};
  for (kfix_loss loss = 0; loss < KFIX_LOSS_COUNT; loss++)
    for (int r = 0; r < 4; r++) {
      check_space(loss, KFIX_METHOD_kfac, KFIX_COARSE_RESIDUAL, rows[r], NULL);
      check_space(loss, KFIX_METHOD_kfac, KFIX_COARSE_KRYLOV_NICOLAIDES, rows[r], NULL);
    }
}

void test_weights_of_examples(void) {
  kfix_real weights[ROWS];
  uint64_t state = 5;
  for (size_t i = 0; i < ROWS; i++)
    weights[i] = (kfix_real)(i % 7 == 3 ? 0 : 1.5 * (case_uniform(&state) + 1));
  for (kfix_choice space = 0; space < KFIX_COARSE_SPACE_COUNT; space++)
    check_space(KFIX_CATEGORICAL, KFIX_METHOD_kfac, space, ROWS, weights);
}

/* A step that tries several gammas makes as many directions; each is of the gradient, whose examples a product of low
 * rank goes by, and not of those behind F. */
void test_directions_on_trial_are_of_the_gradient(void) {
  ref_case c;
  direction_watch w;
  kfix_report report;
  double gradient[DIR_PARAMETERS], expected[DIR_PARAMETERS], gamma = 0;
  int moves =
      0; /* of gamma: a later direction is taken, which none is that promises less for being another */
  two_level_begin(&c, KFIX_MSE, KFIX_COARSE_NICOLAIDES, 2);
  c.options = kfix_options_default(&c.net);
  c.options.coarse_space = KFIX_COARSE_NICOLAIDES;
  c.options.weight_decay = 0;
  c.options.inverse_every = c.options.gamma_every = 1;
  c.options.lambda = 5;
  CHECK_INT(KFIX_OK, case_create(&c, over(KFIX_METHOD_kfac), NULL, NULL));
  for (int step = 0; step < 12; step++) {
    CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
    direction_watch_begin(&w, &c);
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
    CHECK_INT(KFIX_OK, case_view(&c, "grad", gradient));
    moves += step > 0 && report.gamma != gamma;
    gamma = report.gamma;
    dir_precondition(&c, report.gamma, gradient, expected);
    const double size = size_of(c.ref.parameters, expected);
    for (size_t i = 0; i < c.ref.parameters; i++)
      CHECK_NEAR(slack * size, expected[i], w.seen.zeta_block[i]);
  }
  CHECK(moves >= 6);
  case_end(&c);
}
