/* SPDX-License-Identifier: Apache-2.0
 * Kronecker SVD in example space against the SVD of the explicit rearrangement. */
#include <stdlib.h>

#include "check.h"
#include "dense/kron_svd.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"
#include "reference_case.h"
#include "reference_kron.h"

enum { ROWS_MAX = 80, SIDE_MAX = 12, Z_MAX = SIDE_MAX * SIDE_MAX * SIDE_MAX * SIDE_MAX, MORE = 2 };

typedef enum data_kind { PLAIN, EQUAL_ROWS, HEAVY, NON_NEGATIVE, TINY, HUGE_ONES } data_kind;

/* Examples of one layer and all that a decomposition needs, in memory of its own. */
typedef struct sample {
  const kfix_port *port;
  size_t rows, a, g, more, ld;
  kfix_real *x, *y, *gram_x, *gram_y, *norm_x, *norm_y, *weights, *minus, *left, *right, *scratch;
  kfix_real *factor[2][MORE]; /* packed */
  kfix_kron_space space;
  void *port_scratch;
  kfix_device device;
} sample;

static double draw(data_kind kind, uint64_t *state) {
  const double z = case_normal(state);
  return kind == NON_NEGATIVE ? fabs(z) : z;
}

static kfix_real *rows_of(size_t rows, size_t cols, data_kind kind, uint64_t *state) {
  const size_t ld = KFIX_LD(cols);
  kfix_real *x = calloc(rows * ld + 1, sizeof *x);
  for (size_t t = 0; t < rows; t++) {
    double size = kind == TINY ? 1e-11 : kind == HUGE_ONES ? 1e9 : 1;
    if (kind == HEAVY) size = exp(3 * case_normal(state));
    for (size_t j = 0; j < cols; j++)
      x[t * ld + j] = (kfix_real)(kind == EQUAL_ROWS && t >= 3 ? (double)x[(t % 3) * ld + j]
                                                               : size * draw(kind, state));
  }
  return x;
}

static kfix_device device_of(const kfix_port *port, void **scratch) {
  const size_t bytes = port->scratch_bytes(1 << 16, 512, 1);
  *scratch = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN));
  return (kfix_device){port, NULL, *scratch, bytes, 1, NULL};
}

static kfix_real *reals(size_t count) {
  const size_t bytes = KFIX_ROUND_UP(count * sizeof(kfix_real) + 1, (size_t)KFIX_ALIGN);
  kfix_real *x = aligned_alloc(KFIX_ALIGN, bytes);
  memset(x, 0xff, bytes);
  return x;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

/* Weights 1 / rows. */
static void begin(sample *s, const kfix_port *port, size_t rows, size_t a, size_t g, size_t more,
                  data_kind kind, uint64_t seed) {
  memset(s, 0, sizeof *s);
  s->port = port;
  s->device = device_of(port, &s->port_scratch);
  s->rows = rows;
  s->a = a;
  s->g = g;
  s->more = more;
  s->ld = KFIX_LD(rows + more);
  s->x = rows_of(rows, a, kind, &seed);
  s->y = rows_of(rows, g, kind, &seed);
  s->gram_x = reals((rows + more) * s->ld);
  s->gram_y = reals((rows + more) * s->ld);
  s->left = reals(KFIX_KRON_RANK_MAX * s->ld);
  s->right = reals(KFIX_KRON_RANK_MAX * s->ld);
  s->weights = reals(s->ld);
  s->minus = reals(s->ld);
  s->norm_x = reals(s->ld);
  s->norm_y = reals(s->ld);
  const size_t side = larger(a, g);
  s->scratch =
      reals(larger(larger(KFIX_KRON_GRAM_MORE(rows, side), KFIX_KRON_SUM_REALS(rows, side)),
                   KFIX_KRON_SVD_REALS(rows + more)));
  for (size_t t = 0; t < rows; t++) s->weights[t] = (kfix_real)(1 / (double)rows);
  for (size_t side_of = 0; side_of < 2; side_of++)
    for (size_t e = 0; e < MORE; e++) {
      const size_t count = KFIX_TRIANGLE(side_of ? g : a);
      s->factor[side_of][e] = reals(count);
      for (size_t i = 0; i < count; i++) s->factor[side_of][e][i] = (kfix_real)case_normal(&seed);
    }
  for (size_t e = 0; e < more; e++) s->weights[rows + e] = (kfix_real)(e ? 0.5 : 0.75);
}

static void end(sample *s) {
  void *const all[] = {s->x,
                       s->y,
                       s->gram_x,
                       s->gram_y,
                       s->weights,
                       s->minus,
                       s->left,
                       s->right,
                       s->scratch,
                       s->factor[0][0],
                       s->factor[0][1],
                       s->factor[1][0],
                       s->factor[1][1],
                       s->port_scratch};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static kfix_status decompose(sample *s, size_t rank, kfix_kron_order order, int with_minus,
                             kfix_kron_pairs *pairs) {
  const kfix_real *const fx[] = {s->factor[0][0], s->factor[0][1]};
  const kfix_real *const fy[] = {s->factor[1][0], s->factor[1][1]};
  KFIX_TRY(kfix_kron_gram(&s->device, s->rows, s->a, s->x, KFIX_LD(s->a), s->more, fx, s->gram_x,
                          s->ld, s->norm_x, s->scratch));
  KFIX_TRY(kfix_kron_gram(&s->device, s->rows, s->g, s->y, KFIX_LD(s->g), s->more, fy, s->gram_y,
                          s->ld, s->norm_y, s->scratch));
  s->space = (kfix_kron_space){s->rows + s->more,
                               s->ld,
                               s->gram_x,
                               s->gram_y,
                               s->norm_x,
                               s->norm_y,
                               s->weights,
                               with_minus ? s->minus : NULL,
                               s->more == 0 && !with_minus};
  return kfix_kron_svd(&s->device, &s->space, rank, order, s->left, s->right, pairs, s->scratch);
}

static void full(size_t n, const kfix_real *packed, double *out) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      out[i * n + j] = out[j * n + i] = (double)packed[KFIX_TRIANGLE(i) + j];
}

/* The matrix that these coefficients stand for. */
static void matrix_of(sample *s, int side, const kfix_real *c, double *out) {
  const size_t n = side ? s->g : s->a;
  kfix_real packed[KFIX_TRIANGLE(SIDE_MAX)] = {0};
  const kfix_real *x = side ? s->y : s->x;
  CHECK_INT(KFIX_OK, kfix_kron_sum(&s->device, s->rows, n, c, x, KFIX_LD(n), packed, s->scratch));
  for (size_t e = 0; e < s->more; e++)
    for (size_t i = 0; i < KFIX_TRIANGLE(n); i++)
      packed[i] += c[s->rows + e] * s->factor[side][e][i];
  full(n, packed, out);
}

static double *doubles(size_t rows, size_t cols, const kfix_real *x) {
  double *out = malloc((rows * cols + 1) * sizeof *out);
  for (size_t i = 0; i < rows * cols; i++) out[i] = (double)x[i / cols * KFIX_LD(cols) + i % cols];
  return out;
}

/* Z, or, with minus, Z less the Kronecker product of the mean factors (K-FAC's). */
static void explicit_z(sample *s, int with_minus, double *z) {
  double *x = doubles(s->rows, s->a, s->x), *y = doubles(s->rows, s->g, s->y);
  double l[SIDE_MAX * SIDE_MAX], r[SIDE_MAX * SIDE_MAX];
  memset(z, 0, Z_MAX * sizeof *z);
  ref_kron_add_rows(s->rows, s->a, s->g, 1 / (double)s->rows, x, y, z);
  for (size_t e = 0; e < s->more; e++) {
    full(s->a, s->factor[0][e], l);
    full(s->g, s->factor[1][e], r);
    ref_kron_add(s->a, s->g, (double)s->weights[s->rows + e], l, r, z);
  }
  if (with_minus) {
    matrix_of(s, 0, s->minus, l);
    matrix_of(s, 1, s->minus, r);
    ref_kron_add(s->a, s->g, -1, l, r, z);
  }
  free(x);
  free(y);
}

/* What the library's terms add up to. */
static void sum_of_terms(sample *s, size_t rank, double *z) {
  double l[SIDE_MAX * SIDE_MAX], r[SIDE_MAX * SIDE_MAX];
  memset(z, 0, Z_MAX * sizeof *z);
  for (size_t i = 0; i < rank; i++) {
    matrix_of(s, 0, s->left + i * s->ld, l);
    matrix_of(s, 1, s->right + i * s->ld, r);
    ref_kron_add(s->a, s->g, 1, l, r, z);
  }
}

/* Singular values below this part of the largest may be taken for zero. */
static const double noise = sizeof(kfix_real) == 4 ? 3.5e-4 : 1.5e-8;
static const double tolerance = sizeof(kfix_real) == 4 ? 1e-4 : 1e-9;

/* Truncated SVDs of these ranks, found both ways, are those of the explicit matrix. */
static void check_sample(sample *s, int with_minus) {
  static double whole[Z_MAX], best[Z_MAX], found[Z_MAX], sigma[SIDE_MAX * SIDE_MAX];
  static const size_t ranks[] = {1, 2, 3, 5, 8};
  const size_t m = s->a * s->a, n = s->g * s->g, least = m < n ? m : n;
  explicit_z(s, 0, whole);
  const double norm = ref_norm(m * n, whole);
  explicit_z(s, with_minus, whole);
  for (size_t k = 0; k < sizeof ranks / sizeof *ranks; k++)
    for (int order = 0; order < 2; order++) {
      kfix_kron_pairs pairs;
      CHECK_INT(KFIX_OK, decompose(s, ranks[k], (kfix_kron_order)order, with_minus, &pairs));
      /* A restart keeps no more than the largest rank. */
      CHECK(pairs.converged || ranks[k] == KFIX_KRON_KEPT);
      memcpy(best, whole, sizeof best);
      ref_truncate(m, n, ranks[k], best, sigma);
      sum_of_terms(s, ranks[k], found);
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
      CHECK_NEAR(tolerance * norm * norm, pow(ref_norm(m * n, whole), 2),
                 kfix_kron_norm2(&s->space));
    }
}

static void check_kind(data_kind kind) {
  static const size_t shapes[][3] = {{5, 4, 3},  {40, 4, 3}, {1, 5, 7},    {64, 12, 12},
                                     {37, 1, 5}, {20, 6, 1}, {33, 12, 11}, {80, 2, 12},
                                     {7, 1, 1},  {2, 3, 3}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    sample s;
    begin(&s, &kfix_port_simd, shapes[i][0], shapes[i][1], shapes[i][2], 0, kind, 11 + i);
    check_sample(&s, 0);
    end(&s);
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
  for (size_t more = 1; more <= MORE; more++)
    for (size_t i = 0; i < 3; i++) {
      static const size_t shapes[][3] = {{9, 5, 4}, {40, 6, 7}, {1, 3, 8}};
      sample s;
      begin(&s, &kfix_port_ref, shapes[i][0], shapes[i][1], shapes[i][2], more, PLAIN, 5 + i);
      check_sample(&s, 0);
      end(&s);
    }
}

/* What is left when K-FAC's product of mean factors is taken away [KPSVD 2.3]. */
void test_what_kfac_leaves(void) {
  for (size_t i = 0; i < 4; i++) {
    static const size_t shapes[][3] = {{9, 5, 4}, {40, 6, 7}, {2, 3, 8}, {1, 4, 4}};
    sample s;
    begin(&s, &kfix_port_simd, shapes[i][0], shapes[i][1], shapes[i][2], 0, NON_NEGATIVE, 5 + i);
    for (size_t t = 0; t < s.rows; t++) s.minus[t] = s.weights[t];
    check_sample(&s, 1);
    end(&s);
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
      begin(&s, &kfix_port_simd, 20, 5, 6, 0, PLAIN, 3);
      if (side != 1) memset(s.x, 0, 20 * KFIX_LD(5) * sizeof *s.x);
      if (side != 0) memset(s.y, 0, 20 * KFIX_LD(6) * sizeof *s.y);
      CHECK_INT(KFIX_OK, decompose(&s, 2, (kfix_kron_order)order, 0, &pairs));
      CHECK(pairs.converged);
      all_zero(&s, &pairs);
      CHECK_NEAR(0, 0, kfix_kron_norm2(&s.space));
      end(&s);
    }
}

/* The leading factors are positive semi-definite, by their coefficients [KPSVD Prop. 2.2]. */
void test_leading_factors_are_semi_definite(void) {
  for (int kind = PLAIN; kind <= HEAVY; kind++) {
    sample s;
    kfix_kron_pairs pairs;
    double m[SIDE_MAX * SIDE_MAX];
    begin(&s, &kfix_port_simd, 50, 9, 7, 0, (data_kind)kind, 3);
    CHECK_INT(KFIX_OK, decompose(&s, 2, KFIX_KRON_TOGETHER, 0, &pairs));
    for (size_t t = 0; t < s.rows; t++) CHECK(s.left[t] >= 0 && s.right[t] >= 0);
    for (int side = 0; side < 2; side++) {
      const size_t n = side ? s.g : s.a;
      matrix_of(&s, side, side ? s.right : s.left, m);
      CHECK(ref_smallest_eigenvalue(n, m) > -64 * KFIX_REAL_EPS * ref_norm(n * n, m));
      CHECK_NEAR(16 * (tolerance + noise) * sqrt(pairs.sigma[0]), sqrt(pairs.sigma[0]),
                 ref_norm(n * n, m));
    }
    end(&s);
  }
}

void test_data_that_is_not_finite_is_refused(void) {
  sample s;
  kfix_kron_pairs pairs;
  begin(&s, &kfix_port_simd, 20, 5, 6, 0, PLAIN, 3);
  s.y[3 * KFIX_LD(6) + 2] = NAN;
  CHECK_INT(KFIX_STATISTICS_NONFINITE, decompose(&s, 2, KFIX_KRON_TOGETHER, 0, &pairs));
  s.y[3 * KFIX_LD(6) + 2] = 0;
  CHECK_INT(KFIX_OK, decompose(&s, 2, KFIX_KRON_TOGETHER, 0, &pairs));
  s.gram_x[7] = NAN;
  CHECK_INT(KFIX_STATISTICS_NONFINITE, kfix_kron_svd(&s.device, &s.space, 1, KFIX_KRON_DEFLATE,
                                                     s.left, s.right, &pairs, s.scratch));
  end(&s);
}

void test_ports_agree_to_the_bit(void) {
  for (int order = 0; order < 2; order++) {
    sample s, t;
    kfix_kron_pairs a, b;
    begin(&s, &kfix_port_ref, 80, 12, 11, 2, HEAVY, 3);
    begin(&t, &kfix_port_simd, 80, 12, 11, 2, HEAVY, 3);
    CHECK_INT(KFIX_OK, decompose(&s, 3, (kfix_kron_order)order, 0, &a));
    CHECK_INT(KFIX_OK, decompose(&t, 3, (kfix_kron_order)order, 0, &b));
    CHECK_MEM(a.sigma, b.sigma, sizeof a.sigma);
    CHECK_MEM(s.left, t.left, 3 * s.ld * sizeof *s.left);
    CHECK_MEM(s.right, t.right, 3 * s.ld * sizeof *s.right);
    end(&s);
    end(&t);
  }
}
