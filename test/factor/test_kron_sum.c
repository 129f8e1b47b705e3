/* SPDX-License-Identifier: Apache-2.0
 * Solves with A (x) B +- C (x) D against dense Kronecker systems. */
#include "check.h"
#include "core/random.h"
#include "factor/kron_sum.h"
#include "port_cases.h"
#include "reference_kfac.h"

enum { LARGEST = 23, BIG = 141, SIDE_MAX = BIG * KFIX_LD(BIG), SYSTEM = LARGEST * LARGEST };
#define EPS ((double)KFIX_REAL_EPS)

static kfix_real a[SIDE_MAX], packed[KFIX_TRIANGLE(BIG)], scratch[KFIX_KRON_SIDE_REALS(BIG)];
static size_t which_port;

/* A side with all that the tests want to know of it, in double. */
typedef struct side {
  size_t n;
  double a[BIG * BIG], c[BIG * BIG];
  kfix_real k[SIDE_MAX], s[BIG];
} side;
static side in, out;

void setUp(void) {
  which_port = 0;
  port_crews_start();
}

void tearDown(void) {
  port_crews_stop();
}

static kfix_device device(void) {
  return port_device(which_port, 1);
}

static double normal(uint32_t stream, size_t i) {
  const kfix_draw_key key = {stream, KFIX_DRAW_TEST, 0, 0};
  uint32_t word[4];
  kfix_draw(&key, (uint32_t)i, 0, word);
  return (double)kfix_normal(word[0], word[1]);
}

/* m = X X^T / n + shift I, or X + X^T where indefinite. */
static void symmetric(size_t n, uint32_t stream, int indefinite, double shift, double size,
                      double *m) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      double sum = indefinite ? normal(stream, i * n + j) / sqrt((double)n) : 0;
      for (size_t k = 0; k < n && !indefinite; k++)
        sum += normal(stream, i * n + k) * normal(stream, j * n + k) / (double)n;
      m[i * n + j] = m[j * n + i] = (kfix_real)(size * sum + (i == j) * shift);
    }
}

static void make(side *s, size_t n, uint32_t stream, int indefinite, double size) {
  s->n = n;
  symmetric(n, stream, 0, 0.3, 1, s->a);
  symmetric(n, stream + 1, indefinite, 0, size, s->c);
}

/* K and s by the library; the upper triangle of A is NaN. */
static kfix_status set_up(side *s, size_t *info) {
  const size_t n = s->n, ld = KFIX_LD(n);
  const kfix_device d = device();
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      a[i * ld + j] = j > i ? (kfix_real)NAN : (kfix_real)s->a[i * n + j];
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) packed[KFIX_TRIANGLE(i) + j] = (kfix_real)s->c[i * n + j];
  return kfix_kron_side_set(&d, n, a, ld, packed, s->k, ld, s->s, scratch, info);
}

static void ready(side *s) {
  size_t info = 9;
  CHECK_INT(KFIX_OK, set_up(s, &info));
  CHECK_INT(0, info);
}

static kfix_kron_side seen(const side *s) {
  return (kfix_kron_side){s->n, s->k, KFIX_LD(s->n), s->s};
}

/* max |K^T M K - diag(d)|, d NULL: the identity. */
static double defect(const side *s, const double *m, const kfix_real *d) {
  const size_t n = s->n, ld = KFIX_LD(n);
  static double half[BIG * BIG];
  double worst = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      half[i * n + j] = 0;
      for (size_t k = 0; k < n; k++) half[i * n + j] += m[i * n + k] * (double)s->k[k * ld + j];
    }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = i == j ? (d ? -(double)d[i] : -1) : 0;
      for (size_t k = 0; k < n; k++) sum += (double)s->k[k * ld + i] * half[k * n + j];
      worst = sum == sum ? fmax(worst, fabs(sum)) : INFINITY;
    }
  return worst;
}

static double largest(const side *s) {
  return fmax(fabs((double)s->s[0]), fabs((double)s->s[s->n - 1]));
}

/* cond(A) is about 4 / 0.3. */
void test_k_makes_a_the_identity_and_c_diagonal(void) {
  static const size_t sizes[] = {1, 2, 3, 7, 16, 23, 127, 128, 129, BIG};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (int indefinite = 0; indefinite < 2; indefinite++) {
      const double bound = 60 * (double)(sizes[i] + 8) * EPS;
      make(&in, sizes[i], 3, indefinite, 1);
      ready(&in);
      CHECK_NEAR(bound, 0, defect(&in, in.a, NULL));
      CHECK_NEAR(bound * (1 + largest(&in)), 0, defect(&in, in.c, in.s));
      for (size_t j = 1; j < in.n; j++) CHECK(in.s[j - 1] <= in.s[j]);
    }
}

static double system_[SYSTEM * SYSTEM], right[SYSTEM], got[SYSTEM];

/* U by the library for V from a stream; entries below the floor into *clamped. */
static void solve(double sign, double floor, double scale, double *clamped) {
  static kfix_real v[LARGEST * LARGEST], u[LARGEST * LARGEST], work[LARGEST * KFIX_LD(LARGEST)];
  const kfix_device d = device();
  const kfix_kron_side b = seen(&out), c = seen(&in);
  for (size_t i = 0; i < out.n * in.n; i++) {
    v[i] = (kfix_real)normal(77, i);
    right[i] = (double)v[i] * scale;
  }
  CHECK_INT(KFIX_OK, kfix_kron_solve(&d, &b, &c, (kfix_real)sign, (kfix_real)floor,
                                     (kfix_real)scale, v, in.n, u, in.n, work, clamped));
  for (size_t i = 0; i < out.n * in.n; i++) got[i] = u[i];
  CHECK_INT(KFIX_OK, kfix_kron_solve(&d, &b, &c, (kfix_real)sign, (kfix_real)floor,
                                     (kfix_real)scale, v, in.n, v, in.n, work, NULL));
  CHECK_MEM(u, v, out.n * in.n * sizeof *u);
}

/* B U A + sign D U C = V, element (i, j) of U at i n_A + j. */
static void dense_system(double sign) {
  const size_t n = in.n, m = out.n;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++)
      for (size_t k = 0; k < m; k++)
        for (size_t l = 0; l < n; l++)
          system_[(i * n + j) * m * n + k * n + l] =
              out.a[i * m + k] * in.a[l * n + j] + sign * out.c[i * m + k] * in.c[l * n + j];
}

static void check_solve(size_t m, size_t n, int indefinite, double sign) {
  double clamped = 5;
  make(&in, n, 3, indefinite, 0.06);
  make(&out, m, 11, indefinite, 0.06);
  ready(&in);
  ready(&out);
  solve(sign, 1e-6, -1.5, &clamped);
  CHECK_NEAR(0, 5, clamped);
  dense_system(sign);
  CHECK(ref_solve(m * n, 1, system_, right));
  double difference = 0, size = 0;
  for (size_t i = 0; i < m * n; i++) {
    difference = fmax(difference, fabs(got[i] - right[i]));
    size = fmax(size, fabs(right[i]));
  }
  CHECK_NEAR(2e4 * EPS * size, 0, difference);
  if (sizeof(kfix_real) == 8) CHECK_NEAR(1e-11 * size, 0, difference);
}

void test_solves_the_dense_kronecker_system(void) {
  static const size_t shapes[][2] = {{1, 1}, {1, 7}, {5, 1}, {2, 3}, {7, 5}, {13, 11}, {23, 19}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int variant = 0; variant < 4; variant++)
      check_solve(shapes[i][0], shapes[i][1], variant / 2, variant % 2 ? 1 : -1);
}

/* C and D such that some 1 + sign s_B s_A fall below the floor: exactly those are raised. */
static void check_floor(double sign, double floor) {
  const size_t m = 11, n = 13, ldm = KFIX_LD(m), ldn = KFIX_LD(n);
  double expected = 0, clamped = 0, worst = 0, size = 0;
  make(&in, n, 3, 1, 2.5);
  make(&out, m, 11, 1, 2.5);
  ready(&in);
  ready(&out);
  solve(sign, floor, 1, &clamped);
  static double want[SYSTEM];
  memset(want, 0, sizeof want);
  /* U = sum over (p, q) of k_p k_p^T V k_q k_q^T / d_pq. */
  for (size_t p = 0; p < m; p++)
    for (size_t q = 0; q < n; q++) {
      const double d = 1 + sign * (double)out.s[p] * (double)in.s[q];
      expected += d < floor;
      double middle = 0;
      for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
          middle += (double)out.k[i * ldm + p] * right[i * n + j] * (double)in.k[j * ldn + q];
      middle /= fmax(d, floor);
      for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
          want[i * n + j] += (double)out.k[i * ldm + p] * middle * (double)in.k[j * ldn + q];
    }
  CHECK(expected > 3 && expected < (double)(m * n) / 2);
  CHECK_NEAR(0, expected, clamped);
  for (size_t i = 0; i < m * n; i++) {
    worst = fmax(worst, fabs(want[i] - got[i]));
    size = fmax(size, fabs(want[i]));
  }
  CHECK_NEAR(1e3 * EPS / floor * size, 0, worst);
}

void test_entries_below_the_floor_are_raised_and_counted(void) {
  check_floor(1, 0.1);
  check_floor(-1, 0.1);
  check_floor(1, 1e-3);
}

void test_a_side_that_is_not_positive_is_refused(void) {
  size_t info = 0;
  make(&in, 7, 3, 0, 1);
  in.a[4 * 7 + 4] = -1;
  CHECK_INT(KFIX_NOT_POSITIVE, set_up(&in, &info));
  CHECK_INT(5, info);
  make(&in, 7, 3, 0, 1);
  in.c[3 * 7 + 2] = NAN;
  CHECK_INT(KFIX_NOT_CONVERGED, set_up(&in, &info));
}

void test_every_port_gives_the_same_bits(void) {
  static kfix_real k[SIDE_MAX], s[BIG];
  make(&in, 131, 3, 1, 1);
  ready(&in);
  memcpy(k, in.k, sizeof k);
  memcpy(s, in.s, sizeof s);
  for (which_port = 1; which_port < PORT_CASES; which_port++) {
    if (!port_is_here(which_port)) continue;
    ready(&in);
    CHECK_MEM(k, in.k, sizeof k);
    CHECK_MEM(s, in.s, sizeof s);
  }
}
