/* SPDX-License-Identifier: Apache-2.0
 * The sweep that lets a basis follow its factor, on matrices made for it. */
#include <math.h>

#include "check.h"
#include "curvature/ekfac.h"
#include "reference_ekfac.h"

enum { SIDE = EKFAC_SIDE, SQUARE = SIDE * SIDE };

/* Orthogonal, `size` away from the identity. */
static void near_identity(size_t n, double size, uint64_t *state, double *u) {
  for (size_t i = 0; i < n * n; i++) u[i] = (i / n == i % n) + size * case_normal(state);
  ref_orthogonalise(n, u);
}

/* m = v diag(values) v^T. */
static void compose(size_t n, const double *v, const double *values, double *m) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      m[i * n + j] = 0;
      for (size_t k = 0; k < n; k++) m[i * n + j] += v[i * n + k] * values[k] * v[j * n + k];
    }
}

/* What U^T M U has off its diagonal, over its size; values: its diagonal. */
static double off_diagonal(size_t n, const double *m, const double *u, double *values) {
  double half[SQUARE], t[SQUARE], off = 0;
  ref_transposed_product(n, n, n, m, u, half);
  ref_transposed_product(n, n, n, u, half, t);
  for (size_t i = 0; i < n * n; i++) off += i / n == i % n ? 0 : t[i] * t[i];
  for (size_t i = 0; i < n; i++) values[i] = t[i * n + i];
  return sqrt(off / ref_dot(t, t, n * n));
}

/* One sweep by the library, in place; the values it gives are those of the new basis. */
static void sweep(kfix *k, size_t n, const double *m, double *u) {
  kfix_real packed[SQUARE], in[SQUARE] = {0}, out[SQUARE], values[SIDE];
  double expected[SIDE], product[SQUARE];
  for (size_t i = 0, at = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) packed[at++] = (kfix_real)m[i * n + j];
  for (size_t i = 0; i < n * n; i++) in[i] = (kfix_real)u[i];
  CHECK_INT(KFIX_OK, kfix_ekfac_track(k, n, packed, in, out, values));
  for (size_t i = 0; i < n * n; i++) u[i] = out[i];
  (void)off_diagonal(n, m, u, expected);
  const double size = sqrt(ref_dot(m, m, n * n));
  for (size_t i = 0; i < n; i++) CHECK_NEAR(64 * KFIX_REAL_EPS * size, expected[i], values[i]);
  ref_transposed_product(n, n, n, u, u, product);
  for (size_t i = 0; i < n * n; i++)
    CHECK_NEAR(64 * KFIX_REAL_EPS * (double)n, i / n == i % n, product[i]);
}

static void begin(ref_case *c, uint32_t n) {
  case_begin(c, KFIX_MSE, 1, (const uint32_t[]){n - 1, n}, KFIX_TANH, KFIX_LINEAR, 3, 1);
  CHECK_INT(KFIX_OK, case_create(c, KFIX_METHOD_ekfac, NULL, NULL));
}

/* Where eigenvalues are apart a few sweeps from close by end at the eigenvectors. */
void test_sweeps_converge_where_eigenvalues_are_apart(void) {
  for (uint32_t n = 2; n <= 11; n++) {
    ref_case c;
    double v[SQUARE], u[SQUARE], m[SQUARE], values[SIDE];
    uint64_t state = n;
    begin(&c, n);
    for (size_t i = 0; i < n; i++) values[i] = 1 + (double)i;
    near_identity(n, 1, &state, v);
    compose(n, v, values, m);
    near_identity(n, 0.02, &state, u);
    double turned[SQUARE], transposed[SQUARE]; /* v u */
    for (size_t i = 0; i < n * n; i++) transposed[i] = v[i % n * n + i / n];
    ref_transposed_product(n, n, n, transposed, u, turned);
    double before = off_diagonal(n, m, turned, values);
    for (int s = 0; s < 6; s++) {
      sweep(c.k, n, m, turned);
      const double after = off_diagonal(n, m, turned, values);
      CHECK(after <= before / 2 || after <= 64 * KFIX_REAL_EPS * n);
      before = after;
    }
    CHECK(before <= 64 * KFIX_REAL_EPS * n);
    case_end(&c);
  }
}

/* Far from any eigenbasis, clustered, of low rank, zero, tiny, huge: the basis stays orthogonal and
 * what is off the diagonal does not grow. */
void test_sweeps_keep_any_basis_orthogonal(void) {
  static const double sizes[] = {1, 1e-12, 1e12};
  for (int kind = 0; kind < 4; kind++)
    for (int scale = 0; scale < 3; scale++) {
      enum { N = 11 };
      ref_case c;
      double v[SQUARE], u[SQUARE], m[SQUARE], values[SIDE];
      uint64_t state = 5;
      begin(&c, N);
      for (int i = 0; i < N; i++)
        values[i] = sizes[scale] * (kind == 0   ? exp(-i)
                                    : kind == 1 ? 1 + (i > 6)
                                    : kind == 2 ? i > 8
                                                : 0);
      near_identity(N, 1, &state, v);
      compose(N, v, values, m);
      near_identity(N, 1, &state, u);
      const double before = off_diagonal(N, m, u, values);
      for (int s = 0; s < 8; s++) sweep(c.k, N, m, u);
      if (kind < 3) CHECK(off_diagonal(N, m, u, values) <= before / 2);
      case_end(&c);
    }
}

/* A diagonal factor in its own basis is left alone. */
void test_nothing_to_turn(void) {
  ref_case c;
  double m[SQUARE] = {0}, u[SQUARE] = {0};
  begin(&c, 5);
  for (int i = 0; i < 5; i++) {
    m[i * 6] = i;
    u[i * 6] = 1;
  }
  sweep(c.k, 5, m, u);
  for (int i = 0; i < 25; i++) CHECK_NEAR(0, i % 6 == 0, u[i]);
  case_end(&c);
}
