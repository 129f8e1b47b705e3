/* SPDX-License-Identifier: Apache-2.0
 * The adaptive driver of the K-FAC paper [KFAC 6.4 to 7, 9]. */
#include <math.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "curvature/curvature.h"
#include "net/net.h"
#include "optim/model.h"
#include "optim/natural.h"
#include "optim/rules.h"

typedef struct trial {
  double gamma;
  kfix_best best;
} trial;

/* Delta for one gamma into `out`, and the best update along it and the previous one. */
static kfix_status propose(kfix *k, const kfix_batch *batch, kfix_real *out, int tangent_v_ready,
                           trial *t) {
  const kfix_real *previous = kfix_current(k, &k->buffer[KFIX_NET_UPDATE]);
  const int with_v = k->now.have_update && k->options.use_momentum;
  kfix_model model;
  if (kfix_refresh_due(k)) KFIX_TRY(kfix_refresh(k, batch, t->gamma));
  KFIX_TRY(kfix_precondition(k, batch, out));
  KFIX_TRY(kfix_model_measure(k, batch, out, with_v ? previous : NULL, tangent_v_ready, &model));
  const double damping = k->next.lambda + k->options.weight_decay;
  const kfix_status status =
      kfix_model_minimise(&model, damping, with_v, k->report.objective, &t->best);
  if (status != KFIX_OK) k->report.value = t->best.change;
  return status;
}

static int spoiled(kfix_status status) {
  return status == KFIX_NOT_POSITIVE || status == KFIX_REFUSED;
}

/* One more gamma: its Delta replaces the direction if it promises more. A gamma that spoils
 * the factorization or the model is passed over. The inverse in force is then that of *last. */
static kfix_status try_gamma(kfix *k, const kfix_batch *batch, double gamma, trial *best,
                             double *last) {
  kfix_real *candidate = kfix_spare(k, &k->buffer[KFIX_NET_THETA]);
  trial t = {gamma, {0, 0, 0}};
  *last = gamma;
  const kfix_status status = propose(k, batch, candidate, kfix_model_resident(k, batch->rows), &t);
  if (spoiled(status)) return KFIX_OK;
  KFIX_TRY(status);
  if (!(t.best.change < best->best.change)) return KFIX_OK;
  *best = t;
  KFIX_RUN(k, axpby, k->parameters, 1, candidate, 0, NULL, kfix_direction(k));
  return KFIX_OK;
}

/* Every T2 steps: gamma, omega2 gamma and gamma / omega2; the one whose M is lowest stays
 * [KFAC 6.6]. */
static kfix_status choose_gamma(kfix *k, const kfix_batch *batch, trial *best) {
  const double omega = kfix_omega2(&k->options);
  const double gamma = best->gamma;
  double last = gamma;
  KFIX_TRY(try_gamma(k, batch, omega * gamma, best, &last));
  KFIX_TRY(try_gamma(k, batch, gamma / omega, best, &last));
  k->next.gamma = best->gamma;
  return last == best->gamma ? KFIX_OK : kfix_refresh(k, batch, best->gamma);
}

/* rho, the actual change over the promised one. A rise larger than the promised fall is refused: the
 * batch that says so is the one that the step was made for. */
static kfix_status measure_rho(kfix *k, const kfix_batch *batch) {
  const kfix_real *theta = kfix_spare(k, &k->buffer[KFIX_NET_THETA]);
  double slot[KFIX_SLOT_NET_COUNT];
  KFIX_TRY(kfix_clear_loss(k));
  KFIX_TRY(kfix_add_batch_loss(k, theta, batch));
  KFIX_RUN(k, dot, k->parameters, theta, theta, kfix_slot_at(k, KFIX_SLOT_THETA2));
  KFIX_TRY(kfix_read_slots(k, 0, KFIX_SLOT_NET_COUNT, slot));
  const double after = slot[KFIX_SLOT_LOSS] / (double)batch->rows +
                       k->options.weight_decay / 2 * slot[KFIX_SLOT_THETA2];
  k->report.value = after;
  if (!isfinite(after)) return KFIX_REFUSED;
  if (k->report.m_delta == 0) return KFIX_OK;
  k->report.rho = (after - k->report.objective) / k->report.m_delta;
  return k->report.rho < -1 ? KFIX_REFUSED : KFIX_OK;
}

/* Every T1 steps rho moves lambda [KFAC 6.5]. */
static void adapt_lambda(kfix *k) {
  const double omega = kfix_omega1(&k->options);
  if (k->report.rho > 0.75) k->next.lambda *= omega;
  if (k->next.lambda < k->options.lambda_floor) k->next.lambda = k->options.lambda_floor;
  if (k->report.rho < 0.25) k->next.lambda /= omega;
}

/* A promise of more than a quarter of the objective is looked at, at whatever step: one such update,
 * on an S2 of a dozen rows, can leave the weights where no damping finds a way down again. */
static int is_bold(const kfix_report *r) {
  return r->m_delta < -0.25 * r->objective;
}

static void note(kfix *k, const trial *chosen) {
  kfix_report *r = &k->report;
  r->alpha = chosen->best.alpha;
  r->mu = chosen->best.mu;
  r->m_delta = chosen->best.change;
  r->lambda = k->next.lambda;
  r->gamma = k->next.gamma;
}

kfix_status kfix_drive_adaptive(kfix *k, const kfix_batch *batch) {
  const uint64_t step = k->now.step + 1;
  trial chosen = {k->next.gamma, {0, 0, 0}};
  KFIX_TRY(propose(k, batch, kfix_direction(k), 0, &chosen));
  if (step % k->options.gamma_every == 0) KFIX_TRY(choose_gamma(k, batch, &chosen));
  note(k, &chosen);
  KFIX_TRY(kfix_advance(k, chosen.best.alpha, chosen.best.mu));
  const int due = step % k->options.lambda_every == 0;
  if (due || is_bold(&k->report)) KFIX_TRY(measure_rho(k, batch));
  if (due) adapt_lambda(k);
  return KFIX_OK;
}
