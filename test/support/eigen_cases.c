/* SPDX-License-Identifier: Apache-2.0
 * See eigen_cases.h. */
#include "eigen_cases.h"

#include <math.h>

#include "core/random.h"

#define EPS ((double)KFIX_REAL_EPS)

#define LARGEST 512

/* Normal numbers, a function of n and their place. */
static kfix_real noise[LARGEST * LARGEST];

static void fill_noise(size_t n) {
  const kfix_draw_key key = {n, KFIX_DRAW_TEST, 0, 0};
  for (size_t i = 0; i < n; i++)
    kfix_fill_normal(&key, (uint32_t)i, n, (kfix_real)1, noise + i * n);
}

/* In [-1, 1]. */
static double uniform(size_t n, size_t i, size_t j) {
  return fmax(-1, fmin(1, (double)noise[i * n + j] / 3));
}

/* Element i, j of M S M with the reflection M = I - c u u^T, u_i = 1 + (i mod 7), c = 2 / u^T u:
 * S - c (s_i + s_j) u_i u_j + c^2 (u^T S u) u_i u_j. */
static double mirrored(size_t n, size_t i, size_t j, double (*s)(size_t n, size_t k)) {
  const double ui = (double)(1 + i % 7), uj = (double)(1 + j % 7);
  double square = 0, middle = 0;
  for (size_t k = 0; k < n; k++) {
    const double u = (double)(1 + k % 7);
    square += u * u;
    middle += u * u * s(n, k);
  }
  const double c = 2 / square;
  return (i == j ? s(n, i) : 0) + ui * uj * c * (c * middle - s(n, i) - s(n, j));
}

static double clustered_value(size_t n, size_t k) {
  return k + 3 < n ? 1 + 1e-6 * (double)k / (double)n : (double)(k % 5);
}

static double spread_value(size_t n, size_t k) {
  return pow(10, -12 * (double)k / (double)n);
}

static double covariance(size_t n, size_t i, size_t j) {
  double sum = 0;
  for (size_t k = 0; k < n / 3 + 1; k++) sum += uniform(n, i, k) * uniform(n, j, k);
  return sum / (double)(n / 3 + 1);
}

static double wilkinson(size_t n, size_t i, size_t j) {
  if (i == j) return fabs((double)i - (double)(n - 1) / 2);
  return i == j + 1 ? 1 : 0;
}

static double glued(size_t i, size_t j) {
  if (i / 21 == j / 21) return wilkinson(21, i % 21, j % 21);
  return i == j + 1 ? sqrt(EPS) : 0;
}

static double element(eigen_case c, size_t n, size_t i, size_t j) {
  switch (c) {
    case EIGEN_identity:
      return i == j;
    case EIGEN_ones:
      return 1;
    case EIGEN_random:
      return uniform(n, i, j);
    case EIGEN_covariance:
      return covariance(n, i, j);
    case EIGEN_graded_down:
      return uniform(n, i, j) * pow(10, -12 * (double)i / (double)n);
    case EIGEN_graded_up:
      return uniform(n, i, j) * pow(10, -12 * (double)(n - 1 - j) / (double)n);
    case EIGEN_clustered:
      return mirrored(n, i, j, clustered_value);
    case EIGEN_spread:
      return mirrored(n, i, j, spread_value);
    case EIGEN_wilkinson:
      return wilkinson(n, i, j);
    case EIGEN_glued:
      return glued(i, j);
    case EIGEN_diagonal:
      return i == j ? uniform(n, i, j) : 0;
    case EIGEN_laplace:
      return i == j ? 2 : i == j + 1 ? -1 : 0;
    case EIGEN_checkerboard:
      return (i + j) % 2 ? uniform(n, i, j) : 0;
    default:
      return 0;
  }
}

const char *eigen_case_name(eigen_case c) {
#define EIGEN_CASE_TEXT(name) #name,
  static const char *const names[] = {EIGEN_CASES(EIGEN_CASE_TEXT)};
#undef EIGEN_CASE_TEXT
  return names[c];
}

void eigen_case_fill(eigen_case c, size_t n, kfix_real *a, size_t lda) {
  fill_noise(n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      a[i * lda + j] = j > i ? (kfix_real)NAN : (kfix_real)element(c, n, i, j);
}

static double lower(const kfix_real *a, size_t lda, size_t i, size_t j) {
  return (double)(i >= j ? a[i * lda + j] : a[j * lda + i]);
}

double eigen_norm(size_t n, const kfix_real *a, size_t lda) {
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t j = 0; j < n; j++) sum += fabs(lower(a, lda, i, j));
    largest = fmax(largest, sum);
  }
  return largest;
}

double eigen_residual(size_t n, const kfix_real *a, size_t lda, const kfix_real *values,
                      const kfix_real *v, size_t ldv) {
  double total = 0;
  for (size_t i = 0; i < n; i++) {
    double row[LARGEST];
    for (size_t j = 0; j < n; j++) row[j] = -(double)v[i * ldv + j] * (double)values[j];
    for (size_t k = 0; k < n; k++)
      for (size_t j = 0; j < n; j++) row[j] += lower(a, lda, i, k) * (double)v[k * ldv + j];
    for (size_t j = 0; j < n; j++) total += row[j] * row[j];
  }
  return sqrt(total);
}

double eigen_orthogonality(size_t n, const kfix_real *v, size_t ldv) {
  double total = 0;
  for (size_t i = 0; i < n; i++) {
    double row[LARGEST];
    for (size_t j = 0; j < n; j++) row[j] = -(double)(i == j);
    for (size_t k = 0; k < n; k++)
      for (size_t j = 0; j < n; j++) row[j] += (double)v[k * ldv + i] * (double)v[k * ldv + j];
    for (size_t j = 0; j < n; j++) total += row[j] * row[j];
  }
  return sqrt(total);
}
