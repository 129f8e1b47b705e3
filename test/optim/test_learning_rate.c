/* SPDX-License-Identifier: Apache-2.0
 * Schedules of the rate against their formulas in long double. */
#include <math.h>

#include "check.h"
#include "kfix.h"
#include "reference_rate.h"

enum { LENGTH = 400 };

static kfix_options scheduled(uint32_t schedule, uint32_t warmup) {
  kfix_options o = kfix_options_default(NULL);
  o.learning_rate = 0.3;
  o.lr_schedule = schedule;
  o.lr_factor = 0.7;
  o.lr_every = 9;
  o.lr_steps = 300;
  o.lr_floor = 0.01;
  o.lr_warmup = warmup;
  CHECK_INT(KFIX_OK, kfix_options_check(&o, NULL));
  return o;
}

/* The sine squared is within 5 ulp, a power n multiplications old within n / 2; a few operations
 * follow. 1 + cos of the definition cancels. */
static void follows(kfix_options o) {
  for (uint64_t step = 1; step <= LENGTH; step++) {
    const double expected = (double)ref_rate(&o, step);
    const double powers = o.lr_schedule == KFIX_RATE_STEP ? LENGTH / (2.0 * o.lr_every) : 0;
    const double slack =
        (powers + 8) * (double)DBL_EPSILON * expected + (double)LDBL_EPSILON * o.learning_rate;
    CHECK_NEAR(slack, expected, kfix_learning_rate(&o, step));
  }
}

void test_schedules_follow_their_formulas(void) {
  for (uint32_t schedule = 0; schedule < 3; schedule++)
    for (uint32_t warmup = 0; warmup < 200; warmup += 33) {
      kfix_options o = scheduled(schedule, warmup);
      follows(o);
      o.lr_floor = 0;
      follows(o);
    }
}

/* No rounding where there is nothing to compute. */
void test_a_constant_rate_is_the_setting(void) {
  const kfix_options o = scheduled(KFIX_RATE_CONSTANT, 0);
  for (uint64_t step = 1; step <= LENGTH; step++) CHECK(kfix_learning_rate(&o, step) == 0.3);
  CHECK(kfix_learning_rate(&o, UINT64_MAX) == 0.3);
}

void test_ends_are_exact(void) {
  kfix_options o = scheduled(KFIX_RATE_COSINE, 50);
  CHECK(kfix_learning_rate(&o, 50) == 0.3);
  CHECK(kfix_learning_rate(&o, 51) == 0.3);
  CHECK(kfix_learning_rate(&o, 301) == 0.3 * 0.01);
  CHECK(kfix_learning_rate(&o, UINT64_MAX) == 0.3 * 0.01);
  o.lr_floor = 0;
  CHECK(kfix_learning_rate(&o, 300) > 0);
  CHECK(kfix_learning_rate(&o, 301) == 0);
  o = scheduled(KFIX_RATE_STEP, 50);
  CHECK(kfix_learning_rate(&o, 59) == 0.3);
  CHECK(kfix_learning_rate(&o, 60) == 0.3 * 0.7);
  CHECK(kfix_learning_rate(&o, UINT64_MAX) == 0);
}

void test_a_rate_rises_in_the_warm_up_and_never_after(void) {
  for (uint32_t schedule = 0; schedule < 3; schedule++) {
    const kfix_options o = scheduled(schedule, 40);
    for (uint64_t step = 2; step <= LENGTH; step++) {
      const double before = kfix_learning_rate(&o, step - 1), now = kfix_learning_rate(&o, step);
      CHECK(step <= 40 ? now > before : now <= before);
    }
  }
}

/* The same bits from every compiler and on every processor. */
void test_bits_are_those_of_every_machine(void) {
  kfix_digest_state d;
  kfix_digest_begin(&d, 0);
  for (uint32_t schedule = 0; schedule < 3; schedule++) {
    const kfix_options o = scheduled(schedule, 33);
    for (uint64_t step = 1; step <= LENGTH; step++) {
      const double rate = kfix_learning_rate(&o, step);
      kfix_digest_add(&d, &rate, sizeof rate);
    }
  }
  CHECK_U64(UINT64_C(0x1b3d4451c5be0995), kfix_digest_end(&d));
}

void test_a_cosine_without_room_is_refused(void) {
  kfix_options o = kfix_options_default(NULL);
  kfix_option_id bad = KFIX_OPTION_COUNT;
  o.lr_schedule = KFIX_RATE_COSINE;
  CHECK_INT(KFIX_OPTION, kfix_options_check(&o, &bad));
  CHECK_INT(KFIX_OPTION_lr_steps, bad);
  o.lr_steps = o.lr_warmup = 10;
  CHECK_INT(KFIX_OPTION, kfix_options_check(&o, &bad));
  o.lr_steps = 11;
  CHECK_INT(KFIX_OK, kfix_options_check(&o, &bad));
}
