/* SPDX-License-Identifier: Apache-2.0
 * Coarse spaces beside one another: nested ones, columns that depend on each other, tko's matrix, and which are
 * refused. */
#include "two_level_case.h"

/* The diagonal has no factors whose eigenvectors these could be of. */
void test_spaces_of_factors(void) {
  static const kfix_choice spaces[] = {KFIX_COARSE_SPECTRAL, KFIX_COARSE_TKO};
  for (int i = 0; i < 2; i++) {
    ref_case c;
    two_level_begin(&c, KFIX_BERNOULLI, spaces[i], ROWS);
    CHECK_INT(KFIX_COARSE_FACTORS, case_create(&c, over(KFIX_METHOD_diagonal), NULL, NULL));
    case_end(&c);
  }
}

/* The block-Kronecker F_coarse by its definition [2L 3.18]: moments of sums, the damped factors on the
 * diagonal. */
void test_matrix_of_tko(void) {
  ref_case c;
  direction_watch w;
  kfix_report report;
  static ref_pass pass;
  double theta[DIR_PARAMETERS], a[DEPTH][DEPTH] = {{0}}, g[DEPTH][DEPTH] = {{0}}, pi;
  two_level_begin(&c, KFIX_BERNOULLI, KFIX_COARSE_TKO, ROWS);
  CHECK_INT(KFIX_OK, case_create(&c, over(KFIX_METHOD_kfac), NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
  direction_watch_begin(&w, &c);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  for (size_t e = 0; e < report.made.rows; e++) {
    double sa[DEPTH], sg[DEPTH];
    ref_forward(&c.ref, theta, c.xd + e * c.ref.width[0], &pass);
    ref_backward(&c.ref, theta, c.sampled + e * ref_outputs(&c.ref), &pass);
    for (size_t i = 0; i < DEPTH; i++) {
      sa[i] = sg[i] = 0;
      for (size_t j = 0; j <= c.ref.width[i]; j++) sa[i] += pass.a[i][j];
      for (size_t o = 0; o < c.ref.width[i + 1]; o++) sg[i] += pass.g[i][o];
    }
    for (size_t i = 0; i < DEPTH; i++)
      for (size_t j = 0; j < DEPTH; j++) {
        a[i][j] += sa[i] * sa[j] / (double)report.made.rows;
        g[i][j] += sg[i] * sg[j] / (double)report.made.rows;
      }
  }
  for (size_t i = 0; i < DEPTH; i++) {
    CHECK_INT(KFIX_OK, kfix_number(c.k, "pi", (uint32_t)i + 1, &pi));
    a[i][i] += pi * report.gamma * (double)(c.ref.width[i] + 1);
    g[i][i] += report.gamma / pi * (double)c.ref.width[i + 1];
    for (size_t j = 0; j < DEPTH; j++)
      CHECK_NEAR(slack * (1 + fabs(a[i][i] * g[i][i])), a[i][j] * g[i][j], w.seen.f_coarse[i][j]);
  }
  case_end(&c);
}

/* What a space gains, from one trainer to the next at the same weights. */
static double gain(kfix_choice space, uint32_t order, kfix_real size) {
  ref_case c;
  kfix_report report;
  two_level_begin(&c, KFIX_BERNOULLI, space, ROWS);
  c.options.taylor_order = order;
  c.net.coarse = 8;
  CHECK_INT(KFIX_OK, case_create(&c, over(KFIX_METHOD_kfac), NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, size));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  case_end(&c);
  return report.made.e_change;
}

/* More columns never hurt: nested spaces [2L 3.3]. */
void test_nested_spaces(void) {
  for (int s = 1; s <= 3; s++) {
    const kfix_real size = (kfix_real)s;
    const double residual = gain(KFIX_COARSE_RESIDUAL, 1, size);
    const double most = gain(KFIX_COARSE_TAYLOR, 8, size), little = -slack * most;
    CHECK(gain(KFIX_COARSE_KRYLOV_RESIDUAL, 1, size) <= residual + little);
    CHECK(gain(KFIX_COARSE_KRYLOV_NICOLAIDES, 1, size) <=
          gain(KFIX_COARSE_NICOLAIDES, 1, size) + little);
    CHECK_NEAR(little, residual, gain(KFIX_COARSE_TAYLOR, 1, size));
    double last = residual;
    for (uint32_t q = 2; q <= 8; q++) {
      const double next = gain(KFIX_COARSE_TAYLOR, q, size);
      CHECK(next <= last + little);
      last = next;
    }
  }
}

/* A space of more columns than the config plans for is refused at create, and columns that are
 * combinations of others are left out and counted. */
void test_columns_that_do_not_fit(void) {
  ref_case c;
  two_level_begin(&c, KFIX_BERNOULLI, KFIX_COARSE_TAYLOR, ROWS);
  c.options.taylor_order = 4;
  CHECK_INT(KFIX_COARSE_COLUMNS, case_create(&c, over(KFIX_METHOD_kfac), NULL, NULL));
  case_end(&c);
}

void test_collinear_columns(void) {
  ref_case c;
  kfix_report report;
  const uint32_t one[] = {1, 1};
  case_begin(&c, KFIX_MSE, 1, one, KFIX_TANH, KFIX_LINEAR, 40, 3);
  c.options.driver = KFIX_FIXED;
  c.options.coarse_space = KFIX_COARSE_TAYLOR;
  c.options.taylor_order = 6;
  c.net.coarse = 6;
  CHECK_INT(KFIX_OK, case_create(&c, over(KFIX_METHOD_kfac), NULL, NULL));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  CHECK_INT(6, report.made.coarse_columns);
  CHECK(report.made.coarse_rank >= 1 && report.made.coarse_rank <= 2); /* W has two elements */
  CHECK(report.made.e_change <= 0);
  case_end(&c);
}
