/* SPDX-License-Identifier: Apache-2.0
 * Block-tridiagonal K-FAC against the dense F-hat of [KFAC 4.3]: the matrix that has F-tilde's
 * blocks on and next to the diagonal and a block-tridiagonal inverse. */
#include <stdlib.h>

#include "check.h"
#include "curvature/curvature.h"
#include "factor/kron_sum.h"
#include "net/net.h"
#include "reference_case.h"
#include "reference_kfac.h"

enum { UNITS = 24, LAYERS = 4, TOTAL = 400 };
#define EPS ((double)KFIX_REAL_EPS)

/* Undamped statistics as the library shows them, damped factors, Psi: one row-major matrix each. */
typedef struct dense {
  size_t depth, in[LAYERS], out[LAYERS], w[LAYERS], total;
  double a[LAYERS][UNITS * UNITS], g[LAYERS][UNITS * UNITS];
  double a_cross[LAYERS][UNITS * UNITS], g_cross[LAYERS][UNITS * UNITS];
  double a_psi[LAYERS][UNITS * UNITS], g_psi[LAYERS][UNITS * UNITS];
} dense;
static dense f;
static double big[TOTAL * TOTAL], wide[TOTAL * TOTAL];

/* out (m x n) = x (m x k) y (k x n). */
static void product(size_t m, size_t n, size_t k, const double *x, const double *y, double *out) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t l = 0; l < k; l++) sum += x[i * k + l] * y[l * n + j];
      out[i * n + j] = sum;
    }
}

/* psi (n x m) = cross (n x m) damped^-1 (m x m). */
static void find_psi(size_t n, size_t m, const double *cross, const double *damped, double *psi) {
  static double inverse[UNITS * UNITS];
  CHECK(ref_inverse(m, damped, inverse));
  product(n, m, m, cross, inverse, psi);
}

static void take_factors(ref_case *c, double gamma) {
  f.depth = c->ref.depth;
  f.total = 0;
  for (size_t i = 0; i < f.depth; i++) {
    double pi;
    f.in[i] = c->ref.width[i] + 1;
    f.out[i] = c->ref.width[i + 1];
    f.w[i] = f.total;
    f.total += f.in[i] * f.out[i];
    CHECK_INT(KFIX_OK, case_matrix(c, "A", i, f.a[i]));
    CHECK_INT(KFIX_OK, case_matrix(c, "G", i, f.g[i]));
    CHECK_INT(KFIX_OK, kfix_number(c->k, "pi", (uint32_t)i + 1, &pi));
    for (size_t j = 0; j < f.in[i]; j++) f.a[i][j * f.in[i] + j] += gamma * pi;
    for (size_t j = 0; j < f.out[i]; j++) f.g[i][j * f.out[i] + j] += gamma / pi;
  }
  for (size_t i = 0; i + 1 < f.depth; i++) {
    CHECK_INT(KFIX_OK, case_matrix(c, "A_cross", i, f.a_cross[i]));
    CHECK_INT(KFIX_OK, case_matrix(c, "G_cross", i, f.g_cross[i]));
    find_psi(f.in[i], f.in[i + 1], f.a_cross[i], f.a[i + 1], f.a_psi[i]);
    find_psi(f.out[i], f.out[i + 1], f.g_cross[i], f.g[i + 1], f.g_psi[i]);
  }
}

/* Block (i, j) of big = g (x) a, for W stored row by row. */
static void put_block(size_t i, size_t j, const double *g, const double *a) {
  for (size_t r = 0; r < f.out[i]; r++)
    for (size_t p = 0; p < f.in[i]; p++)
      for (size_t s = 0; s < f.out[j]; s++)
        for (size_t q = 0; q < f.in[j]; q++) {
          const double value = g[r * f.out[j] + s] * a[p * f.in[j] + q];
          const size_t row = f.w[i] + r * f.in[i] + p, col = f.w[j] + s * f.in[j] + q;
          big[row * f.total + col] = big[col * f.total + row] = value;
        }
}

/* F-hat: beyond the neighbours, F_ij = Psi_i,i+1 F_i+1,j, a Kronecker product too. */
static void make_f_hat(void) {
  for (size_t i = 0; i < f.depth; i++) {
    put_block(i, i, f.g[i], f.a[i]);
    if (i + 1 == f.depth) break;
    static double a[UNITS * UNITS], g[UNITS * UNITS], half[UNITS * UNITS];
    memcpy(a, f.a_cross[i], sizeof a);
    memcpy(g, f.g_cross[i], sizeof g);
    put_block(i, i + 1, g, a);
    for (size_t j = i + 2; j < f.depth; j++) {
      /* X_i,j = Psi_i,i+1 ... Psi_j-2,j-1 X_j-1,j: extend by the right-hand identity
       * X_i,j = X_i,j-1 damped_j-1^-1 X_j-1,j. */
      find_psi(f.in[i], f.in[j - 1], a, f.a[j - 1], half);
      product(f.in[i], f.in[j], f.in[j - 1], half, f.a_cross[j - 1], a);
      find_psi(f.out[i], f.out[j - 1], g, f.g[j - 1], half);
      product(f.out[i], f.out[j], f.out[j - 1], half, f.g_cross[j - 1], g);
      put_block(i, j, g, a);
    }
  }
}

static void begin(ref_case *c, size_t depth, const uint32_t *widths, kfix_loss loss, double lambda,
                  double floor) {
  case_begin(c, loss, depth, widths, KFIX_TANH, KFIX_TANH, 90, 3);
  c->options.stats_fraction = 1;
  c->options.lambda = lambda;
  c->options.tridiag_floor = floor;
  CHECK_INT(KFIX_OK, case_create(c, KFIX_METHOD_kfac_tridiag, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 4, 1));
}

/* After a step: what it committed is what the kernels see. */
static double step(ref_case *c) {
  kfix_report report;
  CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, &report));
  memset(c->k->changed, 0, sizeof c->k->changed);
  return report.gamma;
}

static void library_apply(ref_case *c, double scale, const double *v, double *u) {
  kfix *k = c->k;
  kfix_real *in = kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
  kfix_real *out = kfix_spare(k, &k->buffer[KFIX_NET_THETA]);
  case_vector(c, v, in);
  CHECK_INT(KFIX_OK, k->method->curvature->apply(k, &k->phase, scale, in, 0, out));
  for (size_t i = 0; i < c->ref.depth; i++)
    for (size_t j = 0; j < c->ref.width[i + 1] * (c->ref.width[i] + 1); j++)
      u[c->ref.w[i] + j] = out[k->block[i].w + j];
}

static void random_vector(double *v) {
  uint64_t state = 8;
  for (size_t i = 0; i < f.total; i++) v[i] = (kfix_real)case_normal(&state);
}

static double floored(ref_case *c) {
  double sum = 0, count;
  for (uint32_t i = 1; i <= c->ref.depth; i++) {
    CHECK_INT(KFIX_OK, kfix_number(c->k, "floored", i, &count));
    sum += count;
  }
  return sum;
}

static void check_inverse(size_t depth, const uint32_t *widths, kfix_loss loss, double lambda) {
  ref_case c;
  double v[TOTAL], u[TOTAL];
  begin(&c, depth, widths, loss, lambda, 1e-6);
  take_factors(&c, step(&c));
  random_vector(v);
  library_apply(&c, -1.5, v, u);
  make_f_hat();
  for (size_t i = 0; i < f.total; i++) v[i] *= -1.5;
  CHECK(ref_solve(f.total, 1, big, v));
  CHECK_NEAR(sizeof(kfix_real) == 8 ? 1e-10 : 2e-3, 0, relative_distance(u, v, f.total));
  CHECK_NEAR(0, 0, floored(&c));
  case_end(&c);
}

/* Neighbours wider and narrower, units of one. */
void test_apply_solves_the_dense_system(void) {
  static const uint32_t shapes[][LAYERS + 1] = {
      {3, 5, 2, 4, 3}, {5, 3, 7, 1, 4}, {1, 1, 1, 1, 1}, {7, 5, 3, 5, 7}, {2, 9, 9, 2, 3}};
  static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
    for (size_t depth = 1; depth <= LAYERS; depth++)
      for (int lambda = 0; lambda < 3; lambda++)
        check_inverse(depth, shapes[s], losses[(s + depth) % 3], 0.1 * lambda * lambda + 0.02);
}

/* The reference is what it claims to be. */
void test_the_inverse_of_f_hat_is_block_tridiagonal(void) {
  ref_case c;
  double largest = 0, outside = 0;
  begin(&c, 4, (const uint32_t[]){3, 5, 2, 4, 3}, KFIX_MSE, 0.1, 1e-6);
  take_factors(&c, step(&c));
  make_f_hat();
  CHECK(ref_inverse(f.total, big, wide));
  for (size_t i = 0; i < f.total; i++)
    for (size_t j = 0; j < f.total; j++) {
      size_t a = 0, b = 0;
      while (a + 1 < f.depth && i >= f.w[a + 1]) a++;
      while (b + 1 < f.depth && j >= f.w[b + 1]) b++;
      const double here = fabs(wide[i * f.total + j]);
      largest = fmax(largest, here);
      if (a > b + 1 || b > a + 1) outside = fmax(outside, here);
    }
  CHECK_NEAR(1e-11 * largest, 0, outside);
  case_end(&c);
}

/* ---- the floor ---- */

/* Lambda of layer i by kron_sum.h, which has eigenvalues for the whole of Sigma. */
static double solve_sigma(size_t i, double floor, double *v) {
  enum { ROOM = UNITS * KFIX_LD(UNITS) };
  static kfix_real m[ROOM], packed[KFIX_TRIANGLE(UNITS)], work[KFIX_KRON_SIDE_REALS(UNITS)];
  static kfix_real k[2][ROOM], s[2][UNITS], x[UNITS * UNITS];
  static double c[UNITS * UNITS], transposed[UNITS * UNITS];
  const kfix_device d = {&kfix_port_ref, NULL, work, sizeof work, 1, NULL};
  const size_t order[2] = {f.out[i], f.in[i]}, above[2] = {f.out[i + 1], f.in[i + 1]};
  double count = 0;
  for (int side = 0; side < 2; side++) {
    const size_t n = order[side], ld = KFIX_LD(n);
    const double *factor = side ? f.a[i] : f.g[i], *psi = side ? f.a_psi[i] : f.g_psi[i];
    const double *cross = side ? f.a_cross[i] : f.g_cross[i];
    for (size_t p = 0; p < n; p++)
      for (size_t q = 0; q < above[side]; q++) transposed[q * n + p] = cross[p * above[side] + q];
    product(n, n, above[side], psi, transposed, c);
    for (size_t p = 0; p < n; p++)
      for (size_t q = 0; q <= p; q++) {
        m[p * ld + q] = (kfix_real)factor[p * n + q];
        packed[KFIX_TRIANGLE(p) + q] = (kfix_real)c[p * n + q];
      }
    size_t info;
    CHECK_INT(KFIX_OK, kfix_kron_side_set(&d, n, m, ld, packed, k[side], ld, s[side], work, &info));
  }
  const kfix_kron_side g = {order[0], k[0], KFIX_LD(order[0]), s[0]};
  const kfix_kron_side a = {order[1], k[1], KFIX_LD(order[1]), s[1]};
  for (size_t j = 0; j < g.n * a.n; j++) x[j] = (kfix_real)v[j];
  static kfix_real half[ROOM];
  static double sums[UNITS];
  const kfix_device e = {&kfix_port_ref, NULL, sums, sizeof sums, 1, NULL};
  CHECK_INT(KFIX_OK,
            kfix_kron_solve(&e, &g, &a, -1, (kfix_real)floor, 1, x, a.n, x, a.n, half, &count));
  for (size_t j = 0; j < g.n * a.n; j++) v[j] = x[j];
  return count;
}

/* u = Xi^T Lambda Xi v as in the paper; the number of raised entries. */
static double paper_apply(double floor, const double *v, double *u) {
  static double half[UNITS * UNITS], part[UNITS * UNITS], t[UNITS * UNITS];
  double x[TOTAL], count = 0;
  memcpy(x, v, f.total * sizeof *x);
  for (size_t i = 0; i + 1 < f.depth; i++) {
    const size_t n = f.in[i], n2 = f.in[i + 1], m = f.out[i], m2 = f.out[i + 1];
    product(m, n2, m2, f.g_psi[i], v + f.w[i + 1], half);
    for (size_t p = 0; p < n; p++)
      for (size_t q = 0; q < n2; q++) t[q * n + p] = f.a_psi[i][p * n2 + q];
    product(m, n, n2, half, t, part);
    for (size_t j = 0; j < m * n; j++) x[f.w[i] + j] -= part[j];
    count += solve_sigma(i, floor, x + f.w[i]);
  }
  const size_t last = f.depth - 1;
  double inverse[UNITS * UNITS];
  CHECK(ref_inverse(f.out[last], f.g[last], inverse));
  product(f.out[last], f.in[last], f.out[last], inverse, v + f.w[last], half);
  CHECK(ref_inverse(f.in[last], f.a[last], inverse));
  product(f.out[last], f.in[last], f.in[last], half, inverse, x + f.w[last]);
  memcpy(u, x, f.total * sizeof *x);
  for (size_t i = 0; i + 1 < f.depth; i++) {
    const size_t n = f.in[i], n2 = f.in[i + 1], m = f.out[i], m2 = f.out[i + 1];
    for (size_t p = 0; p < m; p++)
      for (size_t q = 0; q < m2; q++) t[q * m + p] = f.g_psi[i][p * m2 + q];
    product(m2, n, m, t, x + f.w[i], half);
    product(m2, n2, n, half, f.a_psi[i], part);
    for (size_t j = 0; j < m2 * n2; j++) u[f.w[i + 1] + j] -= part[j];
  }
  return count;
}

static void check_floor(const uint32_t *widths, double floor, double gamma_shift, int active) {
  ref_case c;
  double v[TOTAL], u[TOTAL], expected[TOTAL];
  begin(&c, 4, widths, KFIX_MSE, gamma_shift, floor);
  take_factors(&c, step(&c));
  random_vector(v);
  library_apply(&c, 1, v, u);
  const double count = paper_apply(floor, v, expected);
  CHECK_NEAR(0, count, floored(&c));
  CHECK((count > 0) == active);
  CHECK_NEAR(sizeof(kfix_real) == 8 ? 1e-9 : 1e-2, 0, relative_distance(u, expected, f.total));
  case_end(&c);
}

void test_sigma_is_floored_as_in_the_paper(void) {
  check_floor((const uint32_t[]){3, 5, 2, 4, 3}, 1e-6, 0.1, 0);
  check_floor((const uint32_t[]){3, 5, 2, 4, 3}, 0.5, 1e-3, 1);
  check_floor((const uint32_t[]){7, 5, 3, 5, 7}, 0.4, 1e-3, 1);
  check_floor((const uint32_t[]){5, 6, 7, 8, 9}, 0.3, 1e-3, 1);
}
