/* SPDX-License-Identifier: Apache-2.0
 * Products and factorizations of the CUDA port: they agree with the reference port, or with what
 * defines them, to the rounding errors that any order of summation admits. With GPU=1 on a device,
 * else on libraries played by the host (test/fake_cuda). */
#include "cuda_case.h"

void setUp(void) {
  cuda_case_begin();
}

void tearDown(void) {
  cuda_case_end();
}

static void near_all(double tolerance, size_t n, const kfix_real *expected,
                     const kfix_real *actual) {
  for (size_t i = 0; i < n; i++) CHECK_NEAR(tolerance, (double)expected[i], (double)actual[i]);
}

/* Entries are below 3 in magnitude and k <= SIDE: a sum of k products errs by k eps of k 9. */
static const double product_error = 2.0 * SIDE * SIDE * 9 * KFIX_REAL_EPS;

static void products(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_op op_a = (kfix_op)(variant % 3), op_b = (kfix_op)(variant / 3 % 3);
  const kfix_real beta = (kfix_real)(variant / 9);
  const size_t k = 31, m = op_a == KFIX_S ? k : s.rows, n = op_b == KFIX_S ? k : s.cols;
  ok(d->port->gemm(d, op_a, op_b, m, n, k, (kfix_real)0.5, b->x, LD, b->y, LD, beta, b->out, LD));
  if (op_a != KFIX_S)
    ok(d->port->syrk(d, op_a, s.cols, k, (kfix_real)0.5, b->x, LD, beta, b->out + N,
                     op_b == KFIX_S ? KFIX_PACKED : LD));
}

void test_products(void) {
  static const shape shapes[] = {{1, 1}, {2, 3}, {7, 13}, {70, 16}, {SIDE, SIDE}};
  for (int variant = 0; variant < 18; variant++)
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
      run_both(products, shapes[i], variant);
      near_all(product_error, 2 * N, want.out, got.out);
    }
}

void test_no_terms_clear_the_result_or_leave_it(void) {
  for (int beta = 0; beta < 2; beta++) {
    ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
    ok(kfix_port_cuda.gemm(&device, KFIX_N, KFIX_N, 3, 5, 0, 1, remote->x, LD, remote->y, LD,
                           (kfix_real)beta, remote->out, LD));
    ok(kfix_port_cuda.download(&device, &got, remote, sizeof got));
    for (size_t i = 0; i < 3; i++)
      for (size_t j = 0; j < 5; j++)
        CHECK(got.out[i * LD + j] == (beta ? start.out[i * LD + j] : 0));
    CHECK(got.out[5] == start.out[5] && got.out[3 * LD] == start.out[3 * LD]);
  }
}

/* x := a well conditioned symmetric matrix of order n, full. */
static void make_symmetric(size_t n, double diagonal) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      start.x[i * LD + j] = start.x[j * LD + i] =
          (kfix_real)((i == j ? diagonal : 0) + 0.1 * (double)start.y[i * LD + j]);
}

static double entry_of_product(size_t n, const kfix_real *a, const kfix_real *b, size_t i, size_t j,
                               int transposed) {
  double sum = 0;
  for (size_t q = 0; q < n; q++)
    sum += (double)a[i * LD + q] * (double)(transposed ? b[j * LD + q] : b[q * LD + j]);
  return sum;
}

/* |A X - I| by the inverse, |L^-1 A L^-T - I| by the whitener: eps times n times a condition number
 * below 10, with room for the n terms of the check. */
static void check_factors(size_t n) {
  const double tolerance = 100.0 * (double)(n + 1) * KFIX_REAL_EPS;
  size_t info = 9;
  make_symmetric(n, 0.4 * (double)n + 1);
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  ok(kfix_port_cuda.factor->spd_inverse(&device, n, remote->x, LD, NULL, &info));
  ok(kfix_port_cuda.download(&device, &got, remote, sizeof got));
  CHECK_INT(0, info);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      CHECK(got.x[j * LD + i] == start.x[j * LD + i]); /* left as it was */
      got.x[j * LD + i] = got.x[i * LD + j];
    }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      CHECK_NEAR(tolerance, i == j, entry_of_product(n, start.x, got.x, i, j, 0));
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  ok(kfix_port_cuda.factor->spd_whiten(&device, n, remote->x, LD, &info));
  ok(kfix_port_cuda.download(&device, &got, remote, sizeof got));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      if (j > i) CHECK(got.x[i * LD + j] == 0);
      got.y[i * LD + j] = (kfix_real)entry_of_product(n, got.x, start.x, i, j, 0);
    }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      CHECK_NEAR(tolerance, i == j, entry_of_product(n, got.y, got.x, i, j, 1));
}

/* Of one row: where the next one would be does not matter, but that it is far is said in 64 bits. */
void test_leading_dimensions_beyond_int(void) {
  const size_t far = (size_t)INT32_MAX + 70;
  double expected = 0;
  for (size_t i = 0; i < 3; i++) expected += (double)start.x[i] * (double)start.y[i * LD];
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  ok(kfix_port_cuda.gemm(&device, KFIX_N, KFIX_N, 1, 1, 3, 1, remote->x, far, remote->y, LD, 0,
                         remote->out, far));
  ok(kfix_port_cuda.download(&device, &got, remote, sizeof got));
  CHECK_NEAR(100 * KFIX_REAL_EPS, expected, got.out[0]);
}

void test_factors_of_positive_matrices(void) {
  static const size_t orders[] = {1, 2, 3, 17, 64, SIDE};
  for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) check_factors(orders[i]);
}

void test_an_indefinite_matrix_is_refused_by_its_row(void) {
  size_t info = 0;
  make_symmetric(5, 5);
  start.x[2 * LD + 2] = -1;
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  CHECK_INT(KFIX_NOT_POSITIVE,
            kfix_port_cuda.factor->spd_inverse(&device, 5, remote->x, LD, NULL, &info));
  CHECK_INT(3, info);
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  CHECK_INT(KFIX_NOT_POSITIVE, kfix_port_cuda.factor->spd_whiten(&device, 5, remote->x, LD, &info));
  CHECK_INT(3, info);
}

/* Residual and orthogonality to n eps of the largest eigenvalue, order and signs as promised. */
void test_eigenvectors(void) {
  const size_t n = 23;
  const double tolerance = 100.0 * (double)n * KFIX_REAL_EPS * 12;
  size_t info = 9;
  make_symmetric(n, 2);
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  ok(kfix_port_cuda.factor->symmetric_eigen(&device, n, remote->x, LD, remote->v, remote->out, LD,
                                            NULL, &info));
  ok(kfix_port_cuda.download(&device, &got, remote, sizeof got));
  CHECK_INT(0, info);
  for (size_t j = 0; j < n; j++) {
    double largest = 0;
    if (j > 0) CHECK(got.v[j] >= got.v[j - 1]);
    for (size_t i = 0; i < n; i++) {
      const double x = (double)got.out[i * LD + j];
      if (fabs(x) > fabs(largest)) largest = x;
      CHECK_NEAR(tolerance, (double)got.v[j] * x, entry_of_product(n, start.x, got.out, i, j, 0));
    }
    CHECK(largest > 0);
  }
  start.x[3 * LD + 1] = (kfix_real)NAN;
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  CHECK_INT(KFIX_NOT_CONVERGED,
            kfix_port_cuda.factor->symmetric_eigen(&device, n, remote->x, LD, remote->v,
                                                   remote->out, LD, NULL, &info));
  CHECK_INT(4, info);
}
