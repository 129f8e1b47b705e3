/* SPDX-License-Identifier: Apache-2.0
 * Kronecker SVD in example space against the SVD of the explicit rearrangement. */
#include "check.h"
#include "kron_sample.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"
#include "reference_kron.h"

/* Singular values below this part of the largest may be taken for zero. */
static const double noise = sizeof(kfix_real) == 4 ? 3.5e-4 : 1.5e-8;
static const double tolerance = sizeof(kfix_real) == 4 ? 1e-4 : 1e-9;

/* Truncated SVDs of the first `count` of these ranks, found both ways, are those of the explicit
 * matrix. */
static void check_ranks(sample *s, int with_minus, size_t count) {
  static const size_t ranks[] = {1, 2, 3, 5, 8};
  static double whole[SAMPLE_Z_MAX], truncated[sizeof ranks / sizeof *ranks * SAMPLE_Z_MAX],
      found[SAMPLE_Z_MAX], sigma[SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX];
  const size_t m = s->a * s->a, n = s->g * s->g, least = m < n ? m : n;
  sample_z(s, 0, whole);
  const double norm = ref_length(m * n, whole);
  sample_z(s, with_minus, whole);
  ref_truncate(m, n, whole, count, ranks, truncated, sigma);
  for (size_t k = 0; k < count; k++) {
    const double *best = truncated + k * m * n;
    for (int order = 0; order < 2; order++) {
      kfix_kron_pairs pairs;
      CHECK_INT(KFIX_OK, sample_decompose(s, ranks[k], (kfix_kron_order)order, with_minus, &pairs));
      /* A restart keeps no more than the largest rank. */
      CHECK(pairs.converged || ranks[k] == KFIX_KRON_KEPT);
      sample_terms(s, ranks[k], found);
      /* A gap that is small leaves the vectors open, not how near they come. */
      double rest = 0;
      for (size_t i = ranks[k]; i < least; i++) rest += sigma[i] * sigma[i];
      CHECK_NEAR((tolerance + noise) * norm, sqrt(rest), ref_distance(m * n, whole, found));
      for (size_t i = 0; i < ranks[k]; i++) {
        const double expected = i < least ? sigma[i] : 0;
        const double slack = expected > 2 * noise * norm ? tolerance : 2 * noise;
        CHECK_NEAR(slack * norm, expected, pairs.sigma[i]);
      }
      if (ranks[k] < least && sigma[ranks[k]] < 0.9 * sigma[ranks[k] - 1])
        CHECK_NEAR(10 * tolerance * norm, 0, ref_distance(m * n, best, found));
      CHECK_NEAR(tolerance * norm * norm, pow(ref_length(m * n, whole), 2),
                 kfix_kron_norm2(&s->space));
    }
  }
}

static void check_sample(sample *s, int with_minus) {
  check_ranks(s, with_minus, 5);
}

static void check_kind(data_kind kind) {
  static const size_t shapes[][3] = {{5, 4, 3},  {40, 4, 3}, {1, 5, 7},    {64, 12, 12},
                                     {37, 1, 5}, {20, 6, 1}, {33, 12, 11}, {80, 2, 12},
                                     {7, 1, 1},  {2, 3, 3}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    sample s;
    sample_begin(&s, &kfix_port_simd, shapes[i][0], shapes[i][1], shapes[i][2], 0, kind, 11 + i);
    check_sample(&s, 0);
    sample_end(&s);
  }
}

void test_terms_are_those_of_the_explicit_svd(void) {
  check_kind(PLAIN);
}

void test_non_negative_examples(void) {
  check_kind(NON_NEGATIVE);
}

void test_examples_that_repeat(void) {
  check_kind(EQUAL_ROWS);
}

void test_heavy_tails(void) {
  check_kind(HEAVY);
}

void test_small_and_large_examples(void) {
  check_kind(TINY);
  check_kind(HUGE_ONES);
}

/* A running approximation of Kronecker rank 1 or 2, of whatever sign, beside the examples. */
void test_factors_beside_the_examples(void) {
  for (size_t more = 1; more <= SAMPLE_MORE; more++)
    for (size_t i = 0; i < 3; i++) {
      static const size_t shapes[][3] = {{9, 5, 4}, {40, 6, 7}, {1, 3, 8}};
      sample s;
      sample_begin(&s, &kfix_port_ref, shapes[i][0], shapes[i][1], shapes[i][2], more, PLAIN,
                   5 + i);
      check_sample(&s, 0);
      sample_end(&s);
    }
}

/* What is left when K-FAC's product of mean factors is taken away [KPSVD 2.3]. */
void test_what_kfac_leaves(void) {
  for (size_t i = 0; i < 4; i++) {
    static const size_t shapes[][3] = {{9, 5, 4}, {40, 6, 7}, {2, 3, 8}, {1, 4, 4}};
    sample s;
    sample_begin(&s, &kfix_port_simd, shapes[i][0], shapes[i][1], shapes[i][2], 0, NON_NEGATIVE,
                 5 + i);
    for (size_t t = 0; t < s.rows; t++) s.minus[t] = s.weights[t];
    check_sample(&s, 1);
    sample_end(&s);
  }
}

/* Groups of examples that have nothing in common but their inner products: the last half repeats the
 * first in coordinates of its own, or each example has one coordinate to itself. */
static void make_twins(const sample *s, int side) {
  const size_t n = side ? s->g : s->a, ld = KFIX_LD(n);
  kfix_real *x = side ? s->y : s->x;
  for (size_t t = 0; t < s->rows / 2; t++)
    for (size_t j = 0; j < n / 2; j++) {
      x[t * ld + n / 2 + j] = x[(t + s->rows / 2) * ld + j] = 0;
      x[(t + s->rows / 2) * ld + n / 2 + j] = x[t * ld + j];
    }
}

static void make_one_hot(const sample *s, int side) {
  const size_t n = side ? s->g : s->a, ld = KFIX_LD(n);
  kfix_real *x = side ? s->y : s->x;
  for (size_t t = 0; t < s->rows; t++)
    for (size_t j = 0; j < n; j++) x[t * ld + j] = j == t % n;
}

/* Of a largest singular value that is multiple the terms are the best of their rank all the same, and
 * the first has factors that are positive semi-definite. */
void test_a_leading_value_that_is_multiple(void) {
  for (int kind = 0; kind < 2; kind++)
    for (uint64_t seed = 1; seed < 6; seed++) {
      sample s;
      kfix_kron_pairs pairs;
      sample_begin(&s, &kfix_port_simd, 12, 6, 4, 0, PLAIN, seed);
      for (int side = 0; side < 2; side++) (kind ? make_one_hot : make_twins)(&s, side);
      check_ranks(&s, 0, kind ? 2 : 3);
      CHECK_INT(KFIX_OK, sample_decompose(&s, 1, KFIX_KRON_DEFLATE, 0, &pairs));
      for (size_t t = 0; t < s.rows; t++) CHECK(s.left[t] >= 0 && s.right[t] >= 0);
      sample_end(&s);
    }
}

static void all_zero(const sample *s, const kfix_kron_pairs *pairs) {
  for (size_t t = 0; t < s->rows; t++) CHECK(s->left[t] == 0 && s->right[t] == 0);
  CHECK_NEAR(0, 0, pairs->sigma[0]);
}

void test_dead_layers_have_no_terms(void) {
  for (int side = 0; side < 3; side++)
    for (int order = 0; order < 2; order++) {
      sample s;
      kfix_kron_pairs pairs;
      sample_begin(&s, &kfix_port_simd, 20, 5, 6, 0, PLAIN, 3);
      if (side != 1) memset(s.x, 0, 20 * KFIX_LD(5) * sizeof *s.x);
      if (side != 0) memset(s.y, 0, 20 * KFIX_LD(6) * sizeof *s.y);
      CHECK_INT(KFIX_OK, sample_decompose(&s, 2, (kfix_kron_order)order, 0, &pairs));
      CHECK(pairs.converged);
      all_zero(&s, &pairs);
      CHECK_NEAR(0, 0, kfix_kron_norm2(&s.space));
      sample_end(&s);
    }
}

/* The leading factors are positive semi-definite, by their coefficients [KPSVD Prop. 2.2]. */
void test_leading_factors_are_semi_definite(void) {
  for (int kind = PLAIN; kind <= HEAVY; kind++) {
    sample s;
    kfix_kron_pairs pairs;
    double m[SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX];
    sample_begin(&s, &kfix_port_simd, 50, 9, 7, 0, (data_kind)kind, 3);
    CHECK_INT(KFIX_OK, sample_decompose(&s, 2, KFIX_KRON_TOGETHER, 0, &pairs));
    for (size_t t = 0; t < s.rows; t++) CHECK(s.left[t] >= 0 && s.right[t] >= 0);
    for (int side = 0; side < 2; side++) {
      const size_t n = side ? s.g : s.a;
      sample_matrix(&s, side, side ? s.right : s.left, m);
      CHECK(ref_smallest_eigenvalue(n, m) > -64 * KFIX_REAL_EPS * ref_length(n * n, m));
      CHECK_NEAR(16 * (tolerance + noise) * sqrt(pairs.sigma[0]), sqrt(pairs.sigma[0]),
                 ref_length(n * n, m));
    }
    sample_end(&s);
  }
}

void test_data_that_is_not_finite_is_refused(void) {
  sample s;
  kfix_kron_pairs pairs;
  sample_begin(&s, &kfix_port_simd, 20, 5, 6, 0, PLAIN, 3);
  s.y[3 * KFIX_LD(6) + 2] = NAN;
  CHECK_INT(KFIX_STATISTICS_NONFINITE, sample_decompose(&s, 2, KFIX_KRON_TOGETHER, 0, &pairs));
  s.y[3 * KFIX_LD(6) + 2] = 0;
  CHECK_INT(KFIX_OK, sample_decompose(&s, 2, KFIX_KRON_TOGETHER, 0, &pairs));
  s.gram_x[7] = NAN;
  CHECK_INT(KFIX_STATISTICS_NONFINITE, kfix_kron_svd(&s.device, &s.space, 1, KFIX_KRON_DEFLATE,
                                                     s.left, s.right, &pairs, s.scratch));
  sample_end(&s);
}

void test_ports_agree_to_the_bit(void) {
  for (int order = 0; order < 2; order++) {
    sample s, t;
    kfix_kron_pairs a, b;
    sample_begin(&s, &kfix_port_ref, 80, 12, 11, 2, HEAVY, 3);
    sample_begin(&t, &kfix_port_simd, 80, 12, 11, 2, HEAVY, 3);
    CHECK_INT(KFIX_OK, sample_decompose(&s, 3, (kfix_kron_order)order, 0, &a));
    CHECK_INT(KFIX_OK, sample_decompose(&t, 3, (kfix_kron_order)order, 0, &b));
    CHECK_MEM(a.sigma, b.sigma, sizeof a.sigma);
    CHECK_MEM(s.left, t.left, 3 * s.ld * sizeof *s.left);
    CHECK_MEM(s.right, t.right, 3 * s.ld * sizeof *s.right);
    sample_end(&s);
    sample_end(&t);
  }
}
