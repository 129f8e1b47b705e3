/* SPDX-License-Identifier: Apache-2.0
 * Initial weights: how many, how large, and what they depend on. */
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"

enum { IN = 40, OUT = 2000, COLS = IN + 1 };

/* W of the first layer, OUT x (IN + 1); to be freed. */
static kfix_real *initial(kfix_init_kind init, kfix_activation f, uint32_t in, uint64_t seed) {
  ref_case c;
  kfix_real *w = malloc(OUT * (in + 1) * sizeof *w);
  case_begin(&c, KFIX_MSE, 1, (const uint32_t[]){in, OUT}, f, f, 1, 3);
  c.options.init = init;
  c.options.seed = seed;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_sgd, NULL, NULL));
  CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, 1, w));
  case_end(&c);
  for (size_t r = 0; r < OUT; r++) CHECK(w[r * (in + 1) + in] == 0);
  return w;
}

/* Mean 0 and this deviation, within 6 standard errors, of the weights that are not zero; the fourth
 * moment over the squared variance is `tails`. */
static void check_moments(const kfix_real *w, uint32_t in, size_t count, double deviation,
                          double tails) {
  double mean = 0, square = 0;
  size_t found = 0;
  for (size_t i = 0; i < OUT * (size_t)(in + 1); i++) {
    found += w[i] != 0;
    mean += w[i];
    square += (double)w[i] * w[i];
  }
  const double n = (double)count, variance = deviation * deviation;
  CHECK_INT(count, found);
  CHECK_NEAR(6 * deviation / sqrt(n), 0, mean / n);
  CHECK_NEAR(6 * variance * sqrt((tails - 1) / n), variance, square / n);
}

static void check_sparse(kfix_activation f, uint32_t in, size_t connections, double deviation) {
  kfix_real *w = initial(KFIX_INIT_SPARSE, f, in, 1);
  for (size_t r = 0; r < OUT; r++) {
    size_t here = 0;
    for (uint32_t j = 0; j < in; j++) here += w[r * (in + 1) + j] != 0;
    CHECK_INT(connections, here);
  }
  check_moments(w, in, OUT * connections, deviation, 3);
  free(w);
}

void test_sparse_weights(void) {
  check_sparse(KFIX_TANH, IN, 15, 1);
  check_sparse(KFIX_SIGMOID, IN, 15, 1);
  check_sparse(KFIX_RELU, IN, 15, sqrt(2.0 / 15));
  check_sparse(KFIX_LINEAR, IN, 15, sqrt(1.0 / 15));
  check_sparse(KFIX_TANH, 7, 7, 1);
  check_sparse(KFIX_RELU, 1, 1, sqrt(2));
}

/* Each unit takes each input equally often, and how large a weight is has nothing to do with where
 * it stands: 30000 weights. */
void test_sparse_places_and_sizes_are_independent(void) {
  kfix_real *w = initial(KFIX_INIT_SPARSE, KFIX_TANH, IN, 1);
  double places[IN] = {0}, moment = 0;
  const double n = OUT * 15.0, spread = sqrt((IN * IN - 1) / 12.0);
  for (size_t r = 0; r < OUT; r++)
    for (int j = 0; j < IN; j++) {
      const double size = fabs((double)w[r * COLS + (size_t)j]);
      if (size == 0) continue;
      places[j]++;
      moment += (j - (IN - 1) / 2.0) / spread * (size - sqrt(2 / 3.141592653589793));
    }
  const double share = 15.0 / IN;
  for (int j = 0; j < IN; j++)
    CHECK_NEAR(5.5 * sqrt(OUT * share * (1 - share)), OUT * share, places[j]);
  CHECK_NEAR(5.5 * sqrt((1 - 2 / 3.141592653589793) / n), 0, moment / n);
  free(w);
}

void test_glorot_weights(void) {
  kfix_real *w = initial(KFIX_INIT_GLOROT, KFIX_TANH, IN, 1);
  const double bound = sqrt(6.0 / (IN + OUT));
  for (size_t i = 0; i < OUT * COLS; i++) CHECK(fabs((double)w[i]) <= bound * (1 + KFIX_REAL_EPS));
  check_moments(w, IN, OUT * IN, bound / sqrt(3), 1.8);
  free(w);
}

void test_he_weights(void) {
  kfix_real *w = initial(KFIX_INIT_HE, KFIX_RELU, IN, 1);
  check_moments(w, IN, OUT * IN, sqrt(2.0 / IN), 3);
  free(w);
}

void test_seeds_and_rows_differ(void) {
  for (int init = 0; init <= KFIX_INIT_RESIDUAL; init++) {
    kfix_real *a = initial((kfix_init_kind)init, KFIX_TANH, IN, 1);
    kfix_real *b = initial((kfix_init_kind)init, KFIX_TANH, IN, 2);
    CHECK(memcmp(a, b, COLS * sizeof *a) != 0);
    for (size_t r = 1; r < 50; r++) CHECK(memcmp(a, a + r * COLS, IN * sizeof *a) != 0);
    free(a);
    free(b);
  }
}

/* Layers of one shape draw for themselves. */
void test_layers_differ(void) {
  ref_case c;
  kfix_real a[9 * 10], b[9 * 10];
  case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){9, 9, 9}, KFIX_TANH, KFIX_TANH, 1, 3);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, 1, a));
  CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE_AVERAGE, 2, b));
  CHECK(memcmp(a, b, sizeof a) != 0);
  CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, 2, a));
  CHECK_MEM(a, b, sizeof a);
  case_end(&c);
}
