/* SPDX-License-Identifier: Apache-2.0
 * State is all there is: after every step, a trainer that knows the image alone goes on with the
 * bits of the one that lived through it, failed attempts included. */
#include "check.h"
#include "every_method.h"
#include "reference_case.h"
#include "reference_faulty_port.h"
#include "reference_image.h"

enum { STEPS = 32 };

/* Padding behind each layer, and every schedule comes round often. */
static void begin(ref_case *c, kfix_method method, kfix_choice driver) {
  case_begin(c, KFIX_BERNOULLI, 3, (const uint32_t[]){3, 5, 3, 2}, KFIX_TANH, KFIX_SIGMOID, 70, 3);
  c->options.driver = driver;
  c->options.lambda = 1;
  c->options.weight_decay = 1e-3;
  c->options.lambda_every = 2;
  c->options.hf_iterations = 6;
  c->options.inverse_every = 2;
  c->options.gamma_every = 4;
  fault_arm(FAULT_NONE, 0);
  CHECK_INT(KFIX_OK, case_create(c, method, &faulty_port, NULL));
}

/* The trainer of `from` as one that has just been created and restored takes it up. */
static void take_over(ref_case *heir, kfix_method method, memory_image *image) {
  case_destroy(heir);
  CHECK_INT(KFIX_OK, case_create(heir, method, &faulty_port, NULL));
  CHECK_INT(KFIX_OK, image_load(heir->k, image));
}

/* faults: before each step, so many attempts at it, of which each has another kernel call that answers NaN. */
static void check_heirs(kfix_method method, kfix_choice driver, int faults) {
  ref_case c, heir;
  begin(&c, method, driver);
  begin(&heir, method, driver);
  memory_image image = image_for(c.k), other = image_for(c.k);
  for (int s = 0; s < STEPS; s++) {
    CHECK_INT(KFIX_OK, image_save(c.k, &image));
    take_over(&heir, method, &image);
    c.k->options.retries = 0;
    for (int n = 0; n < faults; n++) {
      fault_arm(FAULT_NAN, 1 + (s * faults + n) % 61);
      const uint64_t before = kfix_digest(c.k);
      if (kfix_step(c.k, &c.batch, NULL) != KFIX_OK) CHECK_U64(before, kfix_digest(c.k));
      if (before != kfix_digest(c.k)) CHECK_INT(KFIX_OK, image_load(c.k, &image));
    }
    fault_arm(FAULT_NONE, 0);
    c.k->options.retries = heir.k->options.retries;
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    CHECK_INT(KFIX_OK, kfix_step(heir.k, &heir.batch, NULL));
    CHECK_U64(kfix_digest(c.k), kfix_digest(heir.k));
  }
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  CHECK_INT(KFIX_OK, image_save(heir.k, &other));
  CHECK_MEM(image.bytes, other.bytes, image.size);
  free(image.bytes);
  free(other.bytes);
  case_end(&c);
  case_end(&heir);
}

static void each_method(int faults) {
  for (int m = 0; m >= 0; m = next_method(m))
    for (kfix_choice driver = 0; driver < 2; driver++) check_heirs((kfix_method)m, driver, faults);
}

void test_an_heir_goes_on_alike_after_every_step(void) {
  each_method(0);
}

void test_failed_attempts_leave_nothing_behind(void) {
  each_method(3);
}
