/* SPDX-License-Identifier: Apache-2.0
 * Several inverses at once on the CUDA port: small and large orders together, in batches and one by
 * one. With GPU=1 on a device, else on one played by the host. */
#include "core/random.h"
#include "cuda_open_case.h"

enum { WIDEST = 300, JOBS = KFIX_JOBS_MAX };

static const size_t orders[JOBS] = {WIDEST, 1,  2,   31,  32,  33,  64, 65,
                                    128,    31, 200, 256, 257, 257, 1,  100};
static const double shift = 0.25;

static unsigned char *host_arena;
static size_t reals;           /* of all triangles */
static kfix_real *factors, *x; /* the host's */
static kfix_inverse_job jobs[JOBS];

static size_t triangles_before(size_t job) {
  size_t sum = 0;
  for (size_t i = 0; i < job; i++) sum += KFIX_TRIANGLE(orders[i]);
  return sum;
}

/* On the device: factors, then inverses. */
static void place(void) {
  kfix_real *remote = (kfix_real *)cuda.memory;
  for (size_t i = 0; i < JOBS; i++) {
    kfix_real *factor = remote + triangles_before(i);
    jobs[i] = (kfix_inverse_job){orders[i], shift, factor, factor + reals};
  }
}

void setUp(void) {
  const size_t host = KFIX_PORT_HOST_cuda(1, 1);
  reals = triangles_before(JOBS);
  const size_t mine = 2 * reals * sizeof(kfix_real);
  host_arena = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(host, (size_t)KFIX_ALIGN));
  cuda_open_case(KFIX_CUDA_STRICT, mine, 1, 1, WIDEST, host_arena, host);
  factors = malloc(2 * reals * sizeof *factors);
  x = factors + reals;
  place();
}

void tearDown(void) {
  kfix_cuda_close(&cuda);
  free(host_arena);
  free(factors);
}

/* Symmetric with a heavy diagonal: well conditioned. */
static void make_factors(void) {
  const kfix_draw_key key = {0x6b666978, KFIX_DRAW_TEST, 0, 0};
  for (size_t i = 0; i < JOBS; i++) {
    kfix_real *a = factors + triangles_before(i);
    kfix_fill_uniform(&key, (uint32_t)i, KFIX_TRIANGLE(orders[i]), 1, a);
    for (size_t r = 0; r < orders[i]; r++)
      a[KFIX_TRIANGLE(r + 1) - 1] += (kfix_real)(0.7 * (double)orders[i] + 1);
  }
}

static double entry(const kfix_real *packed, size_t i, size_t j) {
  return (double)packed[i < j ? KFIX_TRIANGLE(j) + i : KFIX_TRIANGLE(i) + j];
}

/* |(A + shift I) X - I|: eps times n times a condition number below 10, with room for n terms. */
static void check_inverse(size_t job) {
  const size_t n = orders[job], at = triangles_before(job);
  double worst = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = shift * entry(x + at, i, j) - (i == j);
      for (size_t q = 0; q < n; q++) sum += entry(factors + at, i, q) * entry(x + at, q, j);
      worst = fabs(sum) > worst ? fabs(sum) : worst;
    }
  CHECK_NEAR(100.0 * (double)(n + 1) * KFIX_REAL_EPS, 0, worst);
}

static kfix_status invert(size_t count, size_t *failed, size_t *info) {
  const size_t bytes = reals * sizeof *x;
  memset(x, 0xff, bytes);
  CHECK_INT(KFIX_OK, kfix_port_cuda.upload(&device, cuda.memory, factors, 2 * bytes));
  const kfix_status status =
      kfix_port_cuda.factor->spd_inverses(&device, count, jobs, failed, info);
  CHECK_INT(KFIX_OK,
            kfix_port_cuda.download(&device, x, (unsigned char *)cuda.memory + bytes, bytes));
  return status;
}

void test_orders_of_all_sizes_at_once(void) {
  size_t failed = 9, info = 9;
  make_factors();
  CHECK_INT(KFIX_OK, invert(JOBS, &failed, &info));
  for (size_t i = 0; i < JOBS; i++) check_inverse(i);
  CHECK_INT(0, info);
}

/* A few: what comes after them is left alone. */
void test_some_jobs(void) {
  size_t failed, info;
  make_factors();
  CHECK_INT(KFIX_OK, invert(0, &failed, &info));
  CHECK_INT(KFIX_OK, invert(5, &failed, &info));
  for (size_t i = 0; i < 5; i++) check_inverse(i);
  for (size_t e = triangles_before(5); e < reals; e++) CHECK(x[e] != x[e]);
}

/* The first of the jobs is named, be it large or small, and the row. */
void test_what_is_not_positive_definite_is_named(void) {
  size_t failed = 99, info = 99;
  make_factors();
  factors[triangles_before(13) + KFIX_TRIANGLE(200) - 1] = -1;
  CHECK_INT(KFIX_NOT_POSITIVE, invert(JOBS, &failed, &info));
  CHECK_INT(13, failed);
  CHECK_INT(200, info);
  factors[triangles_before(7) + KFIX_TRIANGLE(3) - 1] = -1;
  CHECK_INT(KFIX_NOT_POSITIVE, invert(JOBS, &failed, &info));
  CHECK_INT(7, failed);
  CHECK_INT(3, info);
}
