/* SPDX-License-Identifier: Apache-2.0
 * exact on nets of images: (F + damping I)^-1 gradient against a dense F over all parameters. */
#include "graph_direction.h"

static void check_exact(size_t rows, uint32_t most) {
  kfix_report report;
  double gradient[DIR_PARAMETERS], zeta[DIR_PARAMETERS];
  const size_t n = parameters();
  create(KFIX_METHOD_exact);
  graph_watch();
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  CHECK_INT(rows < most ? rows : most, report.made.rows);
  view_all("grad", gradient);
  find_fisher(report.made.rows, 0.31);
  dir_solve(n, fisher, gradient, zeta);
  for (size_t i = 0; i < n; i++) CHECK_NEAR(slack * size_of(n, zeta), -zeta[i], seen_delta[i]);
  end();
}

/* Rows in one chunk of 64, in several, fewer than the batch; held aside where the chunk is smaller. */
void test_against_dense_fisher(void) {
  static const size_t rows[] = {1, 40, 64, ROWS};
  static const uint32_t most[] = {32, 64, 96};
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++)
    for (int r = 0; r < 4; r++)
      for (int m = 0; m < 3; m++) {
        begin_direction(i, rows[r], most[m]);
        check_exact(rows[r], most[m]);
      }
}

void test_weights_of_examples(void) {
  kfix_real weights[ROWS];
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++)
    for (uint32_t most = 64; most <= 96; most += 32) {
      begin_direction(i, ROWS, most);
      weigh_examples(weights);
      check_exact(ROWS, most);
    }
}

/* A trainer of exact says how far another's direction was from the exact one. */
void test_distance(void) {
  for (int i = FIRST_OF_IMAGES; begin_direction(i, ROWS, 96); i++) {
    kfix_report report;
    kfix_distance d;
    double gradient[DIR_PARAMETERS], zeta[DIR_PARAMETERS], e[DIR_PARAMETERS];
    kfix_real delta[DIR_PARAMETERS];
    const size_t n = parameters();
    create(KFIX_METHOD_kfac);
    graph_watch();
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
    view_all("grad", gradient);
    for (size_t j = 0; j < n; j++) delta[j] = (kfix_real)seen_delta[j];
    end();
    create(KFIX_METHOD_exact);
    graph_watch();
    CHECK_INT(KFIX_OK,
              kfix_distance_from_exact(c.k, &c.batch, report.step, report.made.damping, delta, &d));
    find_fisher(d.rows, 0.31);
    dir_solve(n, fisher, gradient, zeta);
    for (size_t j = 0; j < n; j++) e[j] = (double)delta[j] + zeta[j];
    CHECK_NEAR(slack, size_of(n, e) / size_of(n, zeta), d.euclidean);
    CHECK_NEAR(slack, sqrt(dir_form(n, fisher, e, e) / dir_form(n, fisher, zeta, zeta)), d.fisher);
    end();
  }
}
