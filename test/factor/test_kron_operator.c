/* SPDX-License-Identifier: Apache-2.0
 * The papers' iterations in parameter space against the SVD of the explicit rearrangement and against
 * the decomposition in example space: three ways to one answer. */
#include <stdlib.h>

#include "check.h"
#include "factor/kron_bidiagonal.h"
#include "kron_sample.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"
#include "reference_kron.h"

/* Singular values below this part of the largest may be taken for zero. */
static const double noise = sizeof(kfix_real) == 4 ? 3.5e-4 : 1.5e-8;
static const double tolerance = sizeof(kfix_real) == 4 ? 1e-4 : 1e-9;

enum {
  TERM = KFIX_KRON_TERM(SAMPLE_SIDE_MAX),
  RANK = 3,
  SQUARE = SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX
};

typedef kfix_status search(const kfix_device *d, const kfix_kron_operator *z, size_t rank,
                           kfix_real *left, kfix_real *right, kfix_kron_pairs *pairs,
                           kfix_real *scratch);
static search *const searches[] = {kfix_kron_power, kfix_kron_bidiagonal};

static kfix_real left[RANK * TERM], right[RANK * TERM], minus[2][TERM];
static double whole[SAMPLE_Z_MAX], truncated[RANK * SAMPLE_Z_MAX], found[SAMPLE_Z_MAX],
    spaced[SAMPLE_Z_MAX], sigma[SQUARE];

/* with_minus: less K-FAC's product, whose factors are the sums over the examples. */
static kfix_kron_operator operator_of(sample *s, int with_minus) {
  kfix_kron_operator z = {.rows = s->rows,
                          .weight = 1 / (double)s->rows,
                          .n = {s->a, s->g},
                          .at = {s->x, s->y},
                          .ld = {KFIX_LD(s->a), KFIX_LD(s->g)},
                          .known = s->more};
  for (size_t e = 0; e < s->more; e++) {
    z.known_weight[e] = (double)s->weights[s->rows + e];
    for (int side = 0; side < 2; side++) z.factor[side][e] = s->factor[side][e];
  }
  for (int side = 0; with_minus && side < 2; side++) {
    memset(minus[side], 0, sizeof minus[side]);
    CHECK_INT(KFIX_OK, kfix_kron_sum(&s->device, s->rows, z.n[side], s->minus, z.at[side],
                                     z.ld[side], minus[side], s->scratch));
    z.factor[side][z.known] = minus[side];
  }
  if (with_minus) z.known_weight[z.known++] = -1;
  return z;
}

static kfix_status run(search *by, sample *s, const kfix_kron_operator *z, size_t rank,
                       kfix_kron_pairs *pairs) {
  const size_t power = KFIX_KRON_POWER_REALS(s->rows, s->a, s->g);
  const size_t count = KFIX_KRON_BIDIAGONAL_REALS(s->rows, s->a, s->g);
  kfix_real *scratch = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(count * sizeof *scratch + 1, 64u));
  CHECK(power <= count);
  memset(scratch, 0xff, count * sizeof *scratch);
  memset(left, 0xff, sizeof left);
  memset(right, 0xff, sizeof right);
  const kfix_status status = by(&s->device, z, rank, left, right, pairs, scratch);
  free(scratch);
  return status;
}

static void full(size_t n, const kfix_real *packed, double *out) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      out[i * n + j] = out[j * n + i] = (double)packed[KFIX_TRIANGLE(i) + j];
}

static void sum_terms(const sample *s, size_t rank, double *z) {
  double l[SQUARE], r[SQUARE];
  memset(z, 0, SAMPLE_Z_MAX * sizeof *z);
  for (size_t i = 0; i < rank; i++) {
    full(s->a, left + i * KFIX_KRON_TERM(s->a), l);
    full(s->g, right + i * KFIX_KRON_TERM(s->g), r);
    ref_kron_add(s->a, s->g, 1, l, r, z);
  }
}

/* As near to Z as the truncated SVD comes; and where a gap says which terms those are, the same. */
static void check_terms(sample *s, search *by, int with_minus, size_t rank, double norm) {
  const size_t m = s->a * s->a, n = s->g * s->g, least = m < n ? m : n;
  const kfix_kron_operator z = operator_of(s, with_minus);
  const double *best = truncated + (rank - 1) * m * n;
  kfix_kron_pairs pairs;
  double rest = 0;
  CHECK_INT(KFIX_OK, run(by, s, &z, rank, &pairs));
  sum_terms(s, rank, found);
  for (size_t i = rank; i < least; i++) rest += sigma[i] * sigma[i];
  CHECK_NEAR((tolerance + noise) * norm, sqrt(rest), ref_distance(m * n, whole, found));
  const int gap = rank < least && sigma[rank] < 0.9 * sigma[rank - 1];
  if (!gap) return;
  CHECK(pairs.converged);
  CHECK_NEAR(10 * tolerance * norm, 0, ref_distance(m * n, best, found));
  CHECK_NEAR(10 * tolerance * norm, 0, ref_distance(m * n, spaced, found));
  for (size_t i = 0; i < rank; i++)
    CHECK_NEAR((sigma[i] > 2 * noise * norm ? tolerance : 2 * noise) * norm, sigma[i],
               pairs.sigma[i]);
}

static void check_sample(sample *s, int with_minus) {
  const size_t m = s->a * s->a, n = s->g * s->g;
  sample_z(s, 0, whole);
  const double norm = ref_length(m * n, whole);
  sample_z(s, with_minus, whole);
  size_t ranks[RANK];
  for (size_t i = 0; i < RANK; i++) ranks[i] = i + 1;
  ref_truncate(m, n, whole, RANK, ranks, truncated, sigma);
  for (size_t rank = 1; rank <= RANK; rank++) {
    kfix_kron_pairs pairs;
    CHECK_INT(KFIX_OK, sample_decompose(s, rank, KFIX_KRON_TOGETHER, with_minus, &pairs));
    sample_terms(s, rank, spaced);
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++)
      check_terms(s, searches[i], with_minus, rank, norm);
  }
}

/* Fewer and more examples than either side has units, and than it has pairs of them; ones. */
static const size_t shapes[][3] = {{5, 4, 3},  {40, 4, 3}, {1, 5, 7}, {90, 9, 8}, {37, 1, 5},
                                   {20, 6, 1}, {80, 2, 9}, {7, 1, 1}, {2, 3, 3},  {512, 5, 6}};

static void check_kind(data_kind kind) {
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    sample s;
    sample_begin(&s, &kfix_port_simd, shapes[i][0], shapes[i][1], shapes[i][2], 0, kind, 11 + i);
    check_sample(&s, 0);
    sample_end(&s);
  }
}

void test_random_examples(void) {
  check_kind(PLAIN);
  check_kind(NON_NEGATIVE);
}

void test_heavy_tails(void) {
  check_kind(HEAVY);
}

void test_rank_deficient_blocks(void) {
  check_kind(EQUAL_ROWS);
}

void test_small_and_large_examples(void) {
  check_kind(TINY);
  check_kind(HUGE_ONES);
}

void test_known_terms_beside_the_examples(void) {
  for (size_t more = 1; more <= SAMPLE_MORE; more++)
    for (size_t i = 0; i < 4; i++) {
      sample s;
      sample_begin(&s, &kfix_port_ref, shapes[i][0], shapes[i][1], shapes[i][2], more, PLAIN,
                   5 + i);
      check_sample(&s, 0);
      sample_end(&s);
    }
}

void test_what_kfac_leaves(void) {
  for (size_t i = 0; i < 5; i++) {
    sample s;
    sample_begin(&s, &kfix_port_simd, shapes[i][0], shapes[i][1], shapes[i][2], 0, NON_NEGATIVE,
                 5 + i);
    for (size_t t = 0; t < s.rows; t++) s.minus[t] = s.weights[t];
    check_sample(&s, 1);
    sample_end(&s);
  }
}

/* R_0 and S_0 are positive semi-definite [KPSVD Prop. 2.2]. */
void test_leading_factors_are_semi_definite(void) {
  for (int kind = PLAIN; kind <= NON_NEGATIVE; kind++)
    for (size_t k = 0; k < 2; k++) {
      sample s;
      kfix_kron_pairs pairs;
      double m[SQUARE];
      sample_begin(&s, &kfix_port_simd, 50, 9, 7, 0, (data_kind)kind, 3);
      const kfix_kron_operator z = operator_of(&s, 0);
      CHECK_INT(KFIX_OK, run(searches[k], &s, &z, 2, &pairs));
      for (int side = 0; side < 2; side++) {
        const size_t n = z.n[side];
        full(n, side ? right : left, m);
        CHECK(ref_smallest_eigenvalue(n, m) > -64 * KFIX_REAL_EPS * ref_length(n * n, m));
        CHECK_NEAR(16 * tolerance * sqrt(pairs.sigma[0]), sqrt(pairs.sigma[0]),
                   ref_length(n * n, m));
      }
      sample_end(&s);
    }
}

void test_dead_layers_have_no_terms(void) {
  for (int side = 0; side < 3; side++)
    for (size_t k = 0; k < 2; k++) {
      sample s;
      kfix_kron_pairs pairs;
      sample_begin(&s, &kfix_port_simd, 20, 5, 6, 0, PLAIN, 3);
      if (side != 1) memset(s.x, 0, 20 * KFIX_LD(5) * sizeof *s.x);
      if (side != 0) memset(s.y, 0, 20 * KFIX_LD(6) * sizeof *s.y);
      const kfix_kron_operator z = operator_of(&s, 0);
      CHECK_INT(KFIX_OK, run(searches[k], &s, &z, RANK, &pairs));
      CHECK(pairs.converged);
      sum_terms(&s, RANK, found);
      CHECK_NEAR(0, 0, ref_length(900, found));
      for (size_t i = 0; i < RANK; i++) CHECK_NEAR(0, 0, pairs.sigma[i]);
      sample_end(&s);
    }
}

/* Examples whose squares no longer fit into kfix_real are a dead layer's in the end, and no error on
 * the way. */
void test_examples_that_vanish_have_no_terms(void) {
  const double first = sizeof(kfix_real) == 4 ? 1e-17 : 1e-150,
               last = sizeof(kfix_real) == 4 ? 1e-26 : 1e-170;
  for (int sides = 1; sides < 4; sides++)
    for (double size = first; size > last; size /= 3)
      for (size_t k = 0; k < 2; k++) {
        sample s;
        kfix_kron_pairs pairs;
        sample_begin(&s, &kfix_port_simd, 20, 5, 6, 0, PLAIN, 3);
        for (size_t i = 0; sides & 1 && i < 20 * KFIX_LD(5); i++) s.x[i] *= (kfix_real)size;
        for (size_t i = 0; sides & 2 && i < 20 * KFIX_LD(6); i++) s.y[i] *= (kfix_real)size;
        const kfix_kron_operator z = operator_of(&s, 0);
        CHECK_INT(KFIX_OK, run(searches[k], &s, &z, 2, &pairs));
        sum_terms(&s, 2, found);
        CHECK(isfinite(ref_length(900, found)));
        if (size < 10 * last) CHECK_NEAR(0, 0, ref_length(900, found));
        sample_end(&s);
      }
}

void test_data_that_is_not_finite_is_refused(void) {
  for (size_t k = 0; k < 2; k++) {
    sample s;
    kfix_kron_pairs pairs;
    sample_begin(&s, &kfix_port_simd, 20, 5, 6, 0, PLAIN, 3);
    const kfix_kron_operator z = operator_of(&s, 0);
    s.y[3 * KFIX_LD(6) + 2] = NAN;
    CHECK_INT(KFIX_STATISTICS_NONFINITE, run(searches[k], &s, &z, 2, &pairs));
    s.y[3 * KFIX_LD(6) + 2] = 0;
    CHECK_INT(KFIX_OK, run(searches[k], &s, &z, 2, &pairs));
    CHECK_INT(KFIX_PORT, run(searches[k], &s, &z, 0, &pairs));
    CHECK_INT(KFIX_PORT, run(searches[k], &s, &z, KFIX_KRON_RANK_MAX + 1, &pairs));
    sample_end(&s);
  }
}

void test_ports_agree_to_the_bit(void) {
  for (size_t k = 0; k < 2; k++) {
    static const kfix_port *const ports[] = {&kfix_port_ref, &kfix_port_simd};
    kfix_real kept[2][RANK * TERM];
    for (size_t p = 0; p < 2; p++) {
      sample s;
      kfix_kron_pairs pairs;
      sample_begin(&s, ports[p], 80, 12, 11, 2, HEAVY, 3);
      const kfix_kron_operator z = operator_of(&s, 0);
      CHECK_INT(KFIX_OK, run(searches[k], &s, &z, RANK, &pairs));
      if (p == 1) {
        CHECK_MEM(kept[0], left, RANK * TERM * sizeof *left);
        CHECK_MEM(kept[1], right, RANK * KFIX_KRON_TERM(11) * sizeof *right);
      }
      memcpy(kept[0], left, sizeof left);
      memcpy(kept[1], right, sizeof right);
      sample_end(&s);
    }
  }
}
