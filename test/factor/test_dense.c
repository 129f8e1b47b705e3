/* SPDX-License-Identifier: Apache-2.0
 * The inverse of a symmetric positive definite matrix, on the CPU ports. */
#include "check.h"
#include "core/digest.h"
#include "core/random.h"
#include "factor/spd.h"
#include "factor/whiten.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

#define LARGEST 301
#define LD      320
#define EPS     ((double)KFIX_REAL_EPS)

static const size_t sizes[] = {1, 2, 3, 7, 15, 16, 17, 26, 33, 64, 65, 127, 200, 255, 256, LARGEST};
#define SIZES (sizeof sizes / sizeof sizes[0])

static kfix_real a[LARGEST * LD], inverse[LARGEST * LD], work[KFIX_SPD_WORK(LARGEST) + 16];
static kfix_real factor[LARGEST * LD];
static _Alignas(KFIX_ALIGN) unsigned char scratch[KFIX_PORT_SCRATCH_simd(1, 1, 1, 1)];
static const kfix_port *port = &kfix_port_ref;

void tearDown(void) {
  port = &kfix_port_ref;
}

static kfix_status invert_in(size_t n, kfix_real *x, size_t ld, size_t *info) {
  const kfix_device d = {port, NULL, scratch, sizeof scratch, 1, NULL};
  return kfix_spd_inverse(&d, n, x, ld, work, info);
}

static double lower(const kfix_real *x, size_t i, size_t j) {
  return (double)(i >= j ? x[i * LD + j] : x[j * LD + i]);
}

/* a = lower triangle of X X^T / n + shift I, with normal X; NaN above it. */
static void make_positive(size_t n, double shift) {
  const kfix_draw_key key = {n, KFIX_DRAW_TEST, 0, 0};
  for (size_t i = 0; i < n; i++)
    kfix_fill_normal(&key, (uint32_t)i, n, (kfix_real)1, factor + i * LD);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t k = 0; j <= i && k < n; k++)
        sum += (double)factor[i * LD + k] * (double)factor[j * LD + k];
      a[i * LD + j] = j > i ? (kfix_real)NAN : (kfix_real)(sum / (double)n + (i == j) * shift);
    }
  }
}

/* Largest row sum of the symmetric matrix. */
static double norm(size_t n, const kfix_real *x) {
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t j = 0; j < n; j++) sum += fabs(lower(x, i, j));
    largest = fmax(largest, sum);
  }
  return largest;
}

static double residual(size_t n) {
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      double sum = i == j ? -1 : 0;
      for (size_t k = 0; k < n; k++) sum += lower(a, i, k) * lower(inverse, k, j);
      largest = sum == sum ? fmax(largest, fabs(sum)) : INFINITY;
    }
  }
  return largest;
}

static size_t invert(size_t n) {
  size_t info = 999;
  memcpy(inverse, a, sizeof a);
  CHECK_INT(KFIX_OK, invert_in(n, inverse, LD, &info));
  return info;
}

/* The condition number in the row-sum norm already grows with n, so no further factor of n. */
static void check_residuals(double shift) {
  for (size_t s = 0; s < SIZES; s++) {
    const size_t n = sizes[s];
    make_positive(n, shift);
    CHECK_INT(0, invert(n));
    CHECK_NEAR(3 * EPS * norm(n, a) * norm(n, inverse), 0, residual(n));
  }
}

void test_a_times_its_inverse_is_the_identity(void) {
  check_residuals(0.01);
}

void test_the_same_close_to_singular(void) {
  check_residuals(100 * EPS); /* the largest eigenvalue is about 4 */
}

/* Gauss-Jordan elimination in long double, pivots on the diagonal. */
static void invert_exactly(size_t n, long double *x) {
  for (size_t k = 0; k < n; k++) {
    const long double p = 1 / x[k * n + k];
    x[k * n + k] = 1;
    for (size_t j = 0; j < n; j++) x[k * n + j] *= p;
    for (size_t i = 0; i < n; i++) {
      const long double f = x[i * n + k];
      if (i == k) continue;
      x[i * n + k] = 0;
      for (size_t j = 0; j < n; j++) x[i * n + j] -= f * x[k * n + j];
    }
  }
}

void test_the_inverse_agrees_with_long_double(void) {
  static long double exact[65 * 65];
  for (size_t s = 0; sizes[s] <= 65; s++) {
    const size_t n = sizes[s];
    make_positive(n, 0.01);
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) exact[i * n + j] = (long double)lower(a, i, j);
    invert_exactly(n, exact);
    invert(n);
    const double size = norm(n, inverse), bound = 3 * EPS * norm(n, a) * size * size;
    for (size_t i = 0; i < n * n; i++)
      CHECK_NEAR(bound, (double)exact[i], lower(inverse, i / n, i % n));
  }
}

void test_a_diagonal_of_powers_of_four_is_inverted_exactly(void) {
  for (size_t i = 0; i < 200; i++)
    for (size_t j = 0; j < 200; j++)
      a[i * LD + j] = i == j ? (kfix_real)ldexp(1, 2 * (int)(i % 9) - 8) : 0;
  CHECK_INT(0, invert(200));
  for (size_t i = 0; i < 200; i++)
    for (size_t j = 0; j <= i; j++)
      CHECK(lower(inverse, i, j) == (i == j ? ldexp(1, 8 - 2 * (int)(i % 9)) : 0));
}

/* Scaling by powers of two commutes with each rounding, so the bits must follow. */
void test_scaling_rows_and_columns_scales_the_bits(void) {
  static kfix_real plain[LARGEST * LD];
  const size_t n = 130;
  make_positive(n, 0.01);
  invert(n);
  memcpy(plain, inverse, sizeof plain);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      a[i * LD + j] = (kfix_real)ldexp((double)a[i * LD + j], (int)(i % 11) + (int)(j % 11) - 10);
  invert(n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      CHECK(ldexp(lower(plain, i, j), 10 - (int)(i % 11) - (int)(j % 11)) == lower(inverse, i, j));
}

/* Element (row, col) of an otherwise good matrix set to value: is `expected` the row reported? */
static void expect_failure(size_t n, size_t row, size_t col, double value, size_t expected) {
  size_t info = 0;
  make_positive(n, 1);
  a[row * LD + col] = (kfix_real)value;
  CHECK_INT(KFIX_NOT_POSITIVE, invert_in(n, a, LD, &info));
  CHECK_INT(expected, info);
}

void test_a_bad_pivot_names_its_row(void) {
  const size_t rows[] = {0, 1, 15, 16, 31, 32, 100, 128, 149};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const double bad[] = {0, -1, NAN, INFINITY, -INFINITY};
    for (size_t j = 0; j < sizeof bad / sizeof bad[0]; j++)
      expect_failure(150, rows[i], rows[i], bad[j], rows[i] + 1);
  }
}

void test_a_bad_element_off_the_diagonal_names_its_row(void) {
  const double bad[] = {NAN, INFINITY, -INFINITY, 1e3};
  for (size_t j = 0; j < sizeof bad / sizeof bad[0]; j++) {
    expect_failure(2, 1, 0, bad[j], 2);
    expect_failure(70, 69, 3, bad[j], 70);
    expect_failure(150, 40, 7, bad[j], 41);
    expect_failure(150, 140, 70, bad[j], 141);
  }
}

void test_a_matrix_of_zeros_or_ones_is_refused(void) {
  for (size_t s = 1; s < SIZES; s++) {
    size_t info;
    memset(a, 0, sizeof a);
    CHECK_INT(KFIX_NOT_POSITIVE, invert_in(sizes[s], a, LD, &info));
    CHECK_INT(1, info);
    for (size_t i = 0; i < LARGEST * LD; i++) a[i] = 1;
    CHECK_INT(KFIX_NOT_POSITIVE, invert_in(sizes[s], a, LD, &info));
    CHECK_INT(2, info);
  }
}

void test_an_inverse_that_overflows_is_refused(void) {
  size_t info;
  const kfix_real least = sizeof(kfix_real) == 4 ? (kfix_real)0x1p-140 : (kfix_real)0x1p-1060;
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++) a[i * LD + j] = i != j ? 0 : i == 1 ? least : 1;
  CHECK_INT(KFIX_NOT_POSITIVE, invert_in(3, a, LD, &info));
  CHECK_INT(2, info);
}

void test_an_empty_matrix_is_fine(void) {
  size_t info = 5;
  CHECK_INT(KFIX_OK, invert_in(0, a, LD, &info));
  CHECK_INT(0, info);
}

/* L^-1 A L^-T = I, and nothing above the diagonal. */
void test_whitening_makes_a_block_the_identity(void) {
  const size_t n = KFIX_WHITEN_MAX;
  make_positive(n, 0.1);
  memcpy(inverse, a, sizeof a);
  CHECK_INT(0, kfix_whiten_block(n, inverse, LD));
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      if (j > i) CHECK(inverse[i * LD + j] == 0);
      for (size_t k = 0; k < n; k++)
        for (size_t l = 0; l < n; l++)
          sum += (double)inverse[i * LD + k] * lower(a, k, l) * (double)inverse[j * LD + l];
      CHECK_NEAR(10 * (double)n * EPS, i == j, sum);
    }
  }
}

void test_the_vector_port_gives_the_same_bits(void) {
  static kfix_real expected[LARGEST * LD];
  if (kfix_port_simd.available() != KFIX_OK) SKIP("this machine cannot run the vector port");
  for (size_t s = 0; s < SIZES; s++) {
    const size_t n = sizes[s];
    make_positive(n, 0.01);
    port = &kfix_port_ref;
    invert(n);
    memcpy(expected, inverse, sizeof expected);
    port = &kfix_port_simd;
    invert(n);
    for (size_t i = 0; i < n; i++)
      CHECK_MEM(expected + i * LD, inverse + i * LD, (i + 1) * sizeof *inverse);
  }
}

void test_a_port_without_host_memory_is_refused(void) {
  kfix_port device_port = kfix_port_ref;
  size_t info;
  device_port.is_host = 0;
  port = &device_port;
  CHECK_INT(KFIX_PORT, invert_in(3, a, LD, &info));
}

/* As a double, in little endian on any machine. */
static void add_to_digest(kfix_digest_state *digest, kfix_real x) {
  const uint64_t bits = kfix_bits_f64((double)x);
  unsigned char bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(bits >> 8 * i);
  kfix_digest_add(digest, bytes, sizeof bytes);
}

/* The same on every machine; a change of these bits is a change of every training run. */
void test_the_bits_are_the_recorded_ones(void) {
  kfix_digest_state digest;
  kfix_digest_begin(&digest, 0);
  for (size_t s = 0; s < SIZES; s++) {
    make_positive(sizes[s], 0.01);
    invert(sizes[s]);
    for (size_t i = 0; i < sizes[s]; i++)
      for (size_t j = 0; j <= i; j++) add_to_digest(&digest, inverse[i * LD + j]);
  }
  CHECK_U64(sizeof(kfix_real) == 4 ? UINT64_C(0xb4b7be63b93657ca) : UINT64_C(0x17c04929971a6492),
            kfix_digest_end(&digest));
}
