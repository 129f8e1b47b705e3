/* SPDX-License-Identifier: Apache-2.0
 * The reference port against the formulas of port.h in long double. Tolerances are the rounding
 * errors that the arithmetic admits: eps times the number of roundings times the size of terms. */
#include "check.h"
#include "port_cases.h"

#define SIDE 70
#define LD   73
#define N    ((size_t)SIDE * LD)

static const long double eps = KFIX_REAL_EPS;
static kfix_real x[N], y[N], z[N], p[N], out[N], before[N];
static double scratch[2 * SIDE];
static const kfix_device device = {&kfix_port_ref, NULL, scratch, sizeof scratch, 1, NULL};
#define PORT (&kfix_port_ref)

void setUp(void) {
  port_numbers(1, 3, N, x);
  port_numbers(2, 3, N, y);
  port_numbers(3, 3, N, z);
  port_numbers(4, 1, N, p);
  port_numbers(5, 1, N, before);
  for (size_t i = 0; i < N; i++) p[i] = (kfix_real)fabs((double)p[i]);
  memcpy(out, before, sizeof out);
}

/* Nothing but the rows x cols matrix of leading dimension LD was written. */
static void padding_is_untouched(size_t rows, size_t cols) {
  for (size_t i = 0; i < N; i++)
    if (i / LD >= rows || i % LD >= cols) CHECK_MEM(before + i, out + i, sizeof *out);
}

static void near(long double tolerance, long double expected, long double actual) {
  CHECK_NEAR(tolerance, expected, actual);
}

void test_the_port_is_there(void) {
  CHECK_INT(KFIX_OK, PORT->available());
  CHECK_INT(1, PORT->is_host);
  CHECK_STR("ref", PORT->name);
  CHECK(PORT->factor == NULL && PORT->kron == NULL);
  CHECK_INT(KFIX_PORT_SCRATCH_ref(100, 30, 2, 40), PORT->scratch_bytes(100, 30, 2, 40));
}

/* ---- products ---- */

static long double element(kfix_op op, const kfix_real *a, size_t i, size_t j) {
  if (op == KFIX_S) return i < j ? a[j * (j + 1) / 2 + i] : a[i * (i + 1) / 2 + j];
  return op == KFIX_N ? a[i * LD + j] : a[j * LD + i];
}

/* k fma, the scaling of a, the sum of blocks: k + 4 roundings of at most the sum of |terms|. */
static void check_element(kfix_op op_a, kfix_op op_b, size_t i, size_t j, size_t k,
                          long double alpha, long double start, const kfix_real *b,
                          kfix_real actual) {
  long double sum = start, size = fabsl(start);
  for (size_t q = 0; q < k; q++) {
    const long double term = alpha * element(op_a, x, i, q) * element(op_b, b, q, j);
    sum += term;
    size += fabsl(term);
  }
  near((long double)(k + 4) * eps * size, sum, actual);
}

static void check_gemm(kfix_op op_a, kfix_op op_b, size_t m, size_t n, size_t k, kfix_real alpha,
                       kfix_real beta) {
  memcpy(out, before, sizeof out);
  CHECK_INT(KFIX_OK, PORT->gemm(&device, op_a, op_b, m, n, k, alpha, x, LD, y, LD, beta, out, LD));
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++)
      check_element(op_a, op_b, i, j, k, alpha, beta * before[i * LD + j], y, out[i * LD + j]);
  padding_is_untouched(m, n);
}

void test_gemm(void) {
  for (int ops = 0; ops < 9; ops++) {
    const kfix_op a = (kfix_op)(ops / 3), b = (kfix_op)(ops % 3);
    const int square_a = a == KFIX_S, square_b = b == KFIX_S;
    check_gemm(a, b, square_a ? 41 : 13, square_b ? 41 : 65, 41, 1, 0);
    check_gemm(a, b, square_a ? 17 : 70, square_b ? 17 : 1, 17, (kfix_real)-0.3, 1);
    check_gemm(a, b, square_a ? 1 : 3, square_b ? 1 : 2, 1, 2, 1);
    check_gemm(a, b, square_a ? 0 : 3, square_b ? 0 : 7, 0, 1, 0);
  }
}

/* Depth beyond one block, with the matrices as long rows. */
void test_gemm_in_blocks_of_depth(void) {
  const size_t k = 600, m = 3, n = 2;
  kfix_real c[6];
  CHECK_INT(KFIX_OK, PORT->gemm(&device, KFIX_N, KFIX_T, m, n, k, 1, x, k, y, k, 0, c, n));
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      long double sum = 0, size = 0;
      for (size_t q = 0; q < k; q++) {
        sum += (long double)x[i * k + q] * y[j * k + q];
        size += fabsl((long double)x[i * k + q] * y[j * k + q]);
      }
      near((KFIX_KC + 4) * eps * size, sum, c[i * n + j]);
    }
}

/* 1 + 256 tiny, in the first block of depth, is 1; tiny alone in the second block survives. */
void test_blocks_of_depth_are_summed_on_their_own(void) {
  const size_t k = 2 * KFIX_KC;
  const kfix_real tiny = (kfix_real)(KFIX_REAL_EPS / 4);
  kfix_real c = 5;
  for (size_t q = 0; q < k; q++) {
    x[q] = q == 0 ? 1 : tiny;
    y[q] = 1;
  }
  CHECK_INT(KFIX_OK, PORT->gemm(&device, KFIX_N, KFIX_N, 1, 1, k, 1, x, k, y, 1, 0, &c, 1));
  CHECK(c == 1 + KFIX_KC * tiny);
}

void test_syrk(void) {
  static const size_t n = 31, k = 57;
  for (int variant = 0; variant < 8; variant++) {
    const kfix_op op = variant & 1 ? KFIX_T : KFIX_N, other = variant & 1 ? KFIX_N : KFIX_T;
    const kfix_real beta = variant & 2 ? 1 : 0;
    const size_t ldc = variant & 4 ? KFIX_PACKED : LD;
    memcpy(out, before, sizeof out);
    CHECK_INT(KFIX_OK, PORT->syrk(&device, op, n, k, (kfix_real)0.7, x, LD, beta, out, ldc));
    for (size_t i = 0; i < N; i++) {
      const size_t row = i / LD, col = i % LD, at = ldc ? i : row * (row + 1) / 2 + col;
      if (row < n && col <= row)
        check_element(op, other, row, col, k, (kfix_real)0.7, beta * before[at], x, out[at]);
      else if (ldc || i >= n * (n + 1) / 2)
        CHECK_MEM(before + i, out + i, sizeof *out);
    }
  }
}

/* ---- symmetric storage ---- */

static void unpack_pack_trace(size_t n) {
  static kfix_real back[N];
  double trace = 9;
  long double sum = 0;
  CHECK_INT(KFIX_OK, PORT->unpack(&device, n, x, (kfix_real)0.5, out, LD));
  padding_is_untouched(n, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      const kfix_real stored = (kfix_real)element(KFIX_S, x, i, j);
      const kfix_real expected = i == j ? stored + (kfix_real)0.5 : stored;
      CHECK(out[i * LD + j] == expected);
      if (i == j) sum += stored;
    }
  memcpy(back, before, sizeof back);
  CHECK_INT(KFIX_OK, PORT->unpack(&device, n, x, (kfix_real)0.5, back, KFIX_PACKED));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) CHECK(back[KFIX_TRIANGLE(i) + j] == out[i * LD + j]);
  CHECK_MEM(before + KFIX_TRIANGLE(n), back + KFIX_TRIANGLE(n), (N - KFIX_TRIANGLE(n)) * sizeof *x);
  CHECK_INT(KFIX_OK, PORT->trace(&device, n, x, &trace));
  near(1e-14L * n, sum, trace);
  memcpy(back, before, sizeof back);
  CHECK_INT(KFIX_OK, PORT->unpack(&device, n, x, 0, out, LD));
  CHECK_INT(KFIX_OK, PORT->pack(&device, n, out, LD, back));
  CHECK_MEM(x, back, KFIX_TRIANGLE(n) * sizeof *x);
  CHECK_MEM(before + KFIX_TRIANGLE(n), back + KFIX_TRIANGLE(n), (N - KFIX_TRIANGLE(n)) * sizeof *x);
}

/* Squares of 16 are turned as a whole. */
void test_unpack_pack_trace(void) {
  static const size_t orders[] = {1, 15, 16, 17, 32, 37};
  for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
    memcpy(out, before, sizeof out);
    unpack_pack_trace(orders[i]);
  }
}

/* ---- layers ---- */

static long double phi(kfix_activation f, long double s) {
  if (f == KFIX_RELU) return s < 0 ? 0 : s;
  if (f == KFIX_SIGMOID) return 1 / (1 + expl(-s));
  return f == KFIX_TANH ? tanhl(s) : s;
}

void test_activate(void) {
  for (int f = 0; f < KFIX_SOFTMAX; f++) {
    memcpy(out, x, sizeof out);
    memcpy(before, x, sizeof out);
    CHECK_INT(KFIX_OK, PORT->activate(&device, (kfix_activation)f, 31, 17, out, LD));
    padding_is_untouched(31, 17);
    for (size_t i = 0; i < 31 * LD; i += 1 + (i % LD == 16) * (LD - 17))
      near(3 * eps, phi((kfix_activation)f, x[i]), out[i]);
  }
}

void test_differentiate(void) {
  static const kfix_activation f[] = {KFIX_LINEAR, KFIX_RELU, KFIX_SIGMOID, KFIX_TANH};
  for (size_t t = 0; t < 4; t++) {
    memcpy(out, before, sizeof out);
    CHECK_INT(KFIX_OK, PORT->differentiate(&device, f[t], 13, 31, x, LD, out, LD));
    padding_is_untouched(13, 31);
    for (size_t i = 0; i < 13 * LD; i += 1 + (i % LD == 30) * (LD - 31)) {
      const long double a = x[i], slope[] = {1, a > 0, a - a * a, 1 - a * a};
      near(2 * eps * (1 + a * a), before[i] * slope[t], out[i]);
    }
  }
}

void test_relu_passes_nan_on(void) {
  kfix_real a[3] = {(kfix_real)NAN, 0, 2}, g[3] = {1, 1, 1};
  CHECK_INT(KFIX_OK, PORT->activate(&device, KFIX_RELU, 1, 3, a, 3));
  CHECK(a[0] != a[0]);
  CHECK_INT(KFIX_OK, PORT->differentiate(&device, KFIX_RELU, 1, 3, a, 3, g, 3));
  CHECK(g[0] != g[0]);
  CHECK(g[1] == 0 && g[2] == 1);
}
