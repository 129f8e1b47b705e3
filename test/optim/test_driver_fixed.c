/* SPDX-License-Identifier: Apache-2.0
 * The fixed driver: direction, KL clipping, learning rate, momentum, when statistics and inverse
 * are renewed. */
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"
#include "reference_kfac.h"
#include "reference_rate.h"

enum { PARAMETERS_MAX = 200, STEPS = 14 };

typedef struct settings {
  double rate, momentum, damping, clip, eta;
  uint32_t stats_every, inverse_every;
  size_t rows;
  kfix_rate_schedule schedule;
} settings;

static void apply_settings(ref_case *c, const settings *s) {
  kfix_options *o = &c->options;
  o->driver = KFIX_FIXED;
  o->learning_rate = s->rate;
  o->momentum = s->momentum;
  o->damping = s->damping;
  o->kl_clip = s->clip;
  o->weight_decay = s->eta;
  o->stats_every = s->stats_every;
  o->inverse_every = o->gamma_every = s->inverse_every;
  o->stats_fraction = 0.5;
  o->lr_schedule = s->schedule;
  o->lr_warmup = s->schedule == KFIX_RATE_CONSTANT ? 0 : 4;
  o->lr_every = 3;
  o->lr_steps = STEPS - 2;
}

/* nu = min(1, sqrt(c / sum over layers |U_i . gradient_i|)). */
static double clip_factor(const ref_net *net, double c, const double *gradient,
                          const double *direction) {
  double sum = 0;
  for (size_t i = 0; i < net->depth; i++) {
    double here = 0;
    for (size_t j = 0; j < net->width[i + 1] * (net->width[i] + 1); j++)
      here += gradient[net->w[i] + j] * direction[net->w[i] + j];
    sum += fabs(here);
  }
  return c > 0 && sum > c ? sqrt(c / sum) : 1;
}

/* Runs and audits; returns how many steps were clipped. */
static int run(kfix_loss loss, const settings *s) {
  ref_case c;
  ref_kfac kfac;
  double theta[PARAMETERS_MAX], g[PARAMETERS_MAX], u[PARAMETERS_MAX], lib[PARAMETERS_MAX];
  double previous[PARAMETERS_MAX] = {0};
  int clipped = 0;
  case_begin(&c, loss, 3, (const uint32_t[]){6, 5, 4, 3}, KFIX_TANH, KFIX_LINEAR, s->rows, 3);
  apply_settings(&c, s);
  const double slack = 4000 * KFIX_REAL_EPS, gamma = sqrt(s->damping + s->eta);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  case_watch(&c);
  ref_kfac_begin(&kfac, &c.ref);
  for (uint32_t step = 1; step <= STEPS; step++) {
    kfix_report r;
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    if ((step - 1) % s->stats_every == 0)
      ref_kfac_absorb(&kfac, &c.ref, theta, c.xd, c.sampled, r.stats_rows, c.options.decay);
    const int due = step <= 3 || step % s->inverse_every == 0;
    if (due) ref_kfac_refresh(&kfac, &c.ref, gamma);
    if (due) CHECK_INT(step, r.inverse_step);
    ref_gradient(&c.ref, theta, c.xd, c.yd, c.rows, s->eta, g);
    ref_kfac_apply(&kfac, &c.ref, -1, g, u);
    const double nu = clip_factor(&c.ref, s->clip, g, u);
    clipped += nu < 1;
    CHECK_NEAR(slack, 0, relative_distance(c.delta, u, c.ref.parameters));
    CHECK_NEAR(slack * nu, nu, r.nu);
    const double rate = (double)ref_rate(&c.options, step);
    CHECK_NEAR(16 * 0x1p-52 * s->rate, rate, r.learning_rate);
    CHECK_NEAR(1e-15, s->damping, r.lambda);
    CHECK_NEAR(1e-15, gamma, r.gamma);
    for (size_t i = 0; i < c.ref.parameters; i++)
      u[i] = rate * nu * u[i] + s->momentum * previous[i];
    CHECK_INT(KFIX_OK, case_view(&c, "update", previous));
    CHECK_NEAR(slack, 0, relative_distance(previous, u, c.ref.parameters));
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", lib));
    for (size_t i = 0; i < c.ref.parameters; i++)
      CHECK_NEAR(KFIX_REAL_EPS * (fabs(lib[i]) + fabs(previous[i])), theta[i] + previous[i],
                 lib[i]);
  }
  ref_kfac_end(&kfac, &c.ref);
  case_end(&c);
  return clipped;
}

void test_clipped_run(void) {
  const settings s = {0.3, 0.9, 0.1, 1e-2, 1e-3, 1, 5, 90, KFIX_RATE_CONSTANT};
  CHECK(run(KFIX_CATEGORICAL, &s) > 0);
  CHECK(run(KFIX_MSE, &s) > 0);
}

/* The clip is of the direction, whatever the rate. */
void test_clipped_run_of_a_scheduled_rate(void) {
  const settings step = {0.3, 0.9, 0.1, 1e-2, 1e-3, 1, 5, 90, KFIX_RATE_STEP};
  const settings cosine = {0.3, 0.5, 0.1, 1e-2, 1e-3, 1, 5, 90, KFIX_RATE_COSINE};
  CHECK(run(KFIX_CATEGORICAL, &step) > 0);
  CHECK(run(KFIX_MSE, &cosine) > 0);
}

void test_run_without_clipping(void) {
  const settings s = {0.1, 0.5, 1, 0, 1e-3, 1, 1, 90, KFIX_RATE_CONSTANT};
  CHECK_INT(0, run(KFIX_BERNOULLI, &s));
}

void test_statistics_and_inverse_now_and_then(void) {
  const settings s = {0.1, 0, 0.3, 1e-1, 0, 3, 4, 90, KFIX_RATE_CONSTANT};
  run(KFIX_CATEGORICAL, &s);
}

void test_run_by_low_rank_products(void) {
  const settings s = {0.1, 0.9, 0.5, 1e-2, 0, 1, 2, 2, KFIX_RATE_CONSTANT};
  run(KFIX_MSE, &s);
}

void test_rate_zero_leaves_the_weights(void) {
  const settings s = {0, 0, 0.5, 1e-2, 1e-3, 1, 2, 33, KFIX_RATE_CONSTANT};
  ref_case c;
  double before[PARAMETERS_MAX], after[PARAMETERS_MAX];
  case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){6, 5, 3}, KFIX_TANH, KFIX_LINEAR, 33, 3);
  apply_settings(&c, &s);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", before));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", after));
  CHECK_MEM(before, after, c.ref.parameters * sizeof *before);
  case_end(&c);
}
