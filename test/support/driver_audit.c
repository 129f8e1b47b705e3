/* SPDX-License-Identifier: Apache-2.0
 * Each number of a step from the weights, the batch and what the paper says [KFAC 6, 7]. */
#include "driver_audit.h"

#include <math.h>
#include <string.h>

#include "check.h"

enum { T1 = 5, T2 = 4, T3 = 4 };

typedef struct proposal {
  double gamma, alpha, mu, change;
  double stretch; /* by which the 2 x 2 system enlarges relative errors */
  double delta[AUDIT_PARAMETERS_MAX];
} proposal;

/* x^T (F + (lambda + eta) I) y on S2, the last tau2 of the rows. */
static double model_form(const audit *t, const double *x, const double *y) {
  const ref_case *c = &t->c;
  const size_t s2 = (size_t)ceil(c->options.fisher_fraction * (double)c->rows);
  const double *rows = c->xd + (c->rows - s2) * c->ref.width[0];
  return ref_fisher_form(&c->ref, t->theta, rows, s2, x, y) +
         (t->lambda + c->options.weight_decay) * ref_dot(x, y, c->ref.parameters);
}

/* Delta for one gamma and the best alpha and mu [KFAC 6.4, 7]. */
static void propose(audit *t, double gamma, int refresh, proposal *p) {
  const size_t n = t->c.ref.parameters;
  const double *v = t->previous;
  if (refresh) ref_kfac_refresh(&t->kfac, &t->c.ref, gamma);
  p->gamma = gamma;
  ref_kfac_apply(&t->kfac, &t->c.ref, -1, t->gradient, p->delta);
  const double quu = model_form(t, p->delta, p->delta), gu = ref_dot(t->gradient, p->delta, n);
  p->alpha = -gu / quu;
  p->mu = 0;
  p->change = p->alpha * gu / 2;
  p->stretch = 1;
  if (t->have_previous) {
    const double quv = model_form(t, p->delta, v), qvv = model_form(t, v, v);
    const double gv = ref_dot(t->gradient, v, n), det = quu * qvv - quv * quv;
    p->alpha = -(qvv * gu - quv * gv) / det;
    p->mu = -(quu * gv - quv * gu) / det;
    p->stretch = quu * qvv / det;
    p->change = (p->alpha * gu + p->mu * gv) / 2;
  }
}

/* Every T2 steps three gammas; the library's choice must be as good as the best of them. */
static void choose(audit *t, const kfix_report *r, proposal *best) {
  const double omega = pow(sqrt(t->c.options.damping_step), T2), from = t->gamma;
  const double factor[] = {1, omega, 1 / omega};
  double least = 0, nearest = INFINITY;
  proposal p;
  for (int i = 0; i < 3; i++) {
    propose(t, from * factor[i], 1, &p);
    if (p.change < least) least = p.change;
    if (fabs(p.gamma - r->gamma) < nearest) {
      nearest = fabs(p.gamma - r->gamma);
      *best = p;
    }
  }
  CHECK_NEAR(1e-12 * from, best->gamma, r->gamma);
  CHECK_NEAR(t->slack * best->stretch * fabs(least), least, best->change);
  t->down += best->gamma < from;
  t->up += best->gamma > from;
  t->gamma = r->gamma;
  ref_kfac_refresh(&t->kfac, &t->c.ref, t->gamma);
}

static double objective_at(const audit *t, const double *theta) {
  const ref_case *c = &t->c;
  return ref_objective(&c->ref, theta, c->xd, c->yd, c->rows, c->options.weight_decay);
}

static void check_rho(const audit *t, const kfix_report *r, const double *after) {
  const double h0 = objective_at(t, t->theta), rho = (objective_at(t, after) - h0) / r->m_delta;
  CHECK_NEAR(t->slack * (fabs(rho) + fabs(h0 / r->m_delta)), rho, r->rho);
}

/* Every T1 steps, by rho [KFAC 6.5]. */
static void adapt_lambda(audit *t, const kfix_report *r) {
  const kfix_options *options = &t->c.options;
  const double omega = pow(options->damping_step, T1);
  const int falls = r->rho > 0.75, rises = r->rho < 0.25;
  const int far = r->rho > 1.75 && t->lambda > 4 * options->lambda;
  if (falls) t->lambda = fmax(t->lambda * (far ? 0.25 : omega), options->lambda_floor);
  if (rises) t->lambda /= omega;
  t->falls += falls;
  t->rises += rises;
  t->stays += !falls && !rises;
}

static void check_update(audit *t, const kfix_report *r, const proposal *p) {
  const size_t n = t->c.ref.parameters;
  double lib[AUDIT_PARAMETERS_MAX], expected[AUDIT_PARAMETERS_MAX], after[AUDIT_PARAMETERS_MAX];
  CHECK_NEAR(t->slack, 0, relative_distance(t->c.delta, p->delta, n));
  const double slack = t->slack * p->stretch;
  CHECK_NEAR(slack * fabs(p->alpha), p->alpha, r->alpha);
  CHECK_NEAR(slack * (fabs(p->mu) + 0.1), p->mu, r->mu);
  CHECK_NEAR(slack * fabs(p->change), p->change, r->m_delta);
  CHECK(r->m_delta < 0);
  for (size_t i = 0; i < n; i++) expected[i] = p->alpha * p->delta[i] + p->mu * t->previous[i];
  CHECK_INT(KFIX_OK, case_view(&t->c, "update", lib));
  CHECK_NEAR(2 * slack, 0, relative_distance(lib, expected, n));
  CHECK_INT(KFIX_OK, case_view(&t->c, "W_after", after));
  for (size_t i = 0; i < n; i++)
    CHECK_NEAR(KFIX_REAL_EPS * (fabs(after[i]) + fabs(lib[i])), t->theta[i] + lib[i], after[i]);
  const double h0 = objective_at(t, t->theta);
  CHECK_NEAR(t->slack * h0, h0, r->objective);
}

/* True change of the objective over the promised one. */
static double rho_of(const audit *t, const proposal *p) {
  double after[AUDIT_PARAMETERS_MAX];
  for (size_t i = 0; i < t->c.ref.parameters; i++)
    after[i] = t->theta[i] + p->alpha * p->delta[i] + p->mu * t->previous[i];
  return (objective_at(t, after) - objective_at(t, t->theta)) / p->change;
}

/* An outcome is looked at every T1 steps, at the first, where the promise is more than a quarter of the
 * objective, and where the update grows: by half, or by a quarter if it promises more than a twentieth. */
static int is_measured(const audit *t, const kfix_report *r, double change, const double *update) {
  const size_t n = t->c.ref.parameters;
  const double before = t->have_previous ? ref_dot(t->previous, t->previous, n) : INFINITY;
  const double growth = sqrt(ref_dot(update, update, n) / before), promise = -change / r->objective;
  const int unknown = !t->c.options.use_momentum;
  const int grows = growth > 1.5 || ((growth > 1.25 || unknown) && promise > 0.05);
  return r->step % T1 == 0 || r->step == 1 || promise > 0.25 || grows;
}

/* An attempt that was given up after a look: the objective rose by more than was promised, or by a
 * quarter. */
static void check_refusal(audit *t, const kfix_report *r, const proposal *p) {
  const double rise = rho_of(t, p) * p->change, slack = t->slack * p->stretch;
  CHECK(rise > fmin(-p->change, r->objective / 4) - slack * r->objective);
  t->bold_refusals += r->step % T1 != 0;
}

/* A step begins with one raise of lambda less than the last had. Returns 1 where there was one. */
static int take_back(audit *t) {
  if (t->raised == 0) return 0;
  t->raised--;
  t->lambda = fmax(t->lambda / 4, t->c.options.lambda_floor);
  t->taken_back++;
  return 1;
}

/* New attempts have 4 times lambda, once, twice, four times, and so on; but the first has what was
 * taken back at the step's beginning, and all that is then in force stays. */
typedef struct attempts {
  double lambda;
  uint32_t taken, n;
} attempts;

static void raise_lambda(audit *t, attempts *a) {
  const uint32_t n = ++a->n - a->taken;
  t->raised = n ? 1u << (n - 1) : 0;
  t->lambda = a->lambda * pow(4, t->raised);
  t->kept += a->taken && a->n == 1;
}

/* The step's update in *p, by way of the attempts that were given up: first those that promised to
 * take the objective below zero, then, once gamma is chosen, those that a look refused. */
static void check_attempts(audit *t, const kfix_report *r, int due, proposal *p) {
  attempts a = {.lambda = t->lambda};
  a.taken = (uint32_t)take_back(t);
  propose(t, t->gamma, due, p);
  while (a.n < r->retries && p->change < -(1 - t->slack * p->stretch) * r->objective) {
    raise_lambda(t, &a);
    propose(t, t->gamma, 0, p);
  }
  if (r->step % T2 == 0) choose(t, r, p);
  while (a.n < r->retries) {
    check_refusal(t, r, p);
    raise_lambda(t, &a);
    propose(t, t->gamma, 0, p);
  }
}

static void check_step(audit *t, uint64_t step) {
  ref_case *c = &t->c;
  const size_t n = c->ref.parameters;
  kfix_report r;
  proposal p;
  double lib[AUDIT_PARAMETERS_MAX], after[AUDIT_PARAMETERS_MAX];
  CHECK_INT(KFIX_OK, case_view(c, "W_after", t->theta));
  CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, &r));
  CHECK_INT(KFIX_OK, case_view(c, "W", lib));
  CHECK_MEM(t->theta, lib, n * sizeof *lib);
  CHECK_INT(KFIX_OK, case_view(c, "prev_update", lib));
  CHECK_MEM(t->previous, lib, n * sizeof *lib);
  ref_gradient(&c->ref, t->theta, c->xd, c->yd, c->rows, c->options.weight_decay, t->gradient);
  CHECK_INT(KFIX_OK, case_view(c, "grad", lib));
  CHECK_NEAR(t->slack, 0, relative_distance(lib, t->gradient, n));
  ref_kfac_absorb(&t->kfac, &c->ref, t->theta, c->xd, c->sampled, r.stats_rows, c->options.decay);
  const int due = step <= 3 || step % T3 == 0;
  if (due) t->inverse_step = step;
  check_attempts(t, &r, due, &p);
  CHECK_INT(step, r.step);
  CHECK_INT(t->inverse_step, r.inverse_step);
  CHECK_NEAR(1e-12 * t->lambda, t->lambda, r.lambda);
  CHECK_NEAR(1e-12 * t->gamma, t->gamma, r.gamma);
  check_update(t, &r, &p);
  CHECK_INT(KFIX_OK, case_view(c, "W_after", after));
  CHECK_INT(KFIX_OK, case_view(c, "update", lib));
  if (is_measured(t, &r, r.m_delta, lib))
    CHECK(!isnan(r.rho));
  else if (r.retries == 0)
    CHECK(isnan(r.rho));
  if (!isnan(r.rho)) check_rho(t, &r, after);
  if (step % T1 == 0) adapt_lambda(t, &r);
  t->looks += step % T1 != 0 && !isnan(r.rho);
  CHECK_INT(KFIX_OK, case_view(c, "update", t->previous));
  t->have_previous = (int)c->options.use_momentum;
}

void audit_begin(audit *t, kfix_loss loss, size_t rows) {
  static const uint32_t widths[] = {6, 5, 4, 3};
  memset(t, 0, sizeof *t);
  case_begin(&t->c, loss, 3, widths, KFIX_TANH, KFIX_LINEAR, rows, 3);
  t->c.options.lambda_every = T1;
  t->c.options.gamma_every = T2;
  t->c.options.inverse_every = T3;
  t->c.options.weight_decay = 1e-3;
  t->c.options.lambda = 0.5;
  /* Products of a few thousand terms, an inverse of condition 1e2: observed 10 times less. */
  t->slack = 4000 * KFIX_REAL_EPS;
}

void audit_run(audit *t) {
  ref_case *c = &t->c;
  CHECK_INT(KFIX_OK, case_create(c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 1, 1.5));
  case_watch(c);
  ref_kfac_begin(&t->kfac, &c->ref);
  t->lambda = c->options.lambda;
  t->gamma = sqrt(t->lambda + c->options.weight_decay);
  for (uint64_t s = 1; s <= AUDIT_STEPS; s++) check_step(t, s);
  ref_kfac_end(&t->kfac, &c->ref);
}
