/* SPDX-License-Identifier: Apache-2.0
 * Steps with weights of examples: what they mean, what they leave alone, and which are refused. */
#include <string.h>

#include "every_method.h"
#include "weighted_case.h"

static kfix_real weights[ROWS_MAX];

static void moved(ref_case *c, double *out) {
  double before[PARAMETERS_MAX];
  CHECK_INT(KFIX_OK, case_view(c, "W", before));
  CHECK_INT(KFIX_OK, case_view(c, "W_after", out));
  for (size_t i = 0; i < c->ref.parameters; i++) out[i] -= before[i];
}

/* Rows as often as their weights say, empirical Fisher: the same step, to rounding, by every method. */
void test_weight_two_is_the_row_twice(void) {
  enum { ROWS = 30 };
  for (int m = 0; m >= 0; m = next_method(m)) {
    ref_case c, twice;
    double a[PARAMETERS_MAX], b[PARAMETERS_MAX];
    uint32_t order[3 * ROWS];
    size_t count = 0;
    kfix_report r, s;
    if (m == KFIX_METHOD_kfac_corrected) continue;
    weighted_begin(&c, KFIX_CATEGORICAL, ROWS, weights);
    weighted_begin(&twice, KFIX_CATEGORICAL, ROWS, weights);
    for (uint32_t i = 0; i < ROWS; i++) {
      weights[i] = (kfix_real)(i % 4 == 3 ? 2 : i % 3);
      for (int t = 0; t < (int)weights[i]; t++) order[count++] = i;
    }
    twice.table.order = order;
    twice.batch.rows = count;
    twice.batch.weights = NULL;
    c.options.fisher = twice.options.fisher = KFIX_FISHER_EMPIRICAL;
    c.options.lambda = twice.options.lambda = 1;
    c.options.learning_rate = twice.options.learning_rate = 0.1;
    c.options.adam_epsilon = twice.options.adam_epsilon = 1e-2;
    weighted_create(&c, (kfix_method)m, NULL);
    weighted_create(&twice, (kfix_method)m, NULL);
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_INT(KFIX_OK, kfix_step(twice.k, &twice.batch, &s));
    CHECK_NEAR(64 * KFIX_REAL_EPS * s.objective, s.objective, r.objective);
    CHECK_NEAR(1e-12, s.error, r.error);
    moved(&c, a);
    moved(&twice, b);
    CHECK_NEAR(5000 * KFIX_REAL_EPS, 0, relative_distance(a, b, c.ref.parameters));
    case_end(&c);
    case_end(&twice);
  }
}

static uint64_t digest_after(kfix_method method, const kfix_real *of_rows, size_t rows,
                             uint32_t chunk, const kfix_port *port) {
  ref_case c;
  weighted_begin(&c, KFIX_CATEGORICAL, ROWS_MAX, weights);
  c.batch.rows = rows;
  c.batch.weights = of_rows;
  c.options.lambda = 1;
  c.net.chunk = chunk;
  CHECK_INT(KFIX_OK, case_create(&c, method, port, NULL));
  for (int step = 0; step < 4; step++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest_part(c.k, KFIX_PART_PARAMETERS, 0);
  case_end(&c);
  return digest;
}

void test_equal_weights_are_none(void) {
  kfix_real equal[ROWS_MAX];
  for (size_t i = 0; i < ROWS_MAX; i++) equal[i] = (kfix_real)0.3;
  for (int m = 0; m >= 0; m = next_method(m))
    CHECK_U64(digest_after((kfix_method)m, NULL, 150, 64, NULL),
              digest_after((kfix_method)m, equal, 150, 64, NULL));
}

/* Behind the others, where they move no subset. */
void test_rows_of_weight_zero_do_not_matter(void) {
  static const kfix_method methods[] = {
      KFIX_METHOD_sgd,   KFIX_METHOD_nesterov, KFIX_METHOD_adam,        KFIX_METHOD_kfac,
      KFIX_METHOD_ekfac, KFIX_METHOD_ekfac_ra, KFIX_METHOD_kfac_tridiag};
  kfix_real some[ROWS_MAX];
  for (size_t i = 0; i < ROWS_MAX; i++) some[i] = (kfix_real)(i < 150 ? 1 + i % 3 : 0);
  for (size_t m = 0; m < sizeof methods / sizeof *methods; m++)
    CHECK_U64(digest_after(methods[m], some, 150, 64, NULL),
              digest_after(methods[m], some, ROWS_MAX, 64, NULL));
}

void test_bits_depend_neither_on_the_chunk_nor_on_the_port(void) {
  kfix_real some[ROWS_MAX];
  for (size_t i = 0; i < ROWS_MAX; i++) some[i] = (kfix_real)(0.1 * (double)(1 + i % 5));
  for (int m = 0; m >= 0; m = next_method(m)) {
    if (m == KFIX_METHOD_kfac_corrected) continue;
    const uint64_t expected = digest_after((kfix_method)m, some, 150, 64, NULL);
    CHECK_U64(expected, digest_after((kfix_method)m, some, 150, 32, NULL));
    CHECK_U64(expected, digest_after((kfix_method)m, some, 150, 160, NULL));
    CHECK_U64(expected, digest_after((kfix_method)m, some, 150, 64, &kfix_port_simd));
  }
}

/* A step with the weights that stand is refused, and changes nothing. */
static void refused(kfix_method method, double fraction) {
  ref_case c;
  kfix_report r;
  kfix_real kept[ROWS_MAX];
  memcpy(kept, weights, sizeof kept);
  weighted_begin(&c, KFIX_MSE, 20, weights);
  c.batch.weights = NULL;
  c.options.stats_fraction = c.options.fisher_fraction = fraction;
  weighted_create(&c, method, NULL);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t before = kfix_digest(c.k);
  c.batch.weights = kept;
  CHECK_INT(KFIX_WEIGHTS, kfix_step(c.k, &c.batch, &r));
  CHECK_INT(KFIX_WEIGHTS, r.status);
  CHECK_U64(before, kfix_digest(c.k));
  c.batch.weights = NULL;
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  case_end(&c);
}

static void fill(size_t rows, double first, double others) {
  for (size_t i = 0; i < rows; i++) weights[i] = (kfix_real)(i == 0 ? first : others);
}

void test_weights_that_mean_nothing_are_refused(void) {
  static const double bad[] = {-1, NAN, INFINITY, 0};
  ref_case c;
  kfix_score score;
  for (size_t i = 0; i < 4; i++) {
    weighted_begin(&c, KFIX_MSE, 20, weights);
    fill(20, bad[i], bad[i] == 0 ? 0 : 1);
    weighted_create(&c, KFIX_METHOD_sgd, NULL);
    CHECK_INT(KFIX_WEIGHTS, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &score));
    CHECK_INT(KFIX_WEIGHTS, kfix_step(c.k, &c.batch, NULL));
    case_end(&c);
  }
}

/* What a residual over K-FAC's factors would need is not there. */
void test_kfac_corrected_takes_no_weights(void) {
  fill(20, 2, 1);
  refused(KFIX_METHOD_kfac_corrected, 1);
}

/* S1 is the first quarter of the rows here, S2 the last one. */
void test_a_subset_without_weight_is_refused(void) {
  for (size_t i = 0; i < 20; i++) weights[i] = i >= 5;
  refused(KFIX_METHOD_kfac, 0.25);
  for (size_t i = 0; i < 20; i++) weights[i] = i < 15;
  refused(KFIX_METHOD_kfac, 0.25);
}
