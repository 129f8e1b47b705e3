/* SPDX-License-Identifier: Apache-2.0
 * Sampled targets: their distribution, and what they depend on. */
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"

enum { ROWS = 61, OUTPUTS = 5, STEPS = 200 };

/* A trainer whose weights never move: lr 0, all rows sampled at every step. */
static void begin(ref_case *c, kfix_loss loss) {
  case_begin(c, loss, 2, (const uint32_t[]){4, 3, OUTPUTS}, KFIX_TANH, KFIX_LINEAR, ROWS, 7);
  c->options.driver = KFIX_FIXED;
  c->options.learning_rate = c->options.momentum = 0;
  c->options.stats_fraction = 1;
}

/* The mean of `STEPS` draws of every target lies within 5.5 standard deviations of p (305 targets:
 * a false alarm has probability 1e-5; the draws are fixed by the seed), and so does, for the
 * normal, the mean square. */
static void check_moments(kfix_loss loss) {
  ref_case c;
  ref_pass t;
  double theta[100], sum[ROWS * OUTPUTS] = {0}, squares[ROWS * OUTPUTS] = {0};
  begin(&c, loss);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 3, 1));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
  case_watch(&c);
  for (int s = 0; s < STEPS; s++) {
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    for (int i = 0; i < ROWS * OUTPUTS; i++) sum[i] += c.sampled[i] / STEPS;
    for (size_t e = 0; e < ROWS; e++) {
      ref_forward(&c.ref, theta, c.xd + e * 4, &t);
      for (size_t j = 0; j < OUTPUTS; j++) {
        const double y = c.sampled[e * OUTPUTS + j], d = y - t.p[j];
        squares[e * OUTPUTS + j] += d * d / STEPS;
        CHECK(loss == KFIX_MSE || y == 0 || y == 1);
      }
    }
  }
  CHECK_INT(ROWS * STEPS, c.observed);
  for (size_t e = 0; e < ROWS; e++) {
    ref_forward(&c.ref, theta, c.xd + e * 4, &t);
    for (size_t j = 0; j < OUTPUTS; j++) {
      const double p = t.p[j], variance = loss == KFIX_MSE ? 1 : p * (1 - p);
      const double spread = sqrt(variance / STEPS);
      CHECK_NEAR(5.5 * spread + 3.0 / STEPS, p, sum[e * OUTPUTS + j]);
      if (loss == KFIX_MSE) CHECK_NEAR(5.5 * sqrt(2.0 / STEPS) + 0.1, 1, squares[e * OUTPUTS + j]);
    }
  }
  case_end(&c);
}

void test_moments_of_normal_targets(void) {
  check_moments(KFIX_MSE);
}

void test_moments_of_bernoulli_targets(void) {
  check_moments(KFIX_BERNOULLI);
}

void test_moments_of_categorical_targets(void) {
  check_moments(KFIX_CATEGORICAL);
}

/* The targets of the second step of a trainer that differs from the first in one way. */
static void second_step(uint32_t chunk, uint64_t seed, double stats_fraction, double *out) {
  ref_case c;
  begin(&c, KFIX_BERNOULLI);
  c.net.chunk = chunk;
  c.options.seed = seed;
  c.options.stats_fraction = stats_fraction;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 3, 1));
  case_watch(&c);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  memcpy(out, c.sampled, ROWS * OUTPUTS * sizeof *out);
  case_end(&c);
}

void test_targets_do_not_depend_on_the_chunk_nor_on_how_many_are_drawn(void) {
  double first[ROWS * OUTPUTS], other[ROWS * OUTPUTS];
  second_step(64, 1, 1, first);
  second_step(32, 1, 1, other);
  CHECK_MEM(first, other, sizeof first);
  second_step(256, 1, 0.5, other);
  CHECK_MEM(first, other, 31 * OUTPUTS * sizeof *first);
  for (int i = 31 * OUTPUTS; i < ROWS * OUTPUTS; i++) CHECK(other[i] == 0);
  second_step(64, 2, 1, other);
  CHECK(memcmp(first, other, sizeof first) != 0);
}

/* Equal rows at different places of a batch draw for themselves, and so do outputs and steps. */
void test_rows_and_steps_draw_for_themselves(void) {
  ref_case c;
  double first[ROWS * OUTPUTS];
  static const uint32_t same[ROWS] = {0};
  begin(&c, KFIX_MSE);
  c.table.order = same;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  case_watch(&c);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  memcpy(first, c.sampled, sizeof first);
  for (int i = 0; i < ROWS * OUTPUTS; i++)
    for (int j = 0; j < i; j++) CHECK(first[i] != first[j]);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  for (int i = 0; i < ROWS * OUTPUTS; i++) CHECK(first[i] != c.sampled[i]);
  kfix_observe(c.k, NULL);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(2 * ROWS, c.observed);
  case_end(&c);
}

void test_empirical_fisher_draws_nothing(void) {
  ref_case c;
  begin(&c, KFIX_BERNOULLI);
  c.options.fisher = KFIX_FISHER_EMPIRICAL;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  case_watch(&c);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(0, c.observed);
  case_end(&c);
}
