/* SPDX-License-Identifier: Apache-2.0
 * A step is a transaction, whichever kernel call of it goes wrong: each one of a step of each
 * method fails once, and answers NaN once. */
#include "check.h"
#include "every_method.h"
#include "reference_case.h"
#include "reference_faulty_port.h"
#include "reference_image.h"

/* A run at the step where most happens, its image, and the digest that the step should lead to. */
typedef struct site {
  ref_case c;
  memory_image image;
  uint64_t before, after;
  long calls;
} site;

/* trials: 1 at a step that tries gammas. No retries, so that every fault shows. */
static void begin(site *s, kfix_method method, kfix_choice driver, int trials) {
  case_begin(&s->c, KFIX_BERNOULLI, 2, (const uint32_t[]){3, 4, 2}, KFIX_TANH, KFIX_SIGMOID, 70, 3);
  kfix_options *o = &s->c.options;
  o->driver = driver;
  o->lambda = 1;
  o->retries = 0;
  o->hf_iterations = 4;
  o->lambda_every = 1;
  o->inverse_every = 2;
  o->gamma_every = trials ? 2 : 1000;
  o->fisher_fraction = 0.5;
  fault_arm(FAULT_NONE, 0);
  CHECK_INT(KFIX_OK, case_create(&s->c, method, &faulty_port, NULL));
  for (int i = 0; i < 3; i++) CHECK_INT(KFIX_OK, kfix_step(s->c.k, &s->c.batch, NULL));
  s->before = kfix_digest(s->c.k);
  s->image = image_for(s->c.k);
  CHECK_INT(KFIX_OK, image_save(s->c.k, &s->image));
  fault_arm(FAULT_NONE, 0);
  CHECK_INT(KFIX_OK, kfix_step(s->c.k, &s->c.batch, NULL));
  s->calls = fault_calls();
  s->after = kfix_digest(s->c.k);
  CHECK(s->after != s->before);
}

static void end(site *s) {
  free(s->image.bytes);
  case_end(&s->c);
}

/* Rewinds, takes the faulty step, and, if it failed, the step again. */
static kfix_status faulty_step(site *s, fault_kind kind, long n, kfix_report *report) {
  fault_arm(FAULT_NONE, 0);
  CHECK_INT(KFIX_OK, image_load(s->c.k, &s->image));
  CHECK_U64(s->before, kfix_digest(s->c.k));
  fault_arm(kind, n);
  const kfix_status status = kfix_step(s->c.k, &s->c.batch, report);
  CHECK(fault_kernel() != NULL);
  CHECK_INT(status, report->status);
  if (status == KFIX_OK) return status;
  CHECK_U64(s->before, kfix_digest(s->c.k));
  fault_arm(FAULT_NONE, 0);
  CHECK_INT(KFIX_OK, kfix_step(s->c.k, &s->c.batch, NULL));
  CHECK_U64(s->after, kfix_digest(s->c.k));
  return status;
}

static void each_method(void (*check)(site *s)) {
  for (int m = 0; m >= 0; m = next_method(m))
    for (kfix_choice driver = 0; driver < 2; driver++) {
      site s;
      begin(&s, (kfix_method)m, driver, 0);
      check(&s);
      end(&s);
    }
}

static void every_call_fails(site *s) {
  kfix_report report;
  for (long n = 1; n <= s->calls; n++)
    CHECK_INT(KFIX_PORT, faulty_step(s, FAULT_FAILS, n, &report));
}

void test_a_kernel_that_fails(void) {
  each_method(every_call_fails);
}

/* A NaN must be found, or not matter: then the step is bit for bit what it is without it. */
static void every_call_answers_nan(site *s) {
  kfix_report report;
  for (long n = 1; n <= s->calls; n++)
    if (faulty_step(s, FAULT_NAN, n, &report) == KFIX_OK)
      CHECK_MSG(kfix_digest(s->c.k) == s->after, fault_kernel());
}

void test_a_kernel_that_answers_nan(void) {
  each_method(every_call_answers_nan);
}

/* Where gammas are tried, one that comes to nothing may be passed over; what is committed is
 * finite and the run goes on. */
void test_faults_while_gammas_are_tried(void) {
  site s;
  kfix_report report;
  kfix_score score;
  begin(&s, KFIX_METHOD_kfac, KFIX_ADAPTIVE, 1);
  every_call_fails(&s);
  for (long n = 1; n <= s.calls; n++) {
    if (faulty_step(&s, FAULT_NAN, n, &report) != KFIX_OK) continue;
    fault_arm(FAULT_NONE, 0);
    CHECK_INT(KFIX_OK, kfix_evaluate(s.c.k, KFIX_ITERATE, &s.c.batch, &score));
    CHECK(score.objective < report.objective);
    CHECK_INT(KFIX_OK, kfix_step(s.c.k, &s.c.batch, NULL));
  }
  end(&s);
}

/* With retries a step that its curvature spoils is taken again, more damped, and says so. */
void test_spoiled_steps_are_tried_again_with_more_damping(void) {
  for (kfix_choice driver = 0; driver < 2; driver++) {
    site s;
    int mended = 0, alone = 0, both = 0;
    begin(&s, KFIX_METHOD_kfac, driver, 0);
    const kfix_report plain = *kfix_last_report(s.c.k);
    s.c.k->options.retries = 2;
    for (long n = 1; n <= s.calls; n++) {
      kfix_report report;
      if (faulty_step(&s, FAULT_NAN, n, &report) != KFIX_OK || report.retries == 0) continue;
      mended++;
      CHECK_INT(1, report.retries);
      /* A model or an outcome that cannot be trusted asks for lambda alone. */
      const int renewed = driver == KFIX_FIXED || report.gamma != plain.gamma;
      alone += !renewed;
      both += renewed;
      CHECK_NEAR(0, 4 * plain.lambda, report.lambda);
      CHECK_NEAR(0, (renewed ? 2 : 1) * plain.gamma, report.gamma);
      CHECK_INT(4, report.inverse_step);
      CHECK_INT(plain.stats_count, report.stats_count);
      /* The fixed driver's damping is what its inverse was made with, until the next; the adaptive one
       * takes the raise back, that of gamma with a new inverse. */
      const int kept = driver == KFIX_FIXED;
      fault_arm(FAULT_NONE, 0);
      CHECK_INT(KFIX_OK, kfix_step(s.c.k, &s.c.batch, &report));
      CHECK_INT(kept || !renewed ? 4 : 5, report.inverse_step);
      CHECK_NEAR(0, (kept ? 2 : 1) * plain.gamma, report.gamma);
      CHECK(kept ? report.lambda == 4 * plain.lambda : report.lambda < 2 * plain.lambda);
    }
    CHECK(mended > 0 && both > 0 && (alone > 0) == (driver == KFIX_ADAPTIVE));
    end(&s);
  }
}

/* A debug build finds the write past the end of a vector, and commits nothing. */
void test_guard_words_catch_an_overrun(void) {
#ifdef KFIX_DEBUG
  for (int m = 0; m >= 0; m = next_method(m)) {
    site s;
    kfix_report report;
    int caught = 0;
    begin(&s, (kfix_method)m, KFIX_ADAPTIVE, 0);
    for (long n = 1; n <= s.calls && !caught; n++) {
      fault_arm(FAULT_NONE, 0);
      CHECK_INT(KFIX_OK, image_load(s.c.k, &s.image));
      fault_arm(FAULT_OVERRUN, n);
      const kfix_status status = kfix_step(s.c.k, &s.c.batch, &report);
      if (strcmp(fault_kernel(), "axpby") != 0 && strcmp(fault_kernel(), "decay") != 0) continue;
      CHECK_INT(KFIX_GUARD, status);
      CHECK_INT(KFIX_GUARD, report.status);
      CHECK_U64(s.before, kfix_digest(s.c.k));
      caught = 1;
    }
    CHECK(caught);
    end(&s);
  }
#else
  SKIP("no guard words in this build");
#endif
}
