/* SPDX-License-Identifier: Apache-2.0
 * Distances of approximations from a block of the Fisher matrix, measured without forming it,
 * against the same by brute force. */
#include <stdlib.h>

#include "check.h"
#include "fisher_lab/block_error.h"
#include "fisher_lab/block_lanczos.h"
#include "fisher_lab/block_natural.h"
#include "fisher_lab/block_spectrum.h"
#include "fisher_lab/symmetric_values.h"
#include "reference_block.h"
#include "reference_case.h"
#include "reference_kfac.h"

/* rows, in, out: fewer and more rows than either side and than their product, and ones. */
static const size_t shapes[][3] = {{1, 1, 1},  {1, 5, 4},  {3, 7, 5},   {40, 3, 4}, {23, 6, 7},
                                   {17, 1, 6}, {17, 6, 1}, {300, 4, 5}, {9, 13, 2}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

typedef void visit_block(ref_block *b, uint64_t *state);

static void for_each_block(visit_block *visit) {
  uint64_t state = 7;
  for (int kind = 0; kind < BLOCK_KIND_COUNT; kind++)
    for (size_t i = 0; i < SHAPES; i++) {
      ref_block b;
      ref_block_begin(&b, (block_kind)kind, shapes[i][0], shapes[i][1], shapes[i][2], 11 + i);
      visit(&b, &state);
      ref_block_end(&b);
    }
}

/* Random factors of one or two terms, or in a random eigenbasis. */
static block_factors random_factors(const block_rows *f, int terms, uint64_t *state) {
  block_factors b = {.terms = terms};
  for (int i = 0; i < terms; i++) {
    b.a[i] = ref_random_symmetric(f->in, state);
    b.g[i] = ref_random_symmetric(f->out, state);
  }
  if (terms == 0) {
    kfix_real *s = malloc(f->in * f->out * sizeof *s);
    for (size_t i = 0; i < f->in * f->out; i++) s[i] = (kfix_real)fabs(case_normal(state));
    b.a[0] = ref_random_orthogonal(f->in, state);
    b.g[0] = ref_random_orthogonal(f->out, state);
    b.s = s;
  }
  return b;
}

static void free_factors(block_factors *b) {
  for (int i = 0; i < 2; i++) {
    free((void *)(uintptr_t)b->a[i]);
    free((void *)(uintptr_t)b->g[i]);
  }
  free((void *)(uintptr_t)b->s);
}

static void check_norm(ref_block *b, uint64_t *state) {
  double norm2;
  tool_error err;
  (void)state;
  const double expected = pow(ref_norm(b->dense, b->n * b->n), 2);
  CHECK_INT(0, block_norm2(&b->f, &norm2, &err));
  CHECK_NEAR(1e-13 * expected, expected, norm2);
}

void test_norm_of_the_block(void) {
  for_each_block(check_norm);
}

static void check_frobenius(ref_block *b, uint64_t *state) {
  const size_t count = b->n * b->n;
  tool_error err;
  double norm2, error;
  CHECK_INT(0, block_norm2(&b->f, &norm2, &err));
  for (int terms = 0; terms < 3; terms++) {
    block_factors factors = random_factors(&b->f, terms, state);
    double *dense = ref_block_of_factors(&b->f, &factors);
    /* An eigenbasis rounded to the real type is orthogonal to within its eps. */
    const double slack = terms == 0 ? 16 * KFIX_REAL_EPS : 1e-12, size = ref_norm(dense, count);
    for (size_t i = 0; i < count; i++) dense[i] -= b->dense[i];
    const double expected = ref_norm(dense, count) / sqrt(norm2);
    CHECK_INT(0, block_frobenius(&b->f, norm2, &factors, &error, &err));
    CHECK_NEAR(slack * (1 + size / sqrt(norm2)), expected, error);
    free(dense);
    free_factors(&factors);
  }
}

void test_frobenius_error(void) {
  for_each_block(check_frobenius);
}

/* With one example the block is a Kronecker product. */
void test_distance_of_the_block_from_itself_is_rounding(void) {
  ref_block b;
  tool_error err;
  double norm2, error;
  ref_block_begin(&b, BLOCK_NORMAL, 1, 6, 5, 3);
  kfix_real a[36], g[25];
  for (int i = 0; i < 36; i++) a[i] = b.abar[i / 6] * b.abar[i % 6];
  for (int i = 0; i < 25; i++) g[i] = b.g[i / 5] * b.g[i % 5];
  const block_factors factors = {.terms = 1, .a = {a}, .g = {g}};
  CHECK_INT(0, block_norm2(&b.f, &norm2, &err));
  CHECK_INT(0, block_frobenius(&b.f, norm2, &factors, &error, &err));
  CHECK_NEAR(4 * KFIX_REAL_EPS + 1e-7, 0, error);
  ref_block_end(&b);
}

static void check_spectrum(ref_block *b, uint64_t *state) {
  tool_error err;
  block_spectrum spectrum;
  double error, *values = malloc(2 * b->n * sizeof *values), *other = values + b->n;
  CHECK_INT(0, block_spectrum_of(&b->f, &spectrum, &err));
  CHECK_INT(b->f.rows < b->n ? b->f.rows : b->n, spectrum.count);
  double *dense = malloc(b->n * b->n * sizeof *dense);
  memcpy(dense, b->dense, b->n * b->n * sizeof *dense);
  ref_eigenvalues(b->n, dense, values);
  for (size_t i = 0; i < b->n; i++)
    CHECK_NEAR(1e-13 * values[0], values[i], i < spectrum.count ? spectrum.values[i] : 0);
  for (int terms = 0; terms < 3; terms++) {
    block_factors factors = random_factors(&b->f, terms, state);
    double *approximation = ref_block_of_factors(&b->f, &factors);
    ref_eigenvalues(b->n, approximation, other);
    const double size = ref_norm(values, b->n), slack = terms == 0 ? 16 * KFIX_REAL_EPS : 1e-12;
    const double most = ref_norm(other, b->n);
    for (size_t i = 0; i < b->n; i++) other[i] -= values[i];
    CHECK_INT(0, block_spectrum_error(&b->f, &spectrum, &factors, BLOCK_ORDER_MAX, &error, &err));
    CHECK_NEAR(slack * (1 + most / size), ref_norm(other, b->n) / size, error);
    free(approximation);
    free_factors(&factors);
  }
  free(dense);
  free(values);
  block_spectrum_free(&spectrum);
}

void test_spectrum_error(void) {
  for_each_block(check_spectrum);
}

static void check_natural_gradient(ref_block *b, uint64_t *state) {
  const size_t in = b->f.in, out = b->f.out;
  tool_error err;
  kfix_real *v = malloc(b->n * sizeof *v);
  double *zeta = malloc(2 * b->n * sizeof *zeta), *x = zeta + b->n;
  double *dense = malloc(b->n * b->n * sizeof *dense);
  for (int i = 0; i < 2; i++) {
    const double lambda = i == 0 ? 3 : 1e-3;
    memcpy(dense, b->dense, b->n * b->n * sizeof *dense);
    for (size_t j = 0; j < b->n; j++) {
      v[j] = (kfix_real)case_normal(state);
      dense[j * b->n + j] += lambda;
    }
    for (size_t j = 0; j < b->n; j++) x[j] = (double)v[j % out * in + j / out];
    CHECK(ref_solve(b->n, 1, dense, x));
    CHECK_INT(0, block_natural_gradient(&b->f, lambda, v, zeta, &err));
    double size = ref_norm(b->dense, b->n * b->n), far = 0;
    for (size_t j = 0; j < b->n; j++) far += pow(x[j] - zeta[j % out * in + j / out], 2);
    CHECK_NEAR(1e-13 * (1 + size / lambda) * ref_norm(x, b->n), 0, sqrt(far));
  }
  free(v);
  free(zeta);
  free(dense);
}

/* Enough of a spectrum is found without diagonalising: against Jacobi's rotations on blocks small
 * enough for both, and, by way of the norms, on one that is not. */
static void check_search(ref_block *b, uint64_t *state) {
  tool_error err;
  block_spectrum spectrum;
  block_factors factors = random_factors(&b->f, 2, state);
  double *dense = ref_block_of_factors(&b->f, &factors), *values = malloc(b->n * sizeof *values);
  double expected = 0, sum, size = 0;
  ref_eigenvalues(b->n, dense, values);
  CHECK_INT(0, block_spectrum_of(&b->f, &spectrum, &err));
  for (size_t i = 0; i < spectrum.count; i++) {
    expected += spectrum.values[i] * values[i];
    size += spectrum.values[i] * fabs(values[i]);
  }
  CHECK_INT(0, block_spectra_inner(&b->f, &factors, spectrum.values, spectrum.count, &sum, &err));
  CHECK_NEAR(1e-7 * size, expected, sum);
  free(values);
  free(dense);
  free_factors(&factors);
  block_spectrum_free(&spectrum);
}

void test_spectra_by_search(void) {
  for_each_block(check_search);
}

/* Two terms that are one: the search must answer what the factors' eigenvalues say. */
void test_spectrum_error_of_a_large_block(void) {
  enum { IN = 31, OUT = 40, ROWS = 60 };
  tool_error err;
  block_spectrum spectrum;
  double one, two;
  ref_block b;
  ref_block_begin(&b, BLOCK_HEAVY, ROWS, IN, OUT, 5);
  kfix_real *a = calloc(IN * IN, sizeof *a), *g = calloc(2 * OUT * OUT, sizeof *g);
  kfix_real *half = g + OUT * OUT;
  for (size_t t = 0; t < ROWS; t++) {
    for (size_t i = 0; i < IN * IN; i++)
      a[i] += b.abar[t * IN + i / IN] * b.abar[t * IN + i % IN] / ROWS;
    for (size_t i = 0; i < OUT * OUT; i++)
      g[i] += b.g[t * OUT + i / OUT] * b.g[t * OUT + i % OUT] / ROWS;
  }
  for (size_t i = 0; i < OUT * OUT; i++) half[i] = g[i] / 2;
  const block_factors product = {.terms = 1, .a = {a}, .g = {g}};
  const block_factors halves = {.terms = 2, .a = {a, a}, .g = {half, half}};
  CHECK_INT(0, block_spectrum_of(&b.f, &spectrum, &err));
  CHECK_INT(0, block_spectrum_error(&b.f, &spectrum, &product, BLOCK_ORDER_MAX, &one, &err));
  CHECK_INT(0, block_spectrum_error(&b.f, &spectrum, &halves, BLOCK_ORDER_MAX, &two, &err));
  CHECK(one > 0.01);
  CHECK_NEAR(1e-6, one, two);
  CHECK_INT(0, block_spectrum_error(&b.f, &spectrum, &halves, 1000, &two, &err));
  CHECK(isnan(two));
  block_spectrum_free(&spectrum);
  free(a);
  free(g);
  ref_block_end(&b);
}

void test_exact_natural_gradient(void) {
  for_each_block(check_natural_gradient);
}

void test_what_cannot_be_had_is_not_a_number(void) {
  static const kfix_real zero[12], one[1] = {1};
  const block_rows nothing = {2, 2, 3, zero, zero, 0, 0, NULL};
  const block_factors factors = {.terms = 1, .a = {zero}, .g = {zero}};
  tool_error err;
  block_spectrum spectrum;
  double norm2, error, zeta[6];
  CHECK_INT(0, block_norm2(&nothing, &norm2, &err));
  CHECK_NEAR(0, 0, norm2);
  CHECK_INT(0, block_frobenius(&nothing, norm2, &factors, &error, &err));
  CHECK(isnan(error));
  CHECK_INT(0, block_spectrum_of(&nothing, &spectrum, &err));
  CHECK_INT(0, block_spectrum_error(&nothing, &spectrum, &factors, BLOCK_ORDER_MAX, &error, &err));
  CHECK(isnan(error));
  block_spectrum_free(&spectrum);
  CHECK_INT(0, block_natural_gradient(&nothing, 0, zero, zeta, &err));
  CHECK(isnan(zeta[5]));
  CHECK(isnan(block_distance(1, one, zeta)));
}

static void check_values(size_t n, uint64_t seed, int kind) {
  tool_error err;
  double *a = calloc(2 * n * n + 2 * n, sizeof *a), *b = a + n * n, *x = b + n * n, *y = x + n;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      const double noise = case_normal(&seed);
      /* random; diagonal with equal eigenvalues; entries over many decades */
      const double value = kind == 0   ? noise
                           : kind == 1 ? (i == j ? (double)(i / 3) : 0)
                                       : noise * pow(10, -(double)(i + j) / 4);
      a[i * n + j] = b[i * n + j] = b[j * n + i] = value;
    }
  ref_eigenvalues(n, b, y);
  CHECK_INT(0, symmetric_values(n, a, x, &err));
  for (size_t i = 0; i < n; i++)
    CHECK_NEAR(1e-14 * (double)n * fmax(fabs(y[0]), fabs(y[n - 1])), y[i], x[i]);
  free(a);
}

void test_eigenvalues_of_symmetric_matrices(void) {
  static const size_t orders[] = {1, 2, 3, 4, 7, 31, 64};
  for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
    for (int kind = 0; kind < 3; kind++) check_values(orders[i], 5 + i, kind);
}
