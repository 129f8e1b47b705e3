/* SPDX-License-Identifier: Apache-2.0
 * The search for the first lambda: a walk by factors of ten over what one step does. */
#include "optim/first_lambda.h"

#include <math.h>

#include "core/arithmetic.h"
#include "optim/adaptive.h"
#include "optim/damping.h"
#include "optim/rules.h"

/* A smaller lambda is taken while its step is worth so much of the best one's: it costs the first step
 * little, and later steps want less damping. */
static const double part_of_best = 0.9;
/* A smaller alpha says that the direction is far too long: F is approximated badly, so damp more. */
static const double least_alpha = 0.1;
static const uint32_t most_moves = 8;

typedef struct search {
  double lambda, fall, best; /* where it stands, what that is worth, and the most that was seen */
} search;

int kfix_lambda_is_wanted(const kfix *k) {
  return k->now.step == 0 && k->first_lambda == 0 && k->options.driver == KFIX_ADAPTIVE &&
         k->options.lambda == KFIX_AUTO;
}

/* The attempt as it began, with this lambda. */
static void begin_with(kfix *k, double lambda) {
  kfix_begin_anew(k);
  kfix_start_damping(k, lambda);
}

/* What more damping can mend. */
static int is_a_bad_trial(kfix_status status) {
  return status == KFIX_NOT_POSITIVE || status == KFIX_NOT_CONVERGED || status == KFIX_REFUSED ||
         status == KFIX_STATISTICS_NONFINITE || status == KFIX_UPDATE_NONFINITE;
}

static kfix_status try_at(kfix *k, const kfix_batch *batch, double lambda, double *fall) {
  begin_with(k, lambda);
  k->report.trials++;
  double alpha = 0;
  const kfix_status status = kfix_try_lambda(k, batch, &alpha, fall);
  if (status != KFIX_OK && !is_a_bad_trial(status)) return status;
  if (status != KFIX_OK || !isfinite(*fall) || !(alpha >= least_alpha)) *fall = -INFINITY;
  return KFIX_OK;
}

static int is_good_enough(double fall, double best) {
  return isfinite(fall) && fall >= part_of_best * best;
}

/* Moves on, to a tenth or to ten times, while that is worth it; *moves counts. */
static kfix_status walk(kfix *k, const kfix_batch *batch, int down, search *s, uint32_t *moves) {
  for (*moves = 0; *moves < most_moves; ++*moves) {
    double fall;
    const double lambda = down ? s->lambda / 10 : s->lambda * 10;
    if (kfix_bound_lambda(&k->options, lambda) != lambda) break;
    KFIX_TRY(try_at(k, batch, lambda, &fall));
    const double best = fall > s->best ? fall : s->best;
    /* Down: goes on while the next one is good enough. Up: until the present one is. */
    if (is_good_enough(down ? fall : s->fall, best) != down) break;
    *s = (search){lambda, fall, best};
  }
  return KFIX_OK;
}

static kfix_status walk_both_ways(kfix *k, const kfix_batch *batch, search *s) {
  uint32_t moves;
  KFIX_TRY(try_at(k, batch, s->lambda, &s->fall));
  s->best = s->fall;
  KFIX_TRY(walk(k, batch, 1, s, &moves));
  return moves > 0 ? KFIX_OK : walk(k, batch, 0, s, &moves);
}

kfix_status kfix_find_lambda(kfix *k, const kfix_batch *batch) {
  search s = {.lambda = kfix_first_lambda(&k->options)};
  k->watch = &kfix_nobody;
  const kfix_status status = walk_both_ways(k, batch, &s);
  k->watch = &k->observer;
  KFIX_TRY(status);
  k->first_lambda = s.lambda;
  begin_with(k, s.lambda);
  return KFIX_OK;
}
