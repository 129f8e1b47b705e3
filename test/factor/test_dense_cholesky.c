/* SPDX-License-Identifier: Apache-2.0
 * Cholesky's factor and the inverse of a lower triangle, on the CPU ports. */
#include "check.h"
#include "core/random.h"
#include "factor/cholesky.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

#define LARGEST 301
#define LD      320
#define EPS     ((double)KFIX_REAL_EPS)

static const size_t sizes[] = {1,  2,  3,  15,  16,  17,  31,  33,     63,
                               64, 65, 79, 127, 129, 200, 256, LARGEST};
#define SIZES (sizeof sizes / sizeof sizes[0])

static kfix_real a[LARGEST * LD], l[LARGEST * LD], x[LARGEST * LD];
static _Alignas(KFIX_ALIGN) unsigned char scratch[KFIX_PORT_SCRATCH_simd(1, 1, 3, 1)];
static const kfix_port *port = &kfix_port_ref;

void tearDown(void) {
  port = &kfix_port_ref;
}

static kfix_device device(kfix_crew *crew) {
  return (kfix_device){port, crew, scratch, sizeof scratch, 3, NULL};
}

/* Three threads whose tasks come in the opposite order. */
static void backwards(kfix_crew *crew, void (*task)(void *arg, unsigned index), void *arg,
                      unsigned tasks) {
  (void)crew;
  while (tasks-- > 0) task(arg, tasks);
}
static kfix_crew three_threads = {3, backwards, NULL};

/* Lower triangle of N N^T / n + shift I, with normal N; NaN above it. */
static void make_positive(size_t n, double shift) {
  const kfix_draw_key key = {n, KFIX_DRAW_TEST, 0, 0};
  for (size_t i = 0; i < n; i++) kfix_fill_normal(&key, (uint32_t)i, n, (kfix_real)1, x + i * LD);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t k = 0; j <= i && k < n; k++) sum += (double)x[i * LD + k] * (double)x[j * LD + k];
      a[i * LD + j] = j > i ? (kfix_real)NAN : (kfix_real)(sum / (double)n + (i == j) * shift);
    }
  }
}

static void factor(size_t n, kfix_crew *crew) {
  const kfix_device d = device(crew);
  size_t info = 9;
  memcpy(l, a, sizeof a);
  CHECK_INT(KFIX_OK, kfix_cholesky(&d, n, l, LD, &info));
  CHECK_INT(0, info);
}

static void invert(size_t n, kfix_crew *crew) {
  const kfix_device d = device(crew);
  memcpy(x, l, sizeof l);
  CHECK_INT(KFIX_OK, kfix_lower_inverse(&d, n, x, LD));
}

static double lower(const kfix_real *m, size_t i, size_t j) {
  return j > i ? 0 : (double)m[i * LD + j];
}

/* An element is a sum of j products, each bounded by the diagonal elements of its row and column. */
void test_the_factor_times_its_transpose_is_the_matrix(void) {
  for (size_t s = 0; s < SIZES; s++) {
    const size_t n = sizes[s];
    make_positive(n, 0.01);
    factor(n, NULL);
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j <= i; j++) {
        const double size = sqrt(lower(a, i, i) * lower(a, j, j));
        double sum = 0;
        for (size_t k = 0; k <= j; k++) sum += lower(l, i, k) * lower(l, j, k);
        CHECK_NEAR(2 * EPS * sqrt((double)n) * size + 2 * EPS * size, lower(a, i, j), sum);
      }
  }
}

/* Of row i of X = L^-1 and column j of L: the sum of |x l| bounds what rounding can do. */
void test_the_inverse_times_the_factor_is_the_identity(void) {
  for (size_t s = 0; s < SIZES; s++) {
    const size_t n = sizes[s];
    make_positive(n, 0.01);
    factor(n, NULL);
    invert(n, NULL);
    double norm_l = 0, norm_x = 0;
    for (size_t i = 0; i < n; i++) {
      double row_l = 0, row_x = 0;
      for (size_t j = 0; j <= i; j++) {
        row_l += fabs(lower(l, i, j));
        row_x += fabs(lower(x, i, j));
      }
      norm_l = fmax(norm_l, row_l);
      norm_x = fmax(norm_x, row_x);
    }
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j <= i; j++) {
        double sum = 0;
        for (size_t k = j; k <= i; k++) sum += lower(x, i, k) * lower(l, k, j);
        CHECK_NEAR(2 * EPS * norm_l * norm_x, i == j, sum);
      }
  }
}

void test_the_upper_triangle_stays(void) {
  for (size_t s = 0; s < SIZES; s++) {
    const size_t n = sizes[s];
    make_positive(n, 0.01);
    for (size_t i = 0; i < LARGEST; i++)
      for (size_t j = 0; j < LD; j++)
        if (i >= n || j > i) a[i * LD + j] = 77;
    factor(n, NULL);
    invert(n, NULL);
    for (size_t i = 0; i < LARGEST; i++)
      for (size_t j = 0; j < LD; j++)
        if (i >= n || j > i) CHECK(l[i * LD + j] == 77 && x[i * LD + j] == 77);
  }
}

static void expect_failure(size_t n, size_t row, size_t col, double value, size_t expected) {
  const kfix_device d = device(NULL);
  size_t info = 0;
  make_positive(n, 1);
  a[row * LD + col] = (kfix_real)value;
  CHECK_INT(KFIX_NOT_POSITIVE, kfix_cholesky(&d, n, a, LD, &info));
  CHECK_INT(expected, info);
}

void test_a_bad_element_names_its_row(void) {
  const double bad[] = {NAN, INFINITY, -INFINITY, -1};
  const size_t rows[] = {0, 1, 15, 16, 100, 127, 128, 149};
  for (size_t b = 0; b < 4; b++)
    for (size_t r = 0; r < 8; r++) expect_failure(150, rows[r], rows[r], bad[b], rows[r] + 1);
  for (size_t b = 0; b < 3; b++) {
    expect_failure(2, 1, 0, bad[b], 2);
    expect_failure(150, 140, 70, bad[b], 141);
  }
}

void test_ports_and_threads_give_the_same_bits(void) {
  static kfix_real expected_l[LARGEST * LD], expected_x[LARGEST * LD];
  if (kfix_port_simd.available() != KFIX_OK) SKIP("this machine cannot run the vector port");
  for (size_t s = 0; s < SIZES; s++) {
    const size_t n = sizes[s];
    make_positive(n, 0.01);
    port = &kfix_port_ref;
    factor(n, NULL);
    invert(n, NULL);
    memcpy(expected_l, l, sizeof l);
    memcpy(expected_x, x, sizeof x);
    port = &kfix_port_simd;
    for (int threads = 0; threads < 2; threads++) {
      factor(n, threads ? &three_threads : NULL);
      invert(n, threads ? &three_threads : NULL);
      for (size_t i = 0; i < n; i++) {
        CHECK_MEM(expected_l + i * LD, l + i * LD, (i + 1) * sizeof *l);
        CHECK_MEM(expected_x + i * LD, x + i * LD, (i + 1) * sizeof *x);
      }
    }
  }
}

void test_empty_matrices_are_fine(void) {
  const kfix_device d = device(NULL);
  size_t info = 5;
  CHECK_INT(KFIX_OK, kfix_cholesky(&d, 0, a, LD, &info));
  CHECK_INT(0, info);
  CHECK_INT(KFIX_OK, kfix_lower_inverse(&d, 0, a, LD));
}

void test_a_port_without_host_memory_is_refused(void) {
  kfix_port device_port = kfix_port_ref;
  size_t info;
  device_port.is_host = 0;
  port = &device_port;
  const kfix_device d = device(NULL);
  CHECK_INT(KFIX_PORT, kfix_cholesky(&d, 3, a, LD, &info));
  CHECK_INT(KFIX_PORT, kfix_lower_inverse(&d, 3, a, LD));
}
