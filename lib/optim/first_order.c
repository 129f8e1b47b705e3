/* SPDX-License-Identifier: Apache-2.0
 * SGD with classical momentum, Nesterov's accelerated gradient, Adam. */
#include <math.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "optim/gradient.h"
#include "optim/rules.h"
#include "optim/update.h"

/* velocity' = mu velocity - lr g; theta' = theta + velocity'. */
static kfix_status move(kfix *k, double mu) {
  const double rate = kfix_learning_rate(&k->options, k->report.step);
  const kfix_buffer *velocity = &k->own[KFIX_OWN_VELOCITY];
  KFIX_TRY(kfix_move(k, velocity, mu, kfix_current(k, velocity), -rate,
                     k->buffer[KFIX_NET_GRADIENT].at[0]));
  k->report.learning_rate = rate;
  k->report.mu = mu;
  return KFIX_OK;
}

static kfix_status step_sgd(kfix *k, const kfix_batch *batch) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  KFIX_TRY(kfix_gradient(k, theta, batch, 0));
  return move(k, k->options.momentum);
}

static kfix_status step_nesterov(kfix *k, const kfix_batch *batch) {
  const double stage = floor((double)k->now.step / 250) + 1, rising = 1 - 1 / (2 * stage);
  const double mu = rising < k->options.momentum ? rising : k->options.momentum;
  const kfix_buffer *theta = &k->buffer[KFIX_NET_THETA];
  kfix_real *ahead = kfix_loan(k, KFIX_LOAN_AHEAD);
  KFIX_RUN(k, axpby, k->parameters, 1, kfix_current(k, theta), (kfix_real)mu,
           kfix_current(k, &k->own[KFIX_OWN_VELOCITY]), ahead);
  KFIX_TRY(kfix_gradient(k, ahead, batch, 0));
  return move(k, mu);
}

/* 1 - beta^t, with the power by exp and log of our own, so that the bits are the same everywhere.
 */
static double bias(double beta, double t) {
  return beta > 0 ? 1 - kfix_exp_f64(t * kfix_log_f64(beta)) : 1;
}

/* What kfix_move does besides, for an update of another form. */
static kfix_status average_and_count(kfix *k) {
  const kfix_buffer *theta = &k->buffer[KFIX_NET_THETA], *mean = &k->buffer[KFIX_NET_AVERAGE];
  const kfix_buffer *const moved[4] = {theta, mean, &k->own[KFIX_OWN_MOMENT1],
                                       &k->own[KFIX_OWN_MOMENT2]};
  const kfix_real xi = kfix_averaging(k);
  KFIX_RUN(k, axpby, k->parameters, 1 - xi, kfix_spare(k, theta), xi, kfix_current(k, mean),
           kfix_spare(k, mean));
  for (size_t i = 0; i < 4; i++)
    KFIX_RUN(k, nonfinite, 1, k->parameters, kfix_spare(k, moved[i]), k->parameters,
             kfix_slot_at(k, KFIX_SLOT_BAD_THETA));
  return KFIX_OK;
}

static kfix_status step_adam(kfix *k, const kfix_batch *batch) {
  const kfix_buffer *theta = &k->buffer[KFIX_NET_THETA];
  const kfix_buffer *m = &k->own[KFIX_OWN_MOMENT1], *v = &k->own[KFIX_OWN_MOMENT2];
  const kfix_options *o = &k->options;
  const double t = (double)k->now.step + 1;
  KFIX_TRY(kfix_gradient(k, kfix_current(k, theta), batch, 0));
  const double scheduled = kfix_learning_rate(o, k->report.step);
  const double rate = scheduled / bias(o->beta1, t);
  const double scale = 1 / sqrt(bias(o->beta2, t));
  KFIX_RUN(k, adam, k->parameters, (kfix_real)o->beta1, (kfix_real)o->beta2, (kfix_real)rate,
           (kfix_real)scale, (kfix_real)o->adam_epsilon, k->buffer[KFIX_NET_GRADIENT].at[0],
           kfix_current(k, theta), kfix_current(k, m), kfix_current(k, v), kfix_spare(k, m),
           kfix_spare(k, v), kfix_spare(k, theta));
  k->report.learning_rate = scheduled;
  return average_and_count(k);
}

/* The velocity is the update. */
static const kfix_vector_view vectors[] = {{"update", KFIX_OWN_VELOCITY, 0},
                                           {"prev_update", KFIX_OWN_VELOCITY, 1}};
const kfix_rule kfix_rule_sgd = {step_sgd, vectors, 2, 1};
const kfix_rule kfix_rule_nesterov = {step_nesterov, vectors, 2, 1};
/* Moments stay where weights are set: their bias is counted from the first step. */
const kfix_rule kfix_rule_adam = {step_adam, NULL, 0, 0};
