/* SPDX-License-Identifier: Apache-2.0
 * Block-diagonal K-FAC: factors, pi, damped inverse and preconditioning against dense references.
 */
#include <stdlib.h>

#include "check.h"
#include "curvature/curvature.h"
#include "net/net.h"
#include "optim/gradient.h"
#include "reference_case.h"
#include "reference_kfac.h"

enum { PARAMETERS_MAX = 1200, MATRIX_MAX = 32 * 32 };

static const uint32_t widths[] = {5, 7, 1, 4, 3};

/* The library's factors, to be compared with a reference's. */
static void check_factors(ref_case *c, const ref_kfac *reference, double tolerance) {
  double m[MATRIX_MAX];
  for (size_t i = 0; i < c->ref.depth; i++) {
    const size_t a = c->ref.width[i] + 1, g = c->ref.width[i + 1];
    CHECK_INT(KFIX_OK, case_matrix(c, "A", i, m));
    CHECK_NEAR(tolerance, 0, relative_distance(m, reference->a[i], a * a));
    CHECK_INT(KFIX_OK, case_matrix(c, "G", i, m));
    CHECK_NEAR(tolerance, 0, relative_distance(m, reference->g[i], g * g));
  }
}

static void check_schedule(kfix_loss loss, kfix_fisher fisher, uint32_t stats_every) {
  enum { ROWS = 70, STEPS = 7 };
  ref_case c;
  ref_kfac reference;
  kfix_report report;
  double theta[PARAMETERS_MAX];
  case_begin(&c, loss, 4, widths, KFIX_TANH, KFIX_LINEAR, ROWS, 3);
  c.options.driver = KFIX_FIXED;
  c.options.fisher = fisher;
  c.options.decay = 0.7; /* reached at the fourth update: 1 - 1/4 = 0.75 */
  c.options.stats_fraction = 0.4;
  c.options.stats_every = stats_every;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  case_watch(&c);
  ref_kfac_begin(&reference, &c.ref);
  for (uint32_t s = 0; s < STEPS; s++) {
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
    const double *y = fisher == KFIX_FISHER_TRUE ? c.sampled : c.yd;
    CHECK_INT(s % stats_every == 0, report.stats_refreshed);
    if (s % stats_every == 0) {
      const double eps = ref_kfac_absorb(&reference, &c.ref, theta, c.xd, y, 28, 0.7);
      CHECK_INT(28, report.stats_rows);
      CHECK_NEAR(1e-15, eps, report.decay);
    }
    CHECK_INT(reference.count, report.stats_count);
    check_factors(&c, &reference, 64 * KFIX_REAL_EPS);
  }
  ref_kfac_end(&reference, &c.ref);
  case_end(&c);
}

void test_factors_follow_the_decay_schedule(void) {
  check_schedule(KFIX_MSE, KFIX_FISHER_TRUE, 1);
  check_schedule(KFIX_BERNOULLI, KFIX_FISHER_TRUE, 1);
  check_schedule(KFIX_CATEGORICAL, KFIX_FISHER_TRUE, 1);
}

void test_factors_from_training_targets(void) {
  check_schedule(KFIX_CATEGORICAL, KFIX_FISHER_EMPIRICAL, 1);
}

void test_factors_every_third_step(void) {
  check_schedule(KFIX_BERNOULLI, KFIX_FISHER_TRUE, 3);
}

/* Statistics of one batch, then pi and the inverse for this gamma. The trainer's copies are spare
 * ones, as in a step. */
static void prepare(ref_case *c, ref_kfac *reference, double gamma) {
  double theta[PARAMETERS_MAX], sampled_fraction = 0.5;
  c->options.stats_fraction = sampled_fraction;
  CHECK_INT(KFIX_OK, case_create(c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 4, 1));
  CHECK_INT(KFIX_OK, case_view(c, "W_after", theta));
  kfix *k = c->k;
  case_watch(c);
  CHECK_INT(KFIX_OK, kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), &c->batch, 1));
  CHECK_INT(KFIX_OK, k->method->curvature->refresh(k, &(kfix_phase){.gamma = gamma}));
  ref_kfac_begin(reference, &c->ref);
  ref_kfac_absorb(reference, &c->ref, theta, c->xd, c->sampled, c->observed, 0.95);
  ref_kfac_refresh(reference, &c->ref, gamma);
}

/* Condition of the damped block: that of A times that of G, from traces. */
static double condition(const ref_case *c, const ref_kfac *r, double gamma) {
  double worst = 1;
  for (size_t i = 0; i < c->ref.depth; i++) {
    const size_t a = c->ref.width[i] + 1, g = c->ref.width[i + 1];
    double in = 0, out = 0;
    for (size_t j = 0; j < a; j++) in += r->a[i][j * a + j];
    for (size_t j = 0; j < g; j++) out += r->g[i][j * g + j];
    const double here = (1 + in / (gamma * r->pi[i])) * (1 + out * r->pi[i] / gamma);
    worst = here > worst ? here : worst;
  }
  return worst;
}

/* U by the library for a given V, in the reference's layout. */
static void library_apply(ref_case *c, double scale, const double *v, int low_rank, double *u) {
  kfix *k = c->k;
  kfix_real *in = kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
  kfix_real *out = kfix_spare(k, &k->buffer[KFIX_NET_THETA]);
  case_vector(c, v, in);
  CHECK_INT(KFIX_OK,
            k->method->curvature->apply(k, &k->phase, scale, in, low_rank ? c->rows : 0, out));
  for (size_t i = 0; i < c->ref.depth; i++)
    for (size_t j = 0; j < c->ref.width[i + 1] * (c->ref.width[i] + 1); j++)
      u[c->ref.w[i] + j] = out[k->block[i].w + j];
}

void test_apply_solves_the_damped_kronecker_system(void) {
  static const double gammas[] = {3, 0.3, 0.03};
  for (int g = 0; g < 3; g++)
    for (int l = 0; l < 3; l++) {
      static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
      ref_case c;
      ref_kfac r;
      double v[PARAMETERS_MAX], u[PARAMETERS_MAX], expected[PARAMETERS_MAX];
      uint64_t state = 8;
      case_begin(&c, losses[l], 4, widths, KFIX_TANH, KFIX_TANH, 40, 3);
      prepare(&c, &r, gammas[g]);
      for (size_t i = 0; i < c.ref.parameters; i++) v[i] = (kfix_real)case_normal(&state);
      library_apply(&c, -1.5, v, 0, u);
      for (size_t i = 0; i < 4; i++) {
        const size_t n = c.ref.width[i + 1] * (c.ref.width[i] + 1);
        ref_kron_solve(&r, &c.ref, i, gammas[g], v + c.ref.w[i], expected + c.ref.w[i]);
        for (size_t j = 0; j < n; j++) expected[c.ref.w[i] + j] *= -1.5;
        CHECK_NEAR(16 * KFIX_REAL_EPS * condition(&c, &r, gammas[g]), 0,
                   relative_distance(u + c.ref.w[i], expected + c.ref.w[i], n));
      }
      /* The reference's own two ways agree. */
      ref_kfac_apply(&r, &c.ref, -1.5, v, u);
      CHECK_NEAR(1e-13 * condition(&c, &r, gammas[g]), 0,
                 relative_distance(u, expected, c.ref.parameters));
      ref_kfac_end(&r, &c.ref);
      case_end(&c);
    }
}

void test_pi_is_the_root_of_the_ratio_of_mean_eigenvalues(void) {
  ref_case c;
  ref_kfac r;
  kfix_report report;
  double pi, theta[PARAMETERS_MAX];
  case_begin(&c, KFIX_CATEGORICAL, 4, widths, KFIX_RELU, KFIX_TANH, 40, 3);
  c.options.stats_fraction = 1;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 4, 1));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
  case_watch(&c);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  ref_kfac_begin(&r, &c.ref);
  ref_kfac_absorb(&r, &c.ref, theta, c.xd, c.sampled, 40, 0.95);
  ref_kfac_refresh(&r, &c.ref, report.gamma);
  for (uint32_t i = 0; i < 4; i++) {
    CHECK_INT(KFIX_OK, kfix_number(c.k, "pi", i + 1, &pi));
    CHECK_NEAR(64 * KFIX_REAL_EPS * r.pi[i], r.pi[i], pi);
  }
  CHECK_INT(KFIX_ARGUMENT, kfix_number(c.k, "pi", 0, &pi));
  CHECK_INT(KFIX_ARGUMENT, kfix_number(c.k, "pi", 5, &pi));
  ref_kfac_end(&r, &c.ref);
  case_end(&c);
}

/* For a gradient without weight decay of few enough rows [KFAC 8]. */
void test_low_rank_product_equals_the_full_one(void) {
  static const size_t rows[] = {1, 2, 3, 17};
  for (int i = 0; i < 4; i++) {
    ref_case c;
    ref_kfac r;
    double g[PARAMETERS_MAX], theta[PARAMETERS_MAX], low[PARAMETERS_MAX], full[PARAMETERS_MAX];
    case_begin(&c, KFIX_BERNOULLI, 3, (const uint32_t[]){23, 19, 17, 20}, KFIX_TANH, KFIX_TANH,
               rows[i], 3);
    c.options.weight_decay = 0;
    prepare(&c, &r, 0.5);
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    ref_gradient(&c.ref, theta, c.xd, c.yd, c.rows, 0, g);
    library_apply(&c, -1, g, 0, full);
    library_apply(&c, -1, g, 1, low);
    const double bound = 16 * KFIX_REAL_EPS * condition(&c, &r, 0.5);
    CHECK_NEAR(bound, 0, relative_distance(low, full, c.ref.parameters));
    /* The low-rank product was another one: its rounding differs. */
    if (i < 3) CHECK(memcmp(low, full, c.ref.parameters * sizeof *low) != 0);
    ref_kfac_apply(&r, &c.ref, -1, g, full);
    CHECK_NEAR(bound, 0, relative_distance(low, full, c.ref.parameters));
    ref_kfac_end(&r, &c.ref);
    case_end(&c);
  }
}

/* Units of relu that are never on: G of the layers below is zero, pi is 1, G + gamma I = gamma I.
 */
void test_dead_layer(void) {
  for (kfix_choice driver = 0; driver < 2; driver++) {
    ref_case c;
    double pi, g[MATRIX_MAX], update[PARAMETERS_MAX];
    kfix_real w[7 * 6] = {0};
    case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){5, 7, 3}, KFIX_RELU, KFIX_LINEAR, 33, 3);
    c.options.driver = driver;
    c.options.weight_decay = 0;
    CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
    for (int r = 0; r < 7; r++) w[r * 6 + 5] = -1;
    CHECK_INT(KFIX_OK, kfix_set_weights(c.k, 1, w));
    for (int s = 0; s < 3; s++) {
      CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
      CHECK_INT(KFIX_OK, case_matrix(&c, "G", 0, g));
      for (int i = 0; i < 49; i++) CHECK(g[i] == 0);
      CHECK_INT(KFIX_OK, kfix_number(c.k, "pi", 1, &pi));
      CHECK_NEAR(0, 1, pi);
      CHECK_INT(KFIX_OK, case_view(&c, "update", update));
      for (size_t i = 0; i < c.ref.w[1]; i++) CHECK(update[i] == 0);
      CHECK(update[c.ref.parameters - 1] != 0);
    }
    case_end(&c);
  }
}

/* With nothing to damp it a singular factor is refused, and the layer is named. */
void test_singular_factor_without_damping_is_refused(void) {
  ref_case c;
  kfix_report report;
  case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){5, 7, 3}, KFIX_TANH, KFIX_LINEAR, 2, 3);
  c.options.driver = KFIX_FIXED;
  c.options.damping = c.options.weight_decay = 0;
  memset(c.x, 0, 2 * 5 * sizeof *c.x);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  const uint64_t before = kfix_digest(c.k);
  CHECK_INT(KFIX_NOT_POSITIVE, kfix_step(c.k, &c.batch, &report));
  CHECK_INT(KFIX_NOT_POSITIVE, report.status);
  CHECK_INT(1, report.layer);
  CHECK_INT(1, (long long)report.value);
  CHECK_INT(c.options.retries, report.retries);
  CHECK_U64(before, kfix_digest(c.k));
  case_end(&c);
}
