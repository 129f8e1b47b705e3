/* SPDX-License-Identifier: Apache-2.0
 * Damping that new attempts raise, and how far it reaches; a layer without neighbours; weights set in
 * mid-run. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "every_method.h"
#include "reference_case.h"

/* Statistics of three rows behind factors of order 7 and 6: without damping they have no inverse. */
static void begin(ref_case *c, kfix_method method, kfix_choice driver, double damping) {
  case_begin(c, KFIX_MSE, 2, (const uint32_t[]){6, 6, 2}, KFIX_TANH, KFIX_LINEAR, 24, 5);
  c->options.driver = driver;
  c->options.lambda = c->options.damping = damping;
  c->options.lambda_floor = 0;
  c->options.weight_decay = 0;
  c->options.inverse_every = c->options.gamma_every = 5;
  c->options.learning_rate = 1e-3;
  c->options.retries = 60;
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
}

static int is_natural(int method) {
  return kfix_method_of(method)->direction != NULL;
}

/* Returns how many steps were tried again. */
static int follow(kfix_method method) {
  ref_case c;
  kfix_report last = {.inverse_step = 0}, r;
  int again = 0;
  begin(&c, method, KFIX_FIXED, 1e-30);
  for (int step = 1; step <= 14; step++) {
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    const int renewed = r.inverse_step != last.inverse_step;
    if (!renewed && r.retries == 0) CHECK(r.gamma == last.gamma && r.lambda == last.lambda);
    if (renewed && r.retries == 0) CHECK(r.gamma == sqrt(1e-30));
    again += r.retries > 0;
    last = r;
  }
  case_end(&c);
  return again;
}

void test_raised_damping_lasts_as_long_as_the_inverse(void) {
  int again = 0;
  for (int m = 0; m >= 0; m = next_method(m))
    if (is_natural(m)) again += follow((kfix_method)m);
  CHECK(again > 0);
}

void test_a_single_layer_is_the_same_with_and_without_neighbours(void) {
  enum { IN = 300, OUT = 3, ROWS = 12 };
  static kfix_real x[ROWS * IN], y[ROWS * OUT];
  uint64_t digest[2], state = 7;
  const kfix_node_spec node = KFIX_DENSE_NODE("top", 0, IN, OUT, KFIX_LINEAR);
  const kfix_net net = {"alone", &node, 1, 1,         IN, KFIX_MSE, KFIX_TARGET_VALUES, 8, 4, 1, 0,
                        0,       NULL,  0, {0, 0, 0}, 0,  0};
  const kfix_method methods[] = {KFIX_METHOD_kfac, KFIX_METHOD_kfac_tridiag};
  kfix_table table = {x, y, NULL, IN, OUT};
  const kfix_batch batch = {ROWS, kfix_fetch_table, &table, NULL};
  for (size_t i = 0; i < ROWS * IN; i++) x[i] = (kfix_real)case_normal(&state);
  for (size_t i = 0; i < ROWS * OUT; i++) y[i] = (kfix_real)case_normal(&state);
  for (int i = 0; i < 2; i++) {
    kfix *k;
    const size_t bytes = kfix_bytes(&net, methods[i], &kfix_port_ref);
    void *arena = aligned_alloc(KFIX_ALIGN, bytes);
    const kfix_setup setup = {
        .net = &net, .method = methods[i], .port = &kfix_port_ref, .arena = arena, .bytes = bytes};
    CHECK_INT(KFIX_OK, kfix_create(&k, &setup, NULL));
    for (int step = 0; step < 3; step++) CHECK_INT(KFIX_OK, kfix_step(k, &batch, NULL));
    digest[i] = kfix_digest_part(k, KFIX_PART_PARAMETERS, 0);
    free(arena);
  }
  CHECK_U64(digest[0], digest[1]);
}

/* Adam, whose weights are set to what they are: what follows is what would have followed. */
void test_weights_set_in_mid_run_do_not_unbalance_adam(void) {
  ref_case c[2];
  kfix_real w[2][6 * 7];
  for (int i = 0; i < 2; i++) {
    begin(&c[i], KFIX_METHOD_adam, KFIX_ADAPTIVE, 1);
    for (int step = 0; step < 40; step++) CHECK_INT(KFIX_OK, kfix_step(c[i].k, &c[i].batch, NULL));
    CHECK_INT(KFIX_OK, kfix_get_weights(c[i].k, KFIX_ITERATE, 1, w[i]));
    if (i == 1) CHECK_INT(KFIX_OK, kfix_set_weights(c[i].k, 1, w[i]));
    CHECK_INT(KFIX_OK, kfix_step(c[i].k, &c[i].batch, NULL));
    CHECK_INT(KFIX_OK, kfix_get_weights(c[i].k, KFIX_ITERATE, 1, w[i]));
  }
  CHECK_MEM(w[0], w[1], sizeof w[0]);
  case_end(&c[0]);
  case_end(&c[1]);
}
