/* SPDX-License-Identifier: Apache-2.0
 * The symmetric eigenproblem, on the CPU ports. */
#include "check.h"
#include "core/digest.h"
#include "core/elementary.h"
#include "eigen_cases.h"
#include "factor/eigen.h"
#include "factor/factor.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

#define LARGEST 301
#define LD      304
#define EPS     ((double)KFIX_REAL_EPS)

static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 16, 17, 31, 32, 33, 63, 64, 65, 101, 151, LARGEST};
#define SIZES (sizeof sizes / sizeof sizes[0])

static kfix_real a[LARGEST * LD], left[LARGEST * LD], v[LARGEST * LD], s[LARGEST];
static _Alignas(KFIX_ALIGN) kfix_real scratch[KFIX_EIGEN_REALS(LARGEST)];
static _Alignas(KFIX_ALIGN) unsigned char packing[KFIX_PORT_SCRATCH_simd(1, 1, 3, 1)];
static const kfix_port *port;

/* The fast one where it runs: they give the same bits, as a test below shows. */
void setUp(void) {
  port = kfix_port_simd.available() == KFIX_OK ? &kfix_port_simd : &kfix_port_ref;
}

/* Three threads whose tasks come in the opposite order. */
static void backwards(kfix_crew *crew, void (*task)(void *arg, unsigned index), void *arg,
                      unsigned tasks) {
  (void)crew;
  while (tasks-- > 0) task(arg, tasks);
}
static kfix_crew three_threads = {3, backwards, NULL};

/* a, which left then holds no longer; v and s are the answer. */
static kfix_status solve(size_t n, kfix_crew *crew, size_t *info) {
  const kfix_device d = {port, crew, packing, sizeof packing, 3, NULL};
  memcpy(left, a, sizeof a);
  return kfix_factor_eigen(&d, n, left, LD, s, v, LD, scratch, info);
}

/* Every step of the algorithm is a product with an orthogonal matrix to a few eps in norm, and
 * there are O(n) of them, whose errors add like a walk; Frobenius norms give another sqrt n. */
static void check_solution(const char *name, size_t n, double scale) {
  char text[96];
  const double bound = 8 * EPS * (double)n;
  (void)snprintf(text, sizeof text, "%s, n = %zu", name, n);
  CHECK_MSG(eigen_residual(n, a, LD, s, v, LD) <= bound * scale, text);
  CHECK_MSG(eigen_orthogonality(n, v, LD) <= bound, text);
  for (size_t i = 1; i < n; i++) CHECK_MSG(s[i - 1] <= s[i], text);
}

static void check_case(eigen_case c, size_t n) {
  size_t info = 9;
  eigen_case_fill(c, n, a, LD);
  CHECK_INT(KFIX_OK, solve(n, NULL, &info));
  CHECK_INT(0, info);
  check_solution(eigen_case_name(c), n, eigen_norm(n, a, LD));
}

void test_residual_and_orthogonality_of_hard_matrices(void) {
  for (int c = 0; c < EIGEN_CASE_COUNT; c++)
    for (size_t i = 0; i < SIZES; i++) check_case((eigen_case)c, sizes[i]);
}

/* One to sixteen samples of which each element is zero three times out of four, as rectified units make
 * them: what is left after so many rows shrinks row by row, down to where it has no reciprocal. */
void test_few_samples_with_many_zeros(void) {
  for (uint32_t rank = 1; rank <= 16; rank *= 2) {
    size_t info = 9;
    uint32_t state = 12345 + rank;
    for (size_t i = 0; i < LARGEST; i++)
      for (size_t j = 0; j < LD; j++) a[i * LD + j] = 0;
    for (uint32_t r = 0; r < rank; r++) {
      static kfix_real x[LARGEST];
      for (size_t i = 0; i < LARGEST; i++) {
        state = state * 1664525u + 1013904223u;
        x[i] = i * 7 % 4 == 0 ? (kfix_real)((double)(state >> 8) * 0x1p-24) : 0;
      }
      for (size_t i = 0; i < LARGEST; i++)
        for (size_t j = 0; j <= i; j++) a[i * LD + j] += x[i] * x[j];
    }
    CHECK_INT(KFIX_OK, solve(LARGEST, NULL, &info));
    check_solution("zeros", LARGEST, eigen_norm(LARGEST, a, LD));
  }
}

void test_the_eigenvalues_of_second_differences_are_known(void) {
  const double pi = 3.14159265358979323846;
  for (size_t i = 0; i < SIZES; i++) {
    const size_t n = sizes[i];
    check_case(EIGEN_laplace, n);
    for (size_t k = 0; k < n; k++)
      CHECK_NEAR(8 * EPS * sqrt((double)n), 2 - 2 * cos(pi * (double)(k + 1) / (double)(n + 1)),
                 (double)s[k]);
  }
}

void test_a_diagonal_matrix_is_sorted_exactly(void) {
  for (size_t i = 0; i < SIZES; i++) {
    const size_t n = sizes[i];
    check_case(EIGEN_diagonal, n);
    for (size_t j = 0; j < n; j++) {
      size_t at = n;
      for (size_t k = 0; k < n; k++)
        if (v[k * LD + j] != 0) at = at == n ? k : n + 1;
      CHECK(at < n && v[at * LD + j] == 1 && s[j] == a[at * LD + at]);
    }
  }
}

/* The component of largest magnitude, the first of equals. */
void test_signs_are_canonical(void) {
  for (int c = 0; c < EIGEN_CASE_COUNT; c++) {
    check_case((eigen_case)c, 65);
    for (size_t j = 0; j < 65; j++) {
      double most = 0;
      for (size_t i = 0; i < 65; i++) {
        const double x = (double)v[i * LD + j];
        if (fabs(x) > fabs(most)) most = x;
      }
      CHECK(most > 0);
    }
  }
}

/* a times 2^shift; elements have few enough bits for any shift. */
static void make_scaled(size_t n, int shift) {
  eigen_case_fill(EIGEN_random, n, a, LD);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      a[i * LD + j] = (kfix_real)ldexp(rint(1024 * (double)a[i * LD + j]), shift - 10);
}

/* By powers of two: then nothing but exponents changes, even where the squares of the elements
 * would overflow or vanish. */
void test_scaling_the_matrix_scales_the_eigenvalues_only(void) {
  static kfix_real plain[LARGEST * LD], values[LARGEST];
  const int far = sizeof(kfix_real) == 4 ? 100 : 1000, shifts[] = {-far, -60, 7, 60, far};
  const size_t n = 65;
  size_t info;
  make_scaled(n, 0);
  CHECK_INT(KFIX_OK, solve(n, NULL, &info));
  memcpy(plain, v, sizeof v);
  memcpy(values, s, sizeof s);
  for (size_t k = 0; k < sizeof shifts / sizeof shifts[0]; k++) {
    make_scaled(n, shifts[k]);
    CHECK_INT(KFIX_OK, solve(n, NULL, &info));
    for (size_t i = 0; i < n; i++) {
      CHECK((double)s[i] == ldexp((double)values[i], shifts[k]));
      CHECK_MEM(plain + i * LD, v + i * LD, n * sizeof *v);
    }
  }
}

void test_an_element_that_is_not_finite_names_its_row(void) {
  const double bad[] = {NAN, INFINITY, -INFINITY};
  const size_t rows[] = {0, 1, 16, 33, 64};
  for (size_t b = 0; b < 3; b++)
    for (size_t r = 0; r < 5; r++) {
      size_t info = 0;
      eigen_case_fill(EIGEN_random, 65, a, LD);
      a[rows[r] * LD + rows[r] / 2] = (kfix_real)bad[b];
      CHECK_INT(KFIX_NOT_CONVERGED, solve(65, NULL, &info));
      CHECK_INT(rows[r] + 1, info);
    }
}

void test_nothing_outside_the_matrices_is_written(void) {
  static _Alignas(KFIX_ALIGN) kfix_real room[KFIX_EIGEN_REALS(LARGEST) + 64];
  for (size_t k = 0; k < SIZES; k++) {
    const size_t n = sizes[k], reals = KFIX_EIGEN_REALS(n);
    const kfix_device d = {port, NULL, packing, sizeof packing, 1, NULL};
    size_t info;
    for (size_t i = 0; i < LARGEST * LD; i++) left[i] = v[i] = 77;
    for (size_t i = 0; i < LARGEST; i++) s[i] = 77;
    for (size_t i = 0; i < 64; i++) room[reals + i] = 77;
    eigen_case_fill(EIGEN_random, n, left, LD);
    CHECK_INT(KFIX_OK, kfix_eigen(&d, n, left, LD, s, v, LD, room, &info));
    for (size_t i = 0; i < LARGEST * LD; i++) {
      const int outside = i / LD >= n || i % LD >= n;
      CHECK(!outside || (left[i] == 77 && v[i] == 77));
    }
    for (size_t i = n; i < LARGEST; i++) CHECK(s[i] == 77);
    for (size_t i = 0; i < 64; i++) CHECK(room[reals + i] == 77);
  }
}

static void check_bits(eigen_case c, size_t n) {
  static kfix_real expected[LARGEST * LD], values[LARGEST];
  size_t info;
  port = &kfix_port_ref;
  check_case(c, n);
  memcpy(expected, v, sizeof v);
  memcpy(values, s, sizeof s);
  port = &kfix_port_simd;
  for (int threads = 0; threads < 2; threads++) {
    CHECK_INT(KFIX_OK, solve(n, threads ? &three_threads : NULL, &info));
    CHECK_MEM(values, s, n * sizeof *s);
    for (size_t i = 0; i < n; i++) CHECK_MEM(expected + i * LD, v + i * LD, n * sizeof *v);
  }
}

void test_ports_and_threads_give_the_same_bits(void) {
  if (kfix_port_simd.available() != KFIX_OK) SKIP("this machine cannot run the vector port");
  for (int c = 0; c < EIGEN_CASE_COUNT; c++)
    for (size_t i = 0; sizes[i] <= 101; i++) check_bits((eigen_case)c, sizes[i]);
  check_bits(EIGEN_random, LARGEST);
}

void test_an_empty_matrix_is_fine(void) {
  size_t info = 5;
  CHECK_INT(KFIX_OK, solve(0, NULL, &info));
  CHECK_INT(0, info);
}

void test_a_port_without_host_memory_is_refused(void) {
  kfix_port device_port = kfix_port_ref;
  size_t info;
  device_port.is_host = 0;
  port = &device_port;
  eigen_case_fill(EIGEN_random, 3, a, LD);
  CHECK_INT(KFIX_PORT, solve(3, NULL, &info));
}

/* As a double, in little endian on any machine. */
static void add_to_digest(kfix_digest_state *digest, kfix_real number) {
  const uint64_t bits = kfix_bits_f64((double)number);
  unsigned char bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(bits >> 8 * i);
  kfix_digest_add(digest, bytes, sizeof bytes);
}

/* The same on every machine; a change of these bits is a change of training runs. The inputs are made
  * without the C library's functions. */
void test_the_bits_are_the_recorded_ones(void) {
  static const eigen_case cases[] = {EIGEN_ones,  EIGEN_random,  EIGEN_covariance,  EIGEN_clustered,
                                     EIGEN_glued, EIGEN_laplace, EIGEN_checkerboard};
  kfix_digest_state digest;
  kfix_digest_begin(&digest, 0);
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
    for (size_t k = 0; k < SIZES; k++) {
      size_t info;
      eigen_case_fill(cases[c], sizes[k], a, LD);
      CHECK_INT(KFIX_OK, solve(sizes[k], NULL, &info));
      for (size_t i = 0; i < sizes[k]; i++) {
        add_to_digest(&digest, s[i]);
        for (size_t j = 0; j < sizes[k]; j++) add_to_digest(&digest, v[i * LD + j]);
      }
    }
  CHECK_U64(sizeof(kfix_real) == 4 ? UINT64_C(0x4cb2ebf5c99a9baf) : UINT64_C(0x956b07a3495e1ed5),
            kfix_digest_end(&digest));
}
