/* SPDX-License-Identifier: Apache-2.0
 * K-FAC does what it is for: on a small auto-encoder it takes the objective, in as many steps, to
 * where gradient descent with momentum does not get at any of a range of learning rates. */
#include "check.h"
#include "reference_case.h"

enum { STEPS = 40, ROWS = 128, SIDE = 6, PIXELS = SIDE * SIDE };

/* Pictures of one soft stroke each: place, slope and width vary. */
static void draw(ref_case *c) {
  uint64_t state = 17;
  for (size_t r = 0; r < ROWS; r++) {
    const double angle = 3.1416 * case_uniform(&state), at = 1.5 * case_uniform(&state);
    const double width = 0.8 + 0.3 * case_uniform(&state);
    for (int i = 0; i < PIXELS; i++) {
      const double x = i % SIDE - (SIDE - 1) / 2.0, y = i / SIDE - (SIDE - 1) / 2.0;
      const double d = (x * cos(angle) + y * sin(angle) - at) / width;
      c->x[r * PIXELS + (size_t)i] = (kfix_real)exp(-d * d);
    }
  }
}

static void begin(ref_case *c) {
  case_begin(c, KFIX_BERNOULLI, 4, (const uint32_t[]){PIXELS, 20, 4, 20, PIXELS}, KFIX_TANH,
             KFIX_SIGMOID, ROWS, 3);
  c->net.target = KFIX_TARGET_INPUT;
  c->table.y = NULL;
  c->options.lambda = 3;
  c->options.init = KFIX_INIT_GLOROT;
  draw(c);
}

static double reached(kfix_method method, kfix_choice driver, double rate) {
  ref_case c;
  kfix_score score;
  begin(&c);
  c.options.driver = driver;
  c.options.learning_rate = rate;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  kfix_status status = KFIX_OK;
  for (int s = 0; s < STEPS && status == KFIX_OK; s++) status = kfix_step(c.k, &c.batch, NULL);
  if (status == KFIX_OK) status = kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &score);
  const double objective = status == KFIX_OK ? score.objective : INFINITY;
  case_end(&c);
  return objective;
}

static double best_of(kfix_method method) {
  double best = INFINITY;
  for (double rate = 4e-3; rate < 2; rate *= 2.5) {
    const double here = reached(method, KFIX_FIXED, rate);
    best = here < best ? here : best;
  }
  return best;
}

void test_kfac_gets_further_than_first_order_methods(void) {
  const double kfac = reached(KFIX_METHOD_kfac, KFIX_ADAPTIVE, 0);
  const double sgd = best_of(KFIX_METHOD_sgd), adam = best_of(KFIX_METHOD_adam);
  CHECK(kfac < 15);
  CHECK(sgd > 16);
  CHECK(adam > 16);
}
