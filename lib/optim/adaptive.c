/* SPDX-License-Identifier: Apache-2.0
 * The adaptive driver of the K-FAC paper [KFAC 6.4 to 7, 9]. */
#include "optim/adaptive.h"

#include <math.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "direction/direction.h"
#include "net/net.h"
#include "optim/damping.h"
#include "optim/gradient.h"
#include "optim/model.h"
#include "optim/schedule.h"
#include "optim/update.h"

static double least(double a, double b) {
  return a < b ? a : b;
}

typedef struct trial {
  double gamma;
  kfix_model model;
  kfix_best best;
  kfix_made made;
} trial;

static int with_previous(const kfix *k) {
  return k->now.have_update && k->options.use_momentum;
}

/* The best update by the model of a trial, with the lambda in force. */
static kfix_status minimise(kfix *k, trial *t) {
  const double damping = k->next.lambda + k->options.weight_decay;
  const kfix_status status =
      kfix_model_minimise(&t->model, damping, with_previous(k), k->report.objective, &t->best);
  if (status != KFIX_OK) k->report.value = t->best.change;
  return status;
}

/* Delta for one gamma into `out`, and the model along it and the previous update. */
static kfix_status propose(kfix *k, const kfix_batch *batch, kfix_real *out, int tangent_v_ready,
                           trial *t) {
  const kfix_direction *d = k->method->direction;
  const kfix_real *previous = kfix_current(k, &k->own[KFIX_OWN_UPDATE]);
  const kfix_phase phase = kfix_phase_with(k, t->gamma);
  if (kfix_refresh_due(k)) KFIX_TRY(d->refresh(k, batch, &phase));
  KFIX_TRY(d->make(k, batch, &phase, out, &t->made));
  return kfix_model_measure(k, batch, out, with_previous(k) ? previous : NULL, tangent_v_ready,
                            &t->model);
}

/* Whether the promise stands above rounding. */
static int is_resolved(const trial *t) {
  return -t->best.change > t->model.resolution;
}

static int spoiled(kfix_status status) {
  return status == KFIX_NOT_POSITIVE || status == KFIX_NOT_CONVERGED || status == KFIX_REFUSED;
}

/* Tries one more gamma: its Delta replaces the direction if it promises more. A gamma with which the
 * factorization or the model fails is passed over. *last: whose inverse now stands. */
static kfix_status try_gamma(kfix *k, const kfix_batch *batch, double gamma, trial *best,
                             double *last) {
  kfix_real *candidate = kfix_loan(k, KFIX_LOAN_CANDIDATE);
  trial t = {.gamma = kfix_bound_gamma(&k->options, gamma)};
  if (t.gamma == *last) return KFIX_OK;
  *last = t.gamma;
  kfix_status status = propose(k, batch, candidate, kfix_model_resident(k, batch->rows), &t);
  if (status == KFIX_OK) status = minimise(k, &t);
  if (spoiled(status)) return KFIX_OK;
  KFIX_TRY(status);
  if (!(t.best.change < best->best.change)) return KFIX_OK;
  *best = t;
  KFIX_RUN(k, axpby, k->parameters, 1, candidate, 0, NULL, kfix_delta_place(k));
  return KFIX_OK;
}

/* Who watches what a direction is made of has seen that of the gamma before: the chosen one is made
 * again, to be looked at. */
static kfix_status show_again(kfix *k, const kfix_batch *batch, const kfix_phase *chosen) {
  kfix_made made;
  if (!k->watch->vector) return KFIX_OK;
  return k->method->direction->make(k, batch, chosen, kfix_delta_place(k), &made);
}

/* Every T2 steps: gamma, omega2 gamma and gamma / omega2; the one whose M is lowest stays
 * [KFAC 6.6]. */
static kfix_status choose_gamma(kfix *k, const kfix_batch *batch, trial *best) {
  const double omega = kfix_omega2(&k->options);
  const double gamma = best->gamma;
  double last = gamma;
  k->watch = &kfix_nobody;
  kfix_status status = try_gamma(k, batch, omega * gamma, best, &last);
  if (status == KFIX_OK) status = try_gamma(k, batch, gamma / omega, best, &last);
  k->watch = &k->observer;
  KFIX_TRY(status);
  k->next.gamma = best->gamma;
  const kfix_phase chosen = kfix_phase_with(k, best->gamma);
  if (last != best->gamma) KFIX_TRY(k->method->direction->refresh(k, batch, &chosen));
  return best->gamma == gamma ? KFIX_OK : show_again(k, batch, &chosen);
}

/* A direction for which gamma is a detail has it from lambda, from the next refresh on [KFAC 6.3]. */
static kfix_status adapt_gamma(kfix *k, const kfix_batch *batch, trial *chosen) {
  if (k->method->direction->of_gamma)
    return is_resolved(chosen) ? choose_gamma(k, batch, chosen) : KFIX_OK;
  k->next.gamma = kfix_bound_gamma(&k->options, sqrt(k->next.lambda + k->options.weight_decay));
  return KFIX_OK;
}

/* The objective at the spare parameters. */
static kfix_status measure_outcome(kfix *k, const kfix_batch *batch, double *after) {
  const kfix_real *theta = kfix_spare(k, &k->buffer[KFIX_NET_THETA]);
  double slot[KFIX_SLOT_NET_COUNT];
  KFIX_TRY(kfix_clear_loss(k));
  KFIX_TRY(kfix_add_batch_loss(k, theta, batch));
  KFIX_RUN(k, dot, k->parameters, theta, theta, kfix_slot_at(k, KFIX_SLOT_THETA2));
  KFIX_TRY(kfix_read_slots(k, 0, KFIX_SLOT_NET_COUNT, slot));
  *after = slot[KFIX_SLOT_LOSS] / kfix_mass(k, 0, batch->rows) +
           k->options.weight_decay / 2 * slot[KFIX_SLOT_THETA2];
  return KFIX_OK;
}

kfix_status kfix_try_lambda(kfix *k, const kfix_batch *batch, double *alpha, double *fall) {
  trial t = {.gamma = k->next.gamma};
  double after;
  KFIX_TRY(kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), batch,
                         k->method->curvature != NULL));
  KFIX_TRY(propose(k, batch, kfix_delta_place(k), 0, &t));
  KFIX_TRY(minimise(k, &t));
  KFIX_TRY(kfix_advance(k, t.best.alpha, t.best.mu));
  KFIX_TRY(measure_outcome(k, batch, &after));
  *alpha = t.best.alpha;
  *fall = k->report.objective - after;
  return KFIX_OK;
}

/* rho = the actual change over the promised one, where both stand above rounding. REFUSED: the
 * objective rises by more than it was promised to fall, or by a quarter. It is the objective of the
 * batch that the step was made for, so such a step is bad. */
static kfix_status judge(kfix *k, const kfix_batch *batch, const trial *t) {
  kfix_report *r = &k->report;
  const double noise = t->model.resolution;
  double after;
  KFIX_TRY(measure_outcome(k, batch, &after));
  const double rise = after - r->objective;
  r->value = after;
  if (!isfinite(after)) return KFIX_REFUSED;
  if (is_resolved(t) && fabs(rise) > noise) r->rho = rise / r->m_delta;
  return rise > least(-r->m_delta, r->objective / 4) + noise ? KFIX_REFUSED : KFIX_OK;
}

/* rho nears 2 where lambda is nearly all of M. So lambda is far too large if rho says that and lambda
 * stands far above where it started; or if it is so large that the promise is lost in rounding. */
static int is_far_too_large(const kfix *k, const trial *t) {
  const double lambda = k->next.lambda;
  if (!is_resolved(t)) return kfix_model_held_down(&t->model, lambda, k->options.weight_decay);
  return k->report.rho > 1.75 && lambda > 4 * kfix_first_lambda(&k->options);
}

/* Every T1 steps rho moves lambda [KFAC 6.5]; one that is far too large falls by fours, as omega1 would
 * take hundreds of steps. */
static void adapt_lambda(kfix *k, const trial *t) {
  const double omega = kfix_omega1(&k->options), rho = k->report.rho;
  if (is_far_too_large(k, t))
    k->next.lambda *= least(omega, 0.25);
  else if (rho > 0.75)
    k->next.lambda *= omega;
  else if (rho < 0.25)
    k->next.lambda /= omega;
  k->next.lambda = kfix_bound_lambda(&k->options, k->next.lambda);
}

/* Whether the outcome may be bad, and is looked at also between the steps of T1:
 *   the first update; one that promises more than a quarter of the objective;
 *   one that is longer than the last by half, or by a quarter if it promises more than a twentieth
 *   (without momentum the model does not know that length: then, one that promises that).
 * For S2 may be a part of the batch, and the rest can rise by any amount. Where the direction costs much
 * more than a look, each outcome is looked at. */
static int is_bold(const kfix *k, const trial *t) {
  const double promise = -t->best.change / k->report.objective;
  if (!k->now.have_update || k->method->direction->is_dear || !(promise <= 0.25)) return 1;
  if (!with_previous(k)) return promise > 0.05;
  const double growth2 = kfix_model_length2(&t->model, &t->best) / t->model.vv;
  return growth2 > 1.5 * 1.5 || (growth2 > 1.25 * 1.25 && promise > 0.05);
}

static void note(kfix *k, const trial *chosen) {
  kfix_report *r = &k->report;
  r->alpha = chosen->best.alpha;
  r->mu = chosen->best.mu;
  r->m_delta = chosen->best.change;
  r->made = chosen->made;
  r->lambda = k->next.lambda;
  r->gamma = k->next.gamma;
  r->rho = NAN;
}

/* The update for a larger lambda from the one that was refused, which stands where Delta stood:
 * Delta = (update - mu delta_0) / alpha. */
static kfix_status move_again(kfix *k, const kfix_best *refused, const kfix_best *best) {
  const kfix_buffer *update = &k->own[KFIX_OWN_UPDATE];
  const double part = best->alpha / refused->alpha;
  KFIX_TRY(kfix_clear_slots(k));
  return kfix_move(k, update, part, kfix_spare(k, update), best->mu - part * refused->mu,
                   kfix_current(k, update));
}

/* The step that the model promises most of. Refused, it is made again with a larger lambda: the
 * direction, its inverse and the model's forms are there, so all it costs is another look. */
static kfix_status make_step(kfix *k, const kfix_batch *batch, int due, trial *t,
                             kfix_lambda_raises *raises) {
  note(k, t);
  KFIX_TRY(kfix_advance(k, t->best.alpha, t->best.mu));
  kfix_status status = due || is_bold(k, t) ? judge(k, batch, t) : KFIX_OK;
  while (status == KFIX_REFUSED && t->best.alpha != 0 && kfix_raise_lambda(k, raises)) {
    const kfix_best refused = t->best;
    status = minimise(k, t);
    if (status == KFIX_REFUSED) {
      t->best = refused;
      continue;
    }
    KFIX_TRY(status);
    note(k, t);
    KFIX_TRY(move_again(k, &refused, &t->best));
    status = judge(k, batch, t);
  }
  return status;
}

/* A promise that no loss can keep asks for a larger lambda; before the step is made that is free. */
static kfix_status minimise_or_raise(kfix *k, trial *t, kfix_lambda_raises *raises) {
  if (!kfix_model_finite(&t->model, k->next.lambda + k->options.weight_decay)) return KFIX_REFUSED;
  kfix_status status = minimise(k, t);
  while (status == KFIX_REFUSED && kfix_raise_lambda(k, raises)) status = minimise(k, t);
  return status;
}

kfix_status kfix_drive_adaptive(kfix *k, const kfix_batch *batch) {
  const uint64_t step = k->now.step + 1;
  const int due = step % k->options.lambda_every == 0;
  trial chosen = {.gamma = k->next.gamma};
  kfix_lambda_raises raises = kfix_begin_raises(k);
  KFIX_TRY(propose(k, batch, kfix_delta_place(k), 0, &chosen));
  KFIX_TRY(minimise_or_raise(k, &chosen, &raises));
  if (step % k->options.gamma_every == 0) KFIX_TRY(adapt_gamma(k, batch, &chosen));
  KFIX_TRY(make_step(k, batch, due, &chosen, &raises));
  if (due) adapt_lambda(k, &chosen);
  return KFIX_OK;
}
