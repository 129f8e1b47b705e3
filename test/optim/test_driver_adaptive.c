/* SPDX-License-Identifier: Apache-2.0
 * Runs of the adaptive driver, audited step by step (driver_audit.h). */
#include "check.h"
#include "driver_audit.h"

/* Many short runs, so that gamma and lambda each go up, go down and stay. */
void test_runs_on_one_chunk(void) {
  int up = 0, down = 0, rises = 0, falls = 0, stays = 0;
  for (uint32_t seed = 1; seed <= 30; seed++) {
    audit t;
    audit_begin(&t, KFIX_CATEGORICAL, 60);
    t.c.options.seed = seed;
    t.c.options.lambda = seed % 3 ? 0.1 : 0.02;
    t.c.options.stats_fraction = seed % 2 ? 0.125 : 0.02;
    t.slack *= 20;
    audit_run(&t);
    up += t.up;
    down += t.down;
    rises += t.rises;
    falls += t.falls;
    stays += t.stays;
    case_end(&t.c);
  }
  CHECK(up > 0 && down > 0);
  CHECK(rises > 0 && falls > 0 && stays > 0);
}

/* Three chunks, the last ragged; S1 and S2 cut chunks. */
void test_run_on_several_chunks(void) {
  audit t;
  audit_begin(&t, KFIX_BERNOULLI, 150);
  t.c.options.stats_fraction = 0.5;
  t.c.options.fisher_fraction = 0.7;
  audit_run(&t);
  CHECK_INT(75, kfix_last_report(t.c.k)->stats_rows);
  CHECK_INT(105, kfix_last_report(t.c.k)->fisher_rows);
  CHECK_INT(45, kfix_last_report(t.c.k)->fisher_first);
  case_end(&t.c);
}

void test_run_on_a_regression(void) {
  audit t;
  audit_begin(&t, KFIX_MSE, 90);
  audit_run(&t);
  case_end(&t.c);
}

/* No weight decay and few rows: the low-rank product [KFAC 8]. */
void test_run_by_low_rank_products(void) {
  audit t;
  audit_begin(&t, KFIX_MSE, 2);
  t.c.options.weight_decay = 0;
  t.c.options.lambda = 20; /* slow enough that the gradient stays well above its rounding */
  t.c.options.stats_fraction = t.c.options.fisher_fraction = 1;
  audit_run(&t);
  case_end(&t.c);
}

void test_run_without_momentum(void) {
  audit t;
  audit_begin(&t, KFIX_BERNOULLI, 60);
  t.c.options.use_momentum = 0;
  t.c.options.lambda_floor = 0.35; /* 0.5, 0.387, 0.35 */
  audit_run(&t);
  CHECK(kfix_last_report(t.c.k)->mu == 0);
  CHECK_NEAR(0, 0.35, t.lambda);
  case_end(&t.c);
}

/* Lambda far too small for the model to be trusted, so that it must rise. */
void test_lambda_rises_where_the_model_promises_too_much(void) {
  audit t;
  audit_begin(&t, KFIX_CATEGORICAL, 40);
  t.c.options.lambda = 1e-2;
  t.c.options.fisher_fraction = 0.1;
  t.slack *= 30;
  audit_run(&t);
  CHECK(t.rises > 0);
  case_end(&t.c);
}

/* Lambda smaller still: steps are refused, and taken again with more damping. The system is so
 * nearly singular that in float little more than the decisions is audited. */
void test_refused_steps_are_taken_again(void) {
  int looks = 0, bold_refusals = 0, taken_back = 0, kept = 0;
  for (uint32_t seed = 1; seed <= 12; seed++) {
    audit t;
    audit_begin(&t, KFIX_CATEGORICAL, 40);
    t.c.options.seed = seed;
    t.c.options.lambda = 1e-4;
    t.c.options.fisher_fraction = 0.1;
    t.slack *= 1000;
    audit_run(&t);
    looks += t.looks;
    bold_refusals += t.bold_refusals;
    taken_back += t.taken_back;
    kept += t.kept;
    case_end(&t.c);
  }
  CHECK(looks > 0 && bold_refusals > 0);
  CHECK(taken_back > 0 && kept > 0);
}
