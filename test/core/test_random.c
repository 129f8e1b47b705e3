/* SPDX-License-Identifier: Apache-2.0
 * Numbers, permutations and subsets: recorded values, moments, and what makes them what they are.
 * Statistical bounds are 6 standard deviations; the streams are fixed, so they pass or fail for
 * good. */
#include "check.h"
#include "core/digest.h"
#include "core/random.h"

#define COUNT 100000

static const kfix_draw_key key = {UINT64_C(0x5eed5eed12345678), KFIX_DRAW_TEST, 3, 2};
static kfix_real numbers[COUNT];
static uint32_t integers[COUNT];

void test_uniforms_are_midpoints_of_equal_cells(void) {
#ifdef KFIX_REAL_DOUBLE
  CHECK(kfix_uniform(0) == ldexp(1, -33));
  CHECK(kfix_uniform(0xffffffff) == 1 - ldexp(1, -33));
  CHECK(kfix_uniform(0x80000000) == 0.5 + ldexp(1, -33));
#else
  CHECK(kfix_uniform(0) == ldexpf(1, -24));
  CHECK(kfix_uniform(0xffffffff) == 1 - ldexpf(1, -24));
  CHECK(kfix_uniform(0x80000000) == 0.5f + ldexpf(1, -24));
#endif
}

/* Mean of f over the numbers, which have this mean and variance if all is well. */
static void check_mean(double expected, double variance, double (*f)(double)) {
  double sum = 0;
  for (size_t i = 0; i < COUNT; i++) sum += f((double)numbers[i]);
  CHECK_NEAR(6 * sqrt(variance / COUNT), expected, sum / COUNT);
}

static double itself(double x) {
  return x;
}

static double square(double x) {
  return x * x;
}

static double fourth(double x) {
  return x * x * x * x;
}

static double below_half(double x) {
  return x < 0.5;
}

void test_moments_of_the_uniform_fill(void) {
  kfix_fill_uniform(&key, 1, COUNT, (kfix_real)1, numbers);
  for (size_t i = 0; i < COUNT; i++) CHECK(numbers[i] > -1 && numbers[i] < 1);
  check_mean(0, 1.0 / 3, itself);
  check_mean(1.0 / 3, 4.0 / 45, square);
  check_mean(0.75, 3.0 / 16, below_half);
}

void test_moments_of_the_normal_fill(void) {
  kfix_fill_normal(&key, 1, COUNT, (kfix_real)1, numbers);
  check_mean(0, 1, itself);
  check_mean(1, 2, square);
  check_mean(3, 96, fourth);
  check_mean(0.69146246127401312, 0.2134, below_half); /* Phi(1/2) */
}

/* Correlation of neighbours, and of the same place in two rows. */
void test_normals_are_not_correlated(void) {
  double next = 0, other = 0;
  kfix_real row[1000], last[1000];
  kfix_fill_normal(&key, 0, 1000, (kfix_real)1, last);
  for (uint32_t r = 1; r <= 100; r++) {
    kfix_fill_normal(&key, r, 1000, (kfix_real)1, row);
    for (size_t i = 0; i < 1000; i++) {
      if (i > 0) next += (double)row[i] * (double)row[i - 1];
      other += (double)row[i] * (double)last[i];
    }
    memcpy(last, row, sizeof row);
  }
  CHECK_NEAR(6 * sqrt(COUNT), 0, next);
  CHECK_NEAR(6 * sqrt(COUNT), 0, other);
}

/* Against the C library in double. |x| <= 5.8, whose error is a few eps of it, plus that of u1. */
void test_normals_are_those_of_box_and_muller(void) {
  for (uint32_t i = 0; i < 10000; i++) {
    uint32_t w[4];
    kfix_draw(&key, i, 9, w);
    const double radius = sqrt(-2 * log((double)kfix_uniform(w[0])));
    const double expected = radius * cos(6.283185307179586477 * (double)kfix_uniform(w[1]));
    CHECK_NEAR(8 * KFIX_REAL_EPS * radius, expected, kfix_normal(w[0], w[1]));
  }
}

void test_extreme_words_give_finite_normals(void) {
  const uint32_t words[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
  for (int i = 0; i < 25; i++) CHECK(fabs((double)kfix_normal(words[i / 5], words[i % 5])) < 6.9);
}

void test_fills_use_the_documented_words(void) {
  kfix_real u[7], z[7];
  kfix_fill_uniform(&key, 5, 7, (kfix_real)0.5, u);
  kfix_fill_normal(&key, 5, 7, (kfix_real)2, z);
  for (uint32_t j = 0; j < 7; j++) {
    uint32_t w[4];
    kfix_draw(&key, j / 4, 5, w);
    CHECK(u[j] == kfix_uniform(w[j % 4]) - (kfix_real)0.5);
    kfix_draw(&key, j / 2, 5, w);
    CHECK(z[j] == 2 * kfix_normal(w[2 * (j % 2)], w[2 * (j % 2) + 1]));
  }
}

/* n W / 2^64 of W = w0 2^32 + w1, for n where the answer is seen at once. */
void test_below_is_the_high_part_of_a_product(void) {
  for (uint32_t i = 0; i < 1000; i++) {
    uint32_t w[4];
    kfix_draw(&key, i, 4, w);
    const uint64_t whole = (uint64_t)w[0] << 32 | w[1];
    CHECK_U64(0, kfix_below(&key, i, 4, 1));
    CHECK_U64(w[0] >> 31, kfix_below(&key, i, 4, 2));
    CHECK_U64(w[0] >> 1, kfix_below(&key, i, 4, UINT32_C(1) << 31));
    CHECK_U64(((uint64_t)w[1] << 32) >= whole ? w[0] : w[0] - 1,
              kfix_below(&key, i, 4, 0xffffffff));
  }
}

void test_below_is_uniform(void) {
  const uint32_t n = 7;
  int counts[7] = {0};
  for (uint32_t i = 0; i < COUNT; i++) counts[kfix_below(&key, i, 0, n)]++;
  for (uint32_t j = 0; j < n; j++) CHECK_NEAR(6 * sqrt(COUNT * 6.0 / 49), COUNT / 7.0, counts[j]);
}

void test_a_permutation_has_each_number_once(void) {
  const uint32_t sizes[] = {0, 1, 2, 3, 64, 1009, COUNT};
  static unsigned char seen[COUNT];
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    memset(seen, 0, sizeof seen);
    kfix_permutation(&key, sizes[s], integers);
    for (uint32_t i = 0; i < sizes[s]; i++) {
      CHECK(integers[i] < sizes[s] && !seen[integers[i]]);
      seen[integers[i]] = 1;
    }
  }
}

void test_each_permutation_is_equally_likely(void) {
  int counts[27] = {0};
  kfix_draw_key k = key;
  for (k.step = 0; k.step < 60000; k.step++) {
    uint32_t p[3];
    kfix_permutation(&k, 3, p);
    counts[9 * p[0] + 3 * p[1] + p[2]]++;
  }
  const int places[] = {5, 7, 11, 15, 19, 21};
  for (int i = 0; i < 6; i++) CHECK_NEAR(6 * sqrt(60000 * 5.0 / 36), 10000, counts[places[i]]);
}

void test_chosen_numbers_are_distinct(void) {
  for (uint32_t row = 0; row < 200; row++) {
    const uint32_t n = 1 + row % 40, k = row % (n + 1);
    uint64_t seen = 0;
    kfix_choose(&key, row, n, k, integers);
    for (uint32_t i = 0; i < k; i++) {
      CHECK(integers[i] < n && !(seen >> integers[i] & 1));
      seen |= UINT64_C(1) << integers[i];
    }
  }
}

void test_each_number_and_pair_is_chosen_equally_often(void) {
  const uint32_t rows = 50000;
  int single[7] = {0}, pair[7][7] = {{0}};
  for (uint32_t row = 0; row < rows; row++) {
    uint32_t c[3];
    kfix_choose(&key, row, 7, 3, c);
    for (int i = 0; i < 3; i++) {
      single[c[i]]++;
      for (int j = 0; j < 3; j++) pair[c[i]][c[j]]++;
    }
  }
  for (int i = 0; i < 7; i++) {
    CHECK_NEAR(6 * sqrt(rows * 12.0 / 49), rows * 3.0 / 7, single[i]);
    for (int j = 0; j < i; j++) CHECK_NEAR(6 * sqrt(rows * 6.0 / 49), rows / 7.0, pair[i][j]);
  }
}

static void add_to_digest(kfix_digest_state *s, uint64_t word) {
  unsigned char bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(word >> 8 * i);
  kfix_digest_add(s, bytes, sizeof bytes);
}

void test_the_integers_are_the_recorded_ones(void) {
  kfix_digest_state s;
  kfix_digest_begin(&s, 0);
  kfix_permutation(&key, 1000, integers);
  for (int i = 0; i < 1000; i++) add_to_digest(&s, integers[i]);
  kfix_choose(&key, 8, 1000, 100, integers);
  for (int i = 0; i < 100; i++) add_to_digest(&s, integers[i]);
  CHECK_U64(UINT64_C(0x590edf1b1565d206), kfix_digest_end(&s));
}

void test_the_real_numbers_are_the_recorded_ones(void) {
  kfix_digest_state s;
  kfix_digest_begin(&s, 0);
  kfix_fill_uniform(&key, 0, 1000, (kfix_real)0.1, numbers);
  for (int i = 0; i < 1000; i++) add_to_digest(&s, kfix_bits_f64((double)numbers[i]));
  kfix_fill_normal(&key, 0, 1000, (kfix_real)0.1, numbers);
  for (int i = 0; i < 1000; i++) add_to_digest(&s, kfix_bits_f64((double)numbers[i]));
  CHECK_U64(sizeof(kfix_real) == 4 ? UINT64_C(0x8a531205021d76c3) : UINT64_C(0xf6ef6d184d990447),
            kfix_digest_end(&s));
}
