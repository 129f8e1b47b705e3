/* SPDX-License-Identifier: Apache-2.0
 * Raises of lambda and gamma. */
#include "optim/damping.h"

#include <math.h>

#include "core/arithmetic.h"

/* A raise of the damping: lambda by this, gamma by its root. */
static const double raise_lambda = 4, raise_gamma = 2;

/* Raises at try n: none, 1, 2, 4 ... 64. They double, as lambda may have to come up from its floor. */
static uint32_t raises(uint32_t n) {
  return n == 0 ? 0 : 1u << kfix_smaller(n - 1, 6);
}

/* Raises `value` n times, or until it reaches its ceiling; returns how many times. */
static uint32_t raise_by(double *value, double factor, uint32_t n, double ceiling) {
  uint32_t done = 0;
  for (; done < n && *value < ceiling; done++) *value *= factor;
  if (done > 0 && *value > ceiling) *value = ceiling;
  return done;
}

static void take_back(kfix *k) {
  kfix_scalars *s = &k->next;
  if (s->raised > 0) {
    s->lambda = kfix_bound_lambda(&k->options, s->lambda / raise_lambda);
    s->raised--;
  }
  if (s->raised_gamma > 0) {
    s->gamma = kfix_bound_gamma(&k->options, s->gamma / raise_gamma);
    s->raised_gamma--;
    s->stale = 1;
  }
}

/* taken: attempt 0 has taken a raise back. Then attempt 1 does no more than restore it. */
static uint32_t raises_after(uint32_t n, uint32_t taken) {
  return raises(taken ? n - 1 : n);
}

/* No factor raises a 0. With the fixed driver it was asked for, and stays. */
static double a_little_at_least(const kfix *k, double value) {
  return value == 0 && k->options.driver == KFIX_ADAPTIVE ? 1e-12 : value;
}

static void raise_both(kfix *k, uint32_t attempt) {
  kfix_scalars *s = &k->next;
  const uint32_t lambdas = raises_after(attempt, s->raised);
  const uint32_t gammas = raises_after(attempt, s->raised_gamma);
  s->lambda = a_little_at_least(k, s->lambda);
  s->gamma = a_little_at_least(k, s->gamma);
  s->raised = raise_by(&s->lambda, raise_lambda, lambdas, kfix_lambda_ceiling(&k->options));
  s->raised_gamma = raise_by(&s->gamma, raise_gamma, gammas, kfix_gamma_ceiling(&k->options));
  s->stale = 1;
  if (k->options.driver != KFIX_ADAPTIVE) s->raised = s->raised_gamma = 0;
}

void kfix_start_damping(kfix *k, double lambda) {
  k->next.lambda = kfix_bound_lambda(&k->options, lambda);
  k->next.gamma = kfix_bound_gamma(&k->options, sqrt(lambda + k->options.weight_decay));
}

void kfix_begin_damping(kfix *k, uint32_t attempt) {
  if (attempt > 0)
    raise_both(k, attempt);
  else
    take_back(k);
}

/* Where an attempt began below the last step's lambda, its first raise only goes back to that. */
kfix_lambda_raises kfix_begin_raises(const kfix *k) {
  if (k->next.lambda < k->now.lambda) return (kfix_lambda_raises){k->now.lambda, 0, 0};
  return (kfix_lambda_raises){k->next.lambda, k->next.raised, 1};
}

int kfix_raise_lambda(kfix *k, kfix_lambda_raises *r) {
  kfix_scalars *s = &k->next;
  const double ceiling = kfix_lambda_ceiling(&k->options);
  if (k->report.retries >= k->options.retries || s->lambda >= ceiling) return 0;
  s->lambda = a_little_at_least(k, r->from);
  s->raised = r->raised + raise_by(&s->lambda, raise_lambda, raises(r->tries++), ceiling);
  k->report.retries++;
  return 1;
}
