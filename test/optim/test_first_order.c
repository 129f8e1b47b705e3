/* SPDX-License-Identifier: Apache-2.0
 * SGD, Nesterov and Adam against their formulas in double, and the averaged iterate. */
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"
#include "reference_rate.h"

enum { PARAMETERS_MAX = 200, STEPS = 12 };

/* A rule's own state, in double. */
typedef struct rule_state {
  double v[PARAMETERS_MAX], m1[PARAMETERS_MAX], m2[PARAMETERS_MAX];
} rule_state;

typedef void rule(const ref_case *c, rule_state *s, uint64_t step, double *theta);

static void gradient_at(const ref_case *c, const double *theta, double *g) {
  ref_gradient(&c->ref, theta, c->xd, c->yd, c->rows, c->options.weight_decay, g);
}

static void sgd(const ref_case *c, rule_state *s, uint64_t step, double *theta) {
  double g[PARAMETERS_MAX];
  const double rate = (double)ref_rate(&c->options, step);
  gradient_at(c, theta, g);
  for (size_t i = 0; i < c->ref.parameters; i++) {
    s->v[i] = c->options.momentum * s->v[i] - rate * g[i];
    theta[i] += s->v[i];
  }
}

/* Sutskever et al. 2013, eqs. 3 to 5. */
static double nesterov_momentum(uint64_t step, double most) {
  const double mu = 1 - pow(2, -1 - log2(floor((double)(step - 1) / 250) + 1));
  return mu < most ? mu : most;
}

static void nesterov(const ref_case *c, rule_state *s, uint64_t step, double *theta) {
  double g[PARAMETERS_MAX], ahead[PARAMETERS_MAX];
  const double mu = nesterov_momentum(step, c->options.momentum);
  const double rate = (double)ref_rate(&c->options, step);
  for (size_t i = 0; i < c->ref.parameters; i++) ahead[i] = theta[i] + mu * s->v[i];
  gradient_at(c, ahead, g);
  for (size_t i = 0; i < c->ref.parameters; i++) {
    s->v[i] = mu * s->v[i] - rate * g[i];
    theta[i] += s->v[i];
  }
}

static void adam(const ref_case *c, rule_state *s, uint64_t step, double *theta) {
  const kfix_options *o = &c->options;
  double g[PARAMETERS_MAX];
  const double rate = (double)ref_rate(o, step);
  gradient_at(c, theta, g);
  for (size_t i = 0; i < c->ref.parameters; i++) {
    s->m1[i] = o->beta1 * s->m1[i] + (1 - o->beta1) * g[i];
    s->m2[i] = o->beta2 * s->m2[i] + (1 - o->beta2) * g[i] * g[i];
    const double m = s->m1[i] / (1 - pow(o->beta1, (double)step));
    const double v = s->m2[i] / (1 - pow(o->beta2, (double)step));
    theta[i] -= rate * m / (sqrt(v) + o->adam_epsilon);
  }
}

/* Errors of a step are multiplied by 1 + lr curvature in each later one: below e^STEPS here. */
static void check_schedule(kfix_method method, rule *next, double rate, double momentum,
                           kfix_rate_schedule schedule) {
  ref_case c;
  kfix_report r;
  rule_state state = {{0}, {0}, {0}};
  double theta[PARAMETERS_MAX], lib[PARAMETERS_MAX], mean[PARAMETERS_MAX];
  case_begin(&c, KFIX_CATEGORICAL, 3, (const uint32_t[]){6, 5, 4, 3}, KFIX_TANH, KFIX_SOFTMAX, 90,
             3);
  c.options.learning_rate = rate;
  c.options.lr_schedule = schedule;
  c.options.lr_warmup = schedule == KFIX_RATE_CONSTANT ? 0 : 3;
  c.options.lr_every = 2;
  c.options.lr_steps = STEPS - 2;
  c.options.lr_floor = 0.1;
  c.options.momentum = momentum;
  c.options.weight_decay = 1e-2;
  c.options.averaging = 0.8;
  c.options.adam_epsilon = 1e-3;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
  const size_t n = c.ref.parameters;
  for (uint64_t step = 1; step <= STEPS; step++) {
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_NEAR(16 * 0x1p-52 * rate, (double)ref_rate(&c.options, step), r.learning_rate);
    next(&c, &state, step, theta);
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", lib));
    CHECK_NEAR(200 * KFIX_REAL_EPS * (double)step, 0, relative_distance(lib, theta, n));
    for (size_t i = 0; i < n; i++)
      mean[i] = step == 1 ? theta[i] : 0.8 * mean[i] + (1 - 0.8) * theta[i];
    CHECK_INT(KFIX_OK, case_view(&c, "average", lib));
    CHECK_NEAR(200 * KFIX_REAL_EPS * (double)step, 0, relative_distance(lib, mean, n));
  }
  case_end(&c);
}

static void check_run(kfix_method method, rule *next, double rate, double momentum) {
  check_schedule(method, next, rate, momentum, KFIX_RATE_CONSTANT);
}

void test_sgd_with_and_without_momentum(void) {
  check_run(KFIX_METHOD_sgd, sgd, 0.1, 0.9);
  check_run(KFIX_METHOD_sgd, sgd, 0.5, 0);
}

void test_nesterov(void) {
  check_run(KFIX_METHOD_nesterov, nesterov, 0.1, 0.99);
  check_run(KFIX_METHOD_nesterov, nesterov, 0.1, 0.3);
}

void test_adam(void) {
  check_run(KFIX_METHOD_adam, adam, 0.01, 0);
}

void test_each_rule_takes_the_scheduled_rate(void) {
  check_schedule(KFIX_METHOD_sgd, sgd, 0.3, 0.9, KFIX_RATE_STEP);
  check_schedule(KFIX_METHOD_sgd, sgd, 0.3, 0.9, KFIX_RATE_COSINE);
  check_schedule(KFIX_METHOD_nesterov, nesterov, 0.3, 0.9, KFIX_RATE_STEP);
  check_schedule(KFIX_METHOD_nesterov, nesterov, 0.3, 0.9, KFIX_RATE_COSINE);
  check_schedule(KFIX_METHOD_adam, adam, 0.02, 0, KFIX_RATE_STEP);
  check_schedule(KFIX_METHOD_adam, adam, 0.02, 0, KFIX_RATE_COSINE);
}

/* mu rises at steps 251, 501, ... up to its ceiling. */
void test_nesterov_momentum_rises_every_250_steps(void) {
  ref_case c;
  kfix_report r;
  case_begin(&c, KFIX_MSE, 1, (const uint32_t[]){1, 1}, KFIX_LINEAR, KFIX_LINEAR, 1, 3);
  c.options.learning_rate = 1e-4;
  c.options.momentum = 0.85;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_nesterov, NULL, NULL));
  for (uint64_t step = 1; step <= 1010; step++) {
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_NEAR(1e-14, nesterov_momentum(step, 0.85), r.mu);
  }
  CHECK_NEAR(0, 0.85, r.mu);
  case_end(&c);
}

/* learning_rate KFIX_AUTO: the method's own, in the report, and the bits of that number. */
void test_auto_is_the_rate_of_the_method(void) {
  static const double rates[] = {1e-2, 3e-3, 1e-3, 0.5};
  for (int m = KFIX_METHOD_sgd; m <= KFIX_METHOD_kfac; m++) {
    uint64_t digests[2];
    for (int given = 0; given < 2; given++) {
      ref_case c;
      kfix_report r;
      case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){3, 4, 2}, KFIX_TANH, KFIX_LINEAR, 20, 3);
      c.options.driver = KFIX_FIXED;
      c.options.learning_rate = given ? rates[m] : KFIX_AUTO;
      CHECK_INT(KFIX_OK, case_create(&c, (kfix_method)m, NULL, NULL));
      CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
      CHECK_NEAR(0, rates[m], r.learning_rate);
      digests[given] = kfix_digest(c.k);
      case_end(&c);
    }
    CHECK_U64(digests[1], digests[0]);
  }
}

void test_objective_is_reported_at_the_weights_before_the_step(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    ref_case c;
    double theta[PARAMETERS_MAX];
    kfix_report r;
    case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){3, 4, 2}, KFIX_TANH, KFIX_LINEAR, 20, 3);
    CHECK_INT(KFIX_OK, case_create(&c, (kfix_method)m, NULL, NULL));
    CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
    for (int s = 0; s < 3; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_INT(KFIX_OK, case_view(&c, "W", theta));
    const double h = ref_objective(&c.ref, theta, c.xd, c.yd, c.rows, c.options.weight_decay);
    /* Nesterov's gradient, and with it the loss, is of the point ahead. */
    if (m != KFIX_METHOD_nesterov) CHECK_NEAR(100 * KFIX_REAL_EPS * h, h, r.objective);
    case_end(&c);
  }
}
