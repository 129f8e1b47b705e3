/* SPDX-License-Identifier: Apache-2.0
 * Steps that bad data, a failing source or diverged weights spoil: the status says so, nothing
 * changes, and the run goes on as if nothing had been. */
#include "check.h"
#include "every_method.h"
#include "reference_case.h"

/* A source that fails at its n-th fetch. */
typedef struct source {
  kfix_table *table;
  long due, calls;
} source;

static int fetch(void *context, size_t first, size_t rows, kfix_real *x, size_t ldx, kfix_real *y,
                 size_t ldy) {
  source *s = context;
  if (++s->calls == s->due) return 1;
  return kfix_fetch_table(s->table, first, rows, x, ldx, y, ldy);
}

/* Three chunks; S2 over two of them; all of lambda, gamma and the inverse at every second step. */
static void begin(ref_case *c, kfix_method method, kfix_choice driver) {
  case_begin(c, KFIX_MSE, 2, (const uint32_t[]){3, 4, 2}, KFIX_TANH, KFIX_LINEAR, 150, 3);
  c->options.driver = driver;
  c->options.lambda = 1;
  c->options.lambda_every = 2;
  c->options.inverse_every = c->options.gamma_every = 2;
  c->options.fisher_fraction = 0.5;
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
}

/* The digest after the second step when nothing goes wrong. */
static uint64_t undisturbed(kfix_method method, kfix_choice driver) {
  ref_case c;
  begin(&c, method, driver);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

static void each_method(void (*check)(kfix_method method, kfix_choice driver, uint64_t after)) {
  for (int m = 0; m >= 0; m = next_method(m))
    for (kfix_choice driver = 0; driver < 2; driver++)
      check((kfix_method)m, driver, undisturbed((kfix_method)m, driver));
}

/* Spoils one value of the data, steps, mends it, steps again. */
static void check_value(ref_case *c, kfix_real *at, kfix_real bad, uint64_t after) {
  kfix_report report;
  kfix_score score;
  const kfix_real good = *at;
  const uint64_t before = kfix_digest(c->k);
  *at = bad;
  CHECK_INT(KFIX_DATA_NONFINITE, kfix_step(c->k, &c->batch, &report));
  CHECK_INT(KFIX_DATA_NONFINITE, report.status);
  CHECK_INT(KFIX_DATA_NONFINITE, kfix_last_report(c->k)->status);
  CHECK_NEAR(0, 1, report.value);
  CHECK_INT(0, report.retries);
  CHECK_INT(KFIX_DATA_NONFINITE, kfix_evaluate(c->k, KFIX_ITERATE, &c->batch, &score));
  *at = good;
  CHECK_U64(before, kfix_digest(c->k));
  CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
  CHECK_U64(after, kfix_digest(c->k));
}

static void nonfinite_data(kfix_method method, kfix_choice driver, uint64_t after) {
  static const size_t rows[] = {0, 64, 149};
  for (int r = 0; r < 3; r++)
    for (int target = 0; target < 2; target++) {
      ref_case c;
      begin(&c, method, driver);
      kfix_real *at = target ? c.y + rows[r] * 2 + 1 : c.x + rows[r] * 3 + 2;
      check_value(&c, at, r % 2 ? (kfix_real)INFINITY : (kfix_real)NAN, after);
      case_end(&c);
    }
}

void test_data_that_are_not_finite(void) {
  each_method(nonfinite_data);
}

static void failing_source(kfix_method method, kfix_choice driver, uint64_t after) {
  for (long n = 1;; n++) {
    ref_case c;
    kfix_report report;
    begin(&c, method, driver);
    source s = {&c.table, n, 0};
    const kfix_batch batch = {c.rows, fetch, &s, NULL};
    const uint64_t before = kfix_digest(c.k);
    const kfix_status status = kfix_step(c.k, &batch, &report);
    const int reached = s.calls >= n;
    if (reached) {
      CHECK_INT(KFIX_FETCH, status);
      CHECK_INT(KFIX_FETCH, report.status);
      CHECK_U64(before, kfix_digest(c.k));
      CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    }
    CHECK_U64(after, kfix_digest(c.k));
    case_end(&c);
    if (!reached) {
      CHECK(n > 3);
      break;
    }
  }
}

void test_source_that_fails(void) {
  each_method(failing_source);
}

/* Weights so large that the loss overflows. */
static void overflow(kfix_method method, kfix_choice driver, uint64_t after) {
  ref_case c;
  kfix_report report;
  kfix_score score;
  kfix_real w[2 * 5];
  (void)after;
  begin(&c, method, driver);
  for (int i = 0; i < 10; i++) w[i] = sizeof(kfix_real) == 4 ? (kfix_real)3.4e38 : (kfix_real)1e308;
  CHECK_INT(KFIX_OK, kfix_set_weights(c.k, 2, w));
  const uint64_t before = kfix_digest(c.k);
  CHECK_INT(KFIX_LOSS_NONFINITE, kfix_step(c.k, &c.batch, &report));
  CHECK(!isfinite(report.value));
  CHECK_U64(before, kfix_digest(c.k));
  CHECK_INT(KFIX_LOSS_NONFINITE, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &score));
  case_end(&c);
}

void test_loss_that_overflows(void) {
  each_method(overflow);
}

/* A rate so large that the update overflows: first-order rules are not tried again. */
void test_update_that_overflows(void) {
  ref_case c;
  kfix_report report;
  case_begin(&c, KFIX_MSE, 1, (const uint32_t[]){3, 2}, KFIX_LINEAR, KFIX_LINEAR, 9, 3);
  c.options.learning_rate = 1e6;
  for (size_t i = 0; i < 9 * 2; i++)
    c.y[i] = sizeof(kfix_real) == 4 ? (kfix_real)1e18 : (kfix_real)1e150;
  c.options.momentum = 0;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_sgd, NULL, NULL));
  kfix_status status = KFIX_OK;
  uint64_t before = 0;
  for (int s = 0; s < 40 && status == KFIX_OK; s++) {
    before = kfix_digest(c.k);
    status = kfix_step(c.k, &c.batch, &report);
  }
  CHECK(status == KFIX_LOSS_NONFINITE || status == KFIX_UPDATE_NONFINITE ||
        status == KFIX_GRADIENT_NONFINITE);
  CHECK_INT(0, report.retries);
  CHECK_U64(before, kfix_digest(c.k));
  case_end(&c);
}

void test_arguments_that_are_missing(void) {
  ref_case c;
  kfix_score score;
  kfix_report report;
  begin(&c, KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  const uint64_t before = kfix_digest(c.k);
  kfix_batch empty = c.batch, blind = c.batch;
  empty.rows = 0;
  blind.fetch = NULL;
  CHECK_INT(KFIX_ARGUMENT, kfix_step(NULL, &c.batch, &report));
  CHECK_INT(KFIX_ARGUMENT, kfix_step(c.k, NULL, &report));
  CHECK_INT(KFIX_ARGUMENT, kfix_step(c.k, &empty, &report));
  CHECK_INT(KFIX_ARGUMENT, kfix_step(c.k, &blind, &report));
  CHECK_INT(KFIX_ARGUMENT, kfix_evaluate(c.k, KFIX_ITERATE, &empty, &score));
  CHECK_INT(KFIX_ARGUMENT, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_predict(c.k, KFIX_ITERATE, &c.batch, NULL, 2));
  CHECK_INT(KFIX_ARGUMENT, kfix_predict(c.k, KFIX_ITERATE, &c.batch, c.x, 1));
  CHECK_U64(before, kfix_digest(c.k));
  case_end(&c);
}

/* Scores and predictions only read. */
void test_evaluation_leaves_the_state(void) {
  ref_case c;
  kfix_score score;
  kfix_real p[150 * 2];
  begin(&c, KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  const uint64_t before = kfix_digest(c.k), after = undisturbed(KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE_AVERAGE, &c.batch, &score));
  CHECK_INT(KFIX_OK, kfix_predict(c.k, KFIX_ITERATE, &c.batch, p, 2));
  CHECK_U64(before, kfix_digest(c.k));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_U64(after, kfix_digest(c.k));
  case_end(&c);
}
