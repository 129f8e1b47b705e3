/* SPDX-License-Identifier: Apache-2.0
 * Several eigenproblems at once on the CUDA port: small and large orders together, in batches and one
 * by one. With GPU=1 on a device, else on one played by the host. */
#include "core/random.h"
#include "cuda_open_case.h"
#include "factor/eigen.h"

enum { WIDEST = 513, JOBS = KFIX_JOBS_MAX, ZEROS = 3, RANK_ONE = 9, DENSE_MAX = 129 };

static const size_t orders[JOBS] = {WIDEST, 1,  2,   31,  32,  33,  64, 65,
                                    128,    31, 129, 100, 257, 512, 1,  17};

static unsigned char *host_arena;
static size_t triangles, results; /* elements of all factors, of all answers */
static kfix_real *factors, *answers;
static kfix_eigen_job jobs[JOBS];
static kfix_real *work; /* the device's */

/* Eigenvalues, then vectors. */
static size_t answer_reals(size_t job) {
  return orders[job] * (orders[job] + 1);
}

/* On the device: factors, answers, work. */
static void place(void) {
  kfix_real *factor = (kfix_real *)cuda.memory, *answer = factor + triangles;
  work = answer + KFIX_ROUND_UP(results, (size_t)64);
  for (size_t i = 0; i < JOBS; i++) {
    jobs[i] = (kfix_eigen_job){orders[i], factor, answer, answer + orders[i]};
    factor += KFIX_TRIANGLE(orders[i]);
    answer += answer_reals(i);
  }
}

void setUp(void) {
  const size_t host = KFIX_PORT_HOST_cuda(WIDEST, 1);
  triangles = results = 0;
  for (size_t i = 0; i < JOBS; i++) {
    triangles += KFIX_TRIANGLE(orders[i]);
    results += answer_reals(i);
  }
  const size_t mine = (triangles + results + 64 + KFIX_EIGENS_REALS(WIDEST)) * sizeof(kfix_real);
  host_arena = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(host, (size_t)KFIX_ALIGN));
  cuda_open_case(KFIX_CUDA_STRICT, mine, 1, 1, WIDEST, host_arena, host);
  factors = calloc(triangles + results, sizeof *factors);
  answers = factors + triangles;
  place();
}

void tearDown(void) {
  kfix_cuda_close(&cuda);
  free(host_arena);
  free(factors);
}

/* The host's copies. */
static kfix_real *factor_of(size_t job) {
  return factors + (jobs[job].factor - jobs[0].factor);
}

static const kfix_real *values_of(size_t job) {
  return answers + (jobs[job].values - jobs[0].values);
}

static const kfix_real *vectors_of(size_t job) {
  return answers + (jobs[job].vectors - jobs[0].values);
}

/* Dense ones are indefinite; in large ones rows 2 i and 2 i + 1 alone have to do with each other. */
static void make_factor(size_t job) {
  const kfix_draw_key key = {0x6b666978, KFIX_DRAW_TEST, 0, 0};
  const size_t n = orders[job];
  kfix_real *a = factor_of(job);
  kfix_fill_uniform(&key, (uint32_t)job, KFIX_TRIANGLE(n), 1, a);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      kfix_real *x = &a[KFIX_TRIANGLE(i) + j];
      if (n > DENSE_MAX && i != j && (i % 2 == 0 || j + 1 != i)) *x = 0;
      if (job == ZEROS) *x = 0;
      if (job == RANK_ONE) *x = (kfix_real)(1e-3 * (double)((i + 1) * (j + 1)));
    }
}

static kfix_status decompose(size_t count, size_t *failed, size_t *info) {
  memset(answers, 0xff, results * sizeof *answers);
  CHECK_INT(KFIX_OK, kfix_port_cuda.upload(&device, cuda.memory, factors,
                                           (triangles + results) * sizeof *factors));
  const kfix_status status =
      kfix_port_cuda.factor->symmetric_eigens(&device, count, jobs, work, failed, info);
  CHECK_INT(KFIX_OK,
            kfix_port_cuda.download(&device, answers, jobs[0].values, results * sizeof *answers));
  return status;
}

static double entry(const kfix_real *packed, size_t i, size_t j) {
  return (double)packed[i < j ? KFIX_TRIANGLE(j) + i : KFIX_TRIANGLE(i) + j];
}

static double norm_of(size_t job) {
  double sum = 0;
  for (size_t i = 0; i < orders[job]; i++)
    for (size_t j = 0; j < orders[job]; j++) sum += pow(entry(factor_of(job), i, j), 2);
  return sqrt(sum);
}

/* Largest elements of A V - V S and of V^T V - I. */
static void residuals(size_t job, double *equation, double *orthogonality) {
  const size_t n = orders[job];
  const kfix_real *a = factor_of(job), *v = vectors_of(job), *s = values_of(job);
  *equation = *orthogonality = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double left = -(double)v[i * n + j] * (double)s[j], product = -(double)(i == j);
      for (size_t q = 0; q < n; q++) {
        left += entry(a, i, q) * (double)v[q * n + j];
        product += (double)v[q * n + i] * (double)v[q * n + j];
      }
      *equation = fmax(*equation, fabs(left));
      *orthogonality = fmax(*orthogonality, fabs(product));
    }
}

static void check_order_and_signs(size_t job) {
  const size_t n = orders[job];
  for (size_t j = 0; j < n; j++) {
    double largest = 0;
    if (j > 0) CHECK(values_of(job)[j] >= values_of(job)[j - 1]);
    for (size_t i = 0; i < n; i++) {
      const double x = (double)vectors_of(job)[i * n + j];
      if (fabs(x) > fabs(largest)) largest = x;
    }
    CHECK(largest > 0);
  }
}

/* n eps with room for the terms of a sum; what fills a batch up may have twice the norm. */
static void check_job(size_t job) {
  const double tolerance = 100.0 * (double)(orders[job] + 1) * KFIX_REAL_EPS;
  double equation, orthogonality;
  residuals(job, &equation, &orthogonality);
  CHECK_NEAR(tolerance * norm_of(job), 0, equation);
  CHECK_NEAR(tolerance, 0, orthogonality);
  check_order_and_signs(job);
}

static void make_factors(void) {
  for (size_t i = 0; i < JOBS; i++) make_factor(i);
}

void test_orders_of_all_sizes_at_once(void) {
  size_t failed = 9, info = 9;
  make_factors();
  CHECK_INT(KFIX_OK, decompose(JOBS, &failed, &info));
  for (size_t i = 0; i < JOBS; i++) check_job(i);
  CHECK_INT(0, info);
  printf("eigenproblems: %zu in %zu batches, %zu one by one, %zu on the host\n",
         cuda.routes.batched, cuda.routes.batches, cuda.routes.alone, cuda.routes.on_host);
  CHECK_INT(JOBS, cuda.routes.batched + cuda.routes.alone + cuda.routes.on_host);
  CHECK(dirty_calls > 0);
}

/* A few: what comes after them is left alone. */
void test_some_jobs(void) {
  size_t failed, info;
  make_factors();
  CHECK_INT(KFIX_OK, decompose(0, &failed, &info));
  CHECK_INT(KFIX_OK, decompose(5, &failed, &info));
  for (size_t i = 0; i < 5; i++) check_job(i);
  for (const kfix_real *x = values_of(5); x < answers + results; x++) CHECK(*x != *x);
}

static void is_named(size_t job, size_t row) {
  size_t failed = 99, info = 99;
  factor_of(job)[KFIX_TRIANGLE(row) - 1] = (kfix_real)NAN;
  CHECK_INT(KFIX_NOT_CONVERGED, decompose(JOBS, &failed, &info));
  CHECK_INT(job, failed);
  CHECK_INT(row, info);
}

/* The first of the jobs is named, be it large or small, and the first row. */
void test_what_is_not_finite_is_named(void) {
  make_factors();
  is_named(12, 200);
  is_named(12, 100);
  is_named(7, 65);
  is_named(0, 300);
}
