/* SPDX-License-Identifier: Apache-2.0
 * Looking into a trainer: weights in and out, views, digests of parts. */
#include "check.h"
#include "reference_case.h"

static void begin(ref_case *c, kfix_method method, kfix_choice driver) {
  case_begin(c, KFIX_CATEGORICAL, 2, (const uint32_t[]){3, 4, 2}, KFIX_TANH, KFIX_SOFTMAX, 70, 3);
  c->options.driver = driver;
  c->options.lambda = 1;
  c->options.lambda_every = 2;
  c->options.inverse_every = c->options.gamma_every = 4;
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
}

static void steps(ref_case *c, int count) {
  for (int s = 0; s < count; s++) CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
}

void test_weights_in_and_out(void) {
  ref_case c;
  kfix_real w[4 * 4], got[4 * 4];
  begin(&c, KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  steps(&c, 2);
  const uint64_t before = kfix_digest(c.k);
  for (int i = 0; i < 16; i++) w[i] = (kfix_real)(i / 8.0 - 1);
  CHECK_INT(KFIX_ARGUMENT, kfix_set_weights(c.k, 0, w));
  CHECK_INT(KFIX_ARGUMENT, kfix_set_weights(c.k, 3, w));
  CHECK_INT(KFIX_ARGUMENT, kfix_get_weights(c.k, KFIX_ITERATE, 3, got));
  CHECK_INT(KFIX_ARGUMENT, kfix_get_weights(c.k, KFIX_ITERATE, 1, NULL));
  CHECK_U64(before, kfix_digest(c.k));
  CHECK_INT(KFIX_OK, kfix_set_weights(c.k, 1, w));
  CHECK(before != kfix_digest(c.k));
  for (int which = 0; which < 2; which++) {
    CHECK_INT(KFIX_OK, kfix_get_weights(c.k, (kfix_iterate)which, 1, got));
    CHECK_MEM(w, got, sizeof w);
  }
  /* The previous update belongs to the path that was left. */
  double update[100];
  CHECK_INT(KFIX_OK, case_view(&c, "update", update));
  for (size_t i = 0; i < c.ref.parameters; i++) CHECK(update[i] == 0);
  steps(&c, 1);
  CHECK(kfix_last_report(c.k)->mu == 0);
  case_end(&c);
}

void test_views_and_their_shapes(void) {
  ref_case c;
  kfix_real out[100];
  size_t rows, cols;
  begin(&c, KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  steps(&c, 1);
  CHECK_INT(KFIX_OK, kfix_view(c.k, "W", 1, NULL, 0, &rows, &cols));
  CHECK_INT(4, rows);
  CHECK_INT(4, cols);
  CHECK_INT(KFIX_OK, kfix_view(c.k, "grad", 2, out, 10, &rows, &cols));
  CHECK_INT(2, rows);
  CHECK_INT(5, cols);
  CHECK_INT(KFIX_ARGUMENT, kfix_view(c.k, "grad", 2, out, 9, &rows, &cols));
  CHECK_INT(KFIX_ARGUMENT, kfix_view(c.k, "grad", 0, out, 100, &rows, &cols));
  CHECK_INT(KFIX_ARGUMENT, kfix_view(c.k, "grad", 3, out, 100, &rows, &cols));
  CHECK_INT(KFIX_ARGUMENT, kfix_view(c.k, "no such", 1, out, 100, &rows, &cols));
  CHECK_STR("A", kfix_view_name(c.k, 0));
  CHECK_STR("G", kfix_view_name(c.k, 1));
  CHECK(kfix_view_name(c.k, 2) == NULL);
  CHECK_INT(KFIX_OK, kfix_view(c.k, "A", 2, out, 100, &rows, &cols));
  CHECK_INT(5, rows);
  CHECK_INT(5, cols);
  CHECK_NEAR(8 * KFIX_REAL_EPS, 1, out[24]); /* the homogeneous coordinate */
  CHECK_INT(KFIX_OK, kfix_view(c.k, "G", 2, out, 100, &rows, &cols));
  CHECK_INT(2, rows);
  CHECK_INT(2, cols);
  case_end(&c);
}

void test_methods_without_a_curvature_have_none_to_show(void) {
  ref_case c;
  kfix_real out[100];
  double pi;
  size_t rows, cols;
  begin(&c, KFIX_METHOD_sgd, KFIX_ADAPTIVE);
  CHECK(kfix_view_name(c.k, 0) == NULL);
  CHECK_INT(KFIX_ARGUMENT, kfix_view(c.k, "A", 1, out, 100, &rows, &cols));
  CHECK_INT(KFIX_ARGUMENT, kfix_number(c.k, "pi", 1, &pi));
  case_end(&c);
}

/* Parts tell where two states differ. */
void test_digests_of_parts(void) {
  ref_case c;
  begin(&c, KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  steps(&c, 3);
  const uint64_t parameters = kfix_digest_part(c.k, KFIX_PART_PARAMETERS, 0);
  const uint64_t decisions = kfix_digest_part(c.k, KFIX_PART_DECISIONS, 0);
  const uint64_t inverse = kfix_digest_part(c.k, KFIX_PART_INVERSE, 1);
  const uint64_t statistics = kfix_digest_part(c.k, KFIX_PART_STATISTICS, 1);
  kfix_real w[4 * 4] = {0};
  w[3] = 1;
  CHECK_INT(KFIX_OK, kfix_set_weights(c.k, 1, w));
  CHECK(parameters != kfix_digest_part(c.k, KFIX_PART_PARAMETERS, 0));
  CHECK_U64(statistics, kfix_digest_part(c.k, KFIX_PART_STATISTICS, 1));
  CHECK(statistics != kfix_digest_part(c.k, KFIX_PART_STATISTICS, 2));
  steps(&c, 2);
  CHECK(inverse != kfix_digest_part(c.k, KFIX_PART_INVERSE, 1));
  CHECK(statistics != kfix_digest_part(c.k, KFIX_PART_STATISTICS, 1));
  CHECK(decisions != kfix_digest_part(c.k, KFIX_PART_DECISIONS, 0));
  /* The inverse of step 4 is in force until step 8. */
  const uint64_t kept = kfix_digest_part(c.k, KFIX_PART_INVERSE, 2);
  steps(&c, 2);
  CHECK_U64(kept, kfix_digest_part(c.k, KFIX_PART_INVERSE, 2));
  steps(&c, 1);
  CHECK(kept != kfix_digest_part(c.k, KFIX_PART_INVERSE, 2));
  case_end(&c);
}
