/* SPDX-License-Identifier: Apache-2.0
 * Settings that the library chooses: lambda by trial on the first batch, and what auto stands for. */
#include <math.h>

#include "check.h"
#include "core/context.h"
#include "reference_case.h"

enum { ROWS = 60, SMALLEST = -8, LARGEST = 8 };

static void begin(ref_case *c, kfix_loss loss, double scale) {
  case_begin(c, loss, 2, (const uint32_t[]){5, 7, 3}, KFIX_TANH, KFIX_LINEAR, ROWS, 3);
  for (size_t i = 0; i < ROWS * 5; i++) c->x[i] *= (kfix_real)scale;
  c->options.lambda = KFIX_AUTO;
  c->options.lambda_floor = 1e-12;
}

typedef struct first_step {
  double fall, alpha;
  uint64_t digest;
} first_step;

/* The first step with a given lambda, by a trainer of its own; a step that fails is worth nothing. */
static first_step take_first(const ref_case *from, kfix_method method, double lambda) {
  ref_case c = *from;
  kfix_report r;
  kfix_score before, after;
  c.options.lambda = lambda;
  c.options.retries = 0;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &before));
  first_step f = {-INFINITY, 0, 0};
  if (kfix_step(c.k, &c.batch, &r) == KFIX_OK) {
    CHECK_INT(0, r.trials);
    CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &after));
    f = (first_step){before.objective - after.objective, r.alpha, kfix_digest(c.k)};
  }
  if (!(f.alpha >= 0.1)) f.fall = -INFINITY;
  case_destroy(&c);
  return f;
}

static double ten_to(int e) {
  double x = 1;
  for (; e > 0; e--) x *= 10;
  for (; e < 0; e++) x /= 10;
  return x;
}

/* The rule of optim/first_lambda.h, over steps that are all known. */
static int choose(const first_step *at, uint32_t *trials) {
  double best = at[0].fall;
  int e = 0;
  *trials = 1;
  while (e > SMALLEST) {
    const double fall = at[e - 1].fall;
    ++*trials;
    if (fall > best) best = fall;
    if (!(isfinite(fall) && fall >= 0.9 * best)) break;
    e--;
  }
  if (e < 0) return e;
  for (best = at[0].fall; e < LARGEST; e++) {
    const double fall = at[e + 1].fall;
    ++*trials;
    if (fall > best) best = fall;
    if (isfinite(at[e].fall) && at[e].fall >= 0.9 * best) break;
  }
  return e;
}

static int find(kfix_loss loss, kfix_method method, double scale) {
  ref_case c;
  kfix_report r;
  first_step steps[LARGEST - SMALLEST + 1];
  uint32_t trials;
  begin(&c, loss, scale);
  for (int e = SMALLEST; e <= LARGEST; e++) steps[e - SMALLEST] = take_first(&c, method, ten_to(e));
  const int expected = choose(steps - SMALLEST, &trials);
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
  if (r.retries == 0) {
    CHECK_NEAR(0, ten_to(expected), r.lambda);
    CHECK_U64(steps[expected - SMALLEST].digest, kfix_digest(c.k));
  }
  CHECK_INT(trials, r.trials);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
  CHECK_INT(0, r.trials);
  case_end(&c);
  return expected;
}

void test_lambda_is_the_smallest_that_the_first_batch_bears(void) {
  int least = LARGEST, most = SMALLEST;
  static const double scales[] = {0.01, 1, 30};
  for (int loss = KFIX_MSE; loss <= KFIX_CATEGORICAL; loss++)
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
      const int e = find((kfix_loss)loss, KFIX_METHOD_kfac, scales[s]);
      if (e < least) least = e;
      if (e > most) most = e;
    }
  CHECK(least < 0 && most > 0);
}

void test_every_method_finds_its_own(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    if (kfix_methods[m].curvature) (void)find(KFIX_CATEGORICAL, (kfix_method)m, 1);
}

/* ---- a search that fails leaves nothing behind ---- */

typedef struct failing {
  kfix_table *table;
  int calls, fails_at;
} failing;

static int fetch_or_fail(void *source, size_t first, size_t rows, kfix_real *x, size_t ldx,
                         kfix_real *y, size_t ldy) {
  failing *f = source;
  if (++f->calls == f->fails_at) return 1;
  return kfix_fetch_table(f->table, first, rows, x, ldx, y, ldy);
}

void test_a_failing_fetch_at_any_call(void) {
  ref_case c;
  begin(&c, KFIX_MSE, 1);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  failing f = {&c.table, 0, 0};
  const kfix_batch batch = {.rows = ROWS, .fetch = fetch_or_fail, .source = &f};
  const uint64_t start = kfix_digest(c.k);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &batch, NULL));
  const uint64_t end = kfix_digest(c.k);
  const int calls = f.calls;
  CHECK(calls > 6);
  for (int n = 1; n <= calls; n++) {
    case_destroy(&c);
    CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
    f = (failing){&c.table, 0, n};
    CHECK_INT(KFIX_FETCH, kfix_step(c.k, &batch, NULL));
    CHECK_U64(start, kfix_digest(c.k));
    CHECK_INT(KFIX_OK, kfix_step(c.k, &batch, NULL));
    CHECK_U64(end, kfix_digest(c.k));
  }
  case_end(&c);
}

/* ---- what auto stands for ---- */

static kfix_options settled(kfix_target target, kfix_method method, double lambda) {
  ref_case c;
  begin(&c, target == KFIX_TARGET_CLASS ? KFIX_CATEGORICAL : KFIX_MSE, 1);
  c.net.target = target;
  kfix_options o = kfix_options_default(&c.net);
  CHECK_INT(KFIX_DRIVER_AUTO, o.driver);
  o.lambda = lambda;
  o = kfix_options_settled(&o, &c.net, method);
  case_end(&c);
  return o;
}

void test_a_driver_for_each_net(void) {
  CHECK_INT(KFIX_ADAPTIVE, settled(KFIX_TARGET_INPUT, KFIX_METHOD_kfac, KFIX_AUTO).driver);
  CHECK_INT(KFIX_FIXED, settled(KFIX_TARGET_VALUES, KFIX_METHOD_kfac, KFIX_AUTO).driver);
  CHECK_INT(KFIX_FIXED, settled(KFIX_TARGET_CLASS, KFIX_METHOD_ekfac, KFIX_AUTO).driver);
  CHECK_INT(KFIX_ADAPTIVE, settled(KFIX_TARGET_CLASS, KFIX_METHOD_kfac, 1).driver);
}

void test_the_settings_that_follow(void) {
  const kfix_options fixed = settled(KFIX_TARGET_CLASS, KFIX_METHOD_kfac, KFIX_AUTO);
  const kfix_options adaptive = settled(KFIX_TARGET_INPUT, KFIX_METHOD_kfac, KFIX_AUTO);
  const kfix_options adam = settled(KFIX_TARGET_CLASS, KFIX_METHOD_adam, KFIX_AUTO);
  CHECK_INT(8, fixed.stats_every);
  CHECK_INT(1, adaptive.stats_every);
  CHECK_NEAR(0, 0.8, fixed.momentum);
  CHECK_NEAR(0, 0.9, adam.momentum);
  CHECK_NEAR(0, kfix_methods[KFIX_METHOD_kfac].learning_rate, fixed.learning_rate);
  CHECK_NEAR(0, kfix_methods[KFIX_METHOD_adam].learning_rate, adam.learning_rate);
  CHECK(adaptive.lambda == KFIX_AUTO);
}

/* What a trainer does with defaults is what it does with these numbers. */
void test_defaults_are_these_numbers(void) {
  ref_case c;
  uint64_t digests[2];
  for (int given = 0; given < 2; given++) {
    begin(&c, KFIX_CATEGORICAL, 1);
    c.options = kfix_options_default(&c.net);
    if (given) c.options = kfix_options_settled(&c.options, &c.net, KFIX_METHOD_kfac);
    CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
    for (int n = 0; n < 20; n++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    digests[given] = kfix_digest(c.k);
    case_end(&c);
  }
  CHECK_U64(digests[0], digests[1]);
}
