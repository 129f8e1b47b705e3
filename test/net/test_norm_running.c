/* SPDX-License-Identifier: Apache-2.0
 * Running moments of normalisations: how they follow the batches, and predictions by them. */
#include <math.h>

#include "graph_checks.h"
#include "normed_case.h"

static void check_running(running_moments expected) {
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    kfix_real found[GRAPH_MOMENTS];
    const uint32_t count = kfix_net_block(&c.g.net, b)->moments;
    CHECK_INT(count ? KFIX_OK : KFIX_ARGUMENT, kfix_get_moments(c.k, b + 1, found));
    for (uint32_t i = 0; i < count; i++)
      CHECK_NEAR(tolerance(fabs(expected[b][i])), expected[b][i], (double)found[i]);
  }
}

static void read_theta(void) {
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    kfix_real w[GRAPH_PARAMETERS];
    CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, b + 1, w));
    for (size_t i = c.g.w[b]; i < c.g.w[b + 1]; i++) c.theta[i] = (double)w[i - c.g.w[b]];
  }
}

/* The first step takes its batch's, later ones keep min(1 - 1/k, decay) of what there was. A look changes nothing. */
static void check_averages(size_t rows) {
  running_moments all = {{0}}, batch;
  kfix_score score;
  c.options.norm_decay = 0.6;
  c.options.learning_rate = 1e-3;
  create_normed(KFIX_METHOD_sgd);
  for (int step = 1; step <= 4; step++) {
    const double kept = step == 1 ? 0 : step == 2 ? 0.5 : 0.6;
    read_theta();
    graph_moments(&c.g, c.theta, c.xd, rows, batch);
    for (int b = 0; b < GRAPH_NODES; b++)
      for (int i = 0; i < GRAPH_MOMENTS && b < (int)c.g.net.block_count; i++)
        all[b][i] = kept * all[b][i] + (1 - kept) * batch[b][i];
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &score));
    check_running(all);
  }
  end();
}

void test_running_moments(void) {
  EACH_CASE(rows, check_averages(rows))
}

/* A step that fails leaves them as they were: its bits, and so the digest's. */
static int stop_at(void *source, size_t first, size_t rows, kfix_real *x, size_t ldx, kfix_real *y,
                   size_t ldy) {
  return first >= 64 ? 1 : kfix_fetch_table(source, first, rows, x, ldx, y, ldy);
}

void test_a_step_that_fails_leaves_them(void) {
  for (int i = 0; begin_normed(i, ROWS, 32); i++) {
    create_normed(KFIX_METHOD_kfac);
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    const uint64_t digest = kfix_digest(c.k);
    c.batch.fetch = stop_at;
    CHECK_INT(KFIX_FETCH, kfix_step(c.k, &c.batch, NULL));
    CHECK_U64(digest, kfix_digest(c.k));
    end();
  }
}

void test_moments_that_are_no_numbers(void) {
  begin_normed(0, 64, 32);
  create_normed(KFIX_METHOD_sgd);
  c.x[3] = (kfix_real)(sizeof(kfix_real) == 4 ? 1e38 : 1e308);
  c.x[8] = -c.x[3];
  const kfix_status status = kfix_step(c.k, &c.batch, NULL);
  CHECK(status == KFIX_STATISTICS_NONFINITE || status == KFIX_LOSS_NONFINITE ||
        status == KFIX_GRADIENT_NONFINITE);
  end();
}

/* ---- in use ---- */

static void set_moments(running_moments running) {
  uint64_t seed = 9;
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    kfix_real m[GRAPH_MOMENTS];
    const uint32_t count = kfix_net_block(&c.g.net, b)->moments;
    for (uint32_t i = 0; i < count; i++) {
      m[i] = (kfix_real)case_normal(&seed);
      if (i % 2) m[i] = m[i] * m[i] + (kfix_real)0.1;
      running[b][i] = (double)m[i];
    }
    CHECK_INT(count ? KFIX_OK : KFIX_ARGUMENT, kfix_set_moments(c.k, b + 1, m));
    m[1] = -1;
    CHECK_INT(KFIX_ARGUMENT, kfix_set_moments(c.k, b + 1, m));
  }
}

static void check_predictions(size_t rows) {
  static kfix_real p[ROWS * GRAPH_UNITS];
  static double z[ROWS * GRAPH_UNITS];
  const size_t out = kfix_net_outputs(&c.g.net);
  running_moments running;
  kfix_score score;
  double loss = 0;
  create_normed(KFIX_METHOD_sgd);
  set_moments(running);
  CHECK_INT(KFIX_OK, kfix_predict(c.k, KFIX_ITERATE, &c.batch, p, out));
  CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &score));
  graph_in_use(&c.g, c.theta, (const double(*)[GRAPH_MOMENTS])running, c.xd, rows, z);
  for (size_t i = 0; i < rows * out; i++) {
    CHECK_NEAR(tolerance(fabs(z[i])), z[i], (double)p[i]);
    loss += (z[i] - c.yd[i]) * (z[i] - c.yd[i]) / 2 / (double)rows;
  }
  CHECK_NEAR(tolerance(loss), loss, score.loss);
  end();
}

void test_predictions(void) {
  EACH_CASE(rows, check_predictions(rows))
}

void test_predictors_have_the_trainers_bits(void) {
  running_moments running;
  for (int i = 0; begin_normed(i, ROWS, 32); i++) {
    create_normed(KFIX_METHOD_sgd);
    set_moments(running);
    graph_check_predictors();
    end();
  }
}
