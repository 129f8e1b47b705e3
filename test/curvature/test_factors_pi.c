/* SPDX-License-Identifier: Apache-2.0
 * pi by every norm, of every method that shares its damping by pi, against norms of dense factors. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"

enum { SIDE = 40, ROWS = 60 };

/* Of one block. */
typedef struct block {
  kfix_node_spec node;
  kfix_net net;
  kfix *k;
  void *arena;
} block;

static void begin(block *b, kfix_method method, uint32_t in, uint32_t out, kfix_choice norm) {
  b->node = (kfix_node_spec)KFIX_DENSE_NODE("block", 0, in, out, KFIX_LINEAR);
  b->net =
      (kfix_net){"block", &b->node, 1, 1,         in, KFIX_MSE, KFIX_TARGET_VALUES, 64, 64, 1, 0,
                 0,       NULL,     0, {0, 0, 0}, 0,  0};
  kfix_options options = kfix_options_default(&b->net);
  options.init = KFIX_INIT_GLOROT;
  options.pi = norm;
  options.ekfac_damping = KFIX_EKFAC_KRON_PI;
  const size_t bytes = kfix_bytes(&b->net, method, &kfix_port_ref);
  b->arena = aligned_alloc(KFIX_ALIGN, bytes);
  CHECK_INT(KFIX_OK, kfix_create(&b->k,
                                 &(kfix_setup){&b->net, method, &options, &kfix_port_ref, NULL,
                                               NULL, b->arena, bytes},
                                 NULL));
}

/* Normal numbers around `mean`: the larger it is, the farther the leading eigenvalue stands apart. */
static void absorb(block *b, double mean, double size) {
  static kfix_real abar[ROWS * SIDE], g[ROWS * SIDE];
  uint64_t state = 5;
  for (size_t i = 0; i < ROWS * (size_t)b->node.cols; i++)
    abar[i] = (kfix_real)(mean + case_normal(&state));
  for (size_t i = 0; i < ROWS * (size_t)b->node.units; i++)
    g[i] = (kfix_real)(size * (mean + case_normal(&state)));
  CHECK_INT(KFIX_OK, kfix_block_absorb(b->k, ROWS, 0, abar, g, 0.5));
}

/* ---- dense norms ---- */

typedef struct factor {
  size_t n;
  double values[SIDE]; /* eigenvalues, the largest first */
} factor;

/* Jacobi's rotations; what is left off the diagonal is rounding. */
static void diagonalise(size_t n, double *a) {
  for (int sweep = 0; sweep < 30; sweep++)
    for (size_t p = 0; p < n; p++)
      for (size_t q = p + 1; q < n; q++) {
        if (a[p * n + q] == 0) continue;
        const double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
        const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
        const double c = 1 / sqrt(t * t + 1), s = t * c;
        for (size_t i = 0; i < n; i++) {
          const double x = a[i * n + p], y = a[i * n + q];
          a[i * n + p] = c * x - s * y;
          a[i * n + q] = s * x + c * y;
        }
        for (size_t i = 0; i < n; i++) {
          const double x = a[p * n + i], y = a[q * n + i];
          a[p * n + i] = c * x - s * y;
          a[q * n + i] = s * x + c * y;
        }
      }
}

static factor view(block *b, const char *name) {
  static kfix_real m[SIDE * SIDE];
  static double a[SIDE * SIDE];
  size_t cols;
  factor f;
  CHECK_INT(KFIX_OK, kfix_view(b->k, name, 1, m, SIDE * SIDE, &f.n, &cols));
  for (size_t i = 0; i < f.n * f.n; i++) a[i] = (double)m[i];
  diagonalise(f.n, a);
  for (size_t i = 0; i < f.n; i++) f.values[i] = a[i * f.n + i];
  for (size_t i = 0; i < f.n; i++)
    for (size_t j = i + 1; j < f.n; j++)
      if (f.values[j] > f.values[i]) {
        const double kept = f.values[i];
        f.values[i] = f.values[j];
        f.values[j] = kept;
      }
  return f;
}

static double norm_of(const factor *f, kfix_choice norm, size_t other) {
  double trace = 0, square = 0;
  for (size_t i = 0; i < f->n; i++) trace += f->values[i];
  for (size_t i = 0; i < f->n; i++) square += f->values[i] * f->values[i];
  if (norm == KFIX_PI_TRACE) return trace * (double)other;
  if (norm == KFIX_PI_FROBENIUS) return sqrt(square * (double)other);
  return norm == KFIX_PI_ONE ? 1 : f->values[0];
}

/* By what a Rayleigh quotient may fall short after 32 products: the sum over the other eigenvalues of
 * (1 - r) r^64 c^2, r their ratio to the first, c^2 the squares of the start along them over that along the
 * first. For a start of normal numbers that is above 100 n only once in 25 n times. */
static double short_by(const factor *f) {
  double sum = 0;
  for (size_t i = 1; i < f->n; i++) {
    const double r = f->values[i] / f->values[0];
    sum += (1 - r) * pow(r, 64);
  }
  return 100 * (double)f->n * sum;
}

static const kfix_method methods[] = {
    KFIX_METHOD_kfac,  KFIX_METHOD_kpsvd,    KFIX_METHOD_deflation,      KFIX_METHOD_lanczos,
    KFIX_METHOD_ekfac, KFIX_METHOD_ekfac_ra, KFIX_METHOD_kfac_corrected, KFIX_METHOD_kfac_tridiag};

static int is_named_r(kfix_method method) {
  return method == KFIX_METHOD_kpsvd || method == KFIX_METHOD_deflation ||
         method == KFIX_METHOD_lanczos || method == KFIX_METHOD_kfac_corrected;
}

/* Returns pi. */
static double check(kfix_method method, uint32_t in, uint32_t out, kfix_choice norm, double mean,
                    double size) {
  block b;
  double pi;
  begin(&b, method, in, out, norm);
  absorb(&b, mean, size);
  const factor a = view(&b, is_named_r(method) ? "R" : "A");
  const factor g = view(&b, is_named_r(method) ? "S" : "G");
  const double expected = sqrt(norm_of(&a, norm, g.n) / norm_of(&g, norm, a.n));
  double slack = 64 * (double)KFIX_REAL_EPS;
  if (norm == KFIX_PI_SPECTRAL) slack += short_by(&a) / 2 + short_by(&g) / 2;
  CHECK_INT(KFIX_OK, kfix_number(b.k, "pi", 1, &pi));
  CHECK_NEAR(slack * expected, expected, pi);
  free(b.arena);
  return pi;
}

void test_every_method_and_norm(void) {
  for (size_t m = 0; m < sizeof methods / sizeof *methods; m++)
    for (kfix_choice norm = 0; norm < 4; norm++) check(methods[m], 5, 4, norm, 1, 0.1);
}

/* The leading eigenvalues stand apart by more than 2: then all norms are sharp. Orders 1, 2, primes, and
 * more than a vector of any machine holds. */
void test_every_shape(void) {
  static const uint32_t shapes[][2] = {{0, 1}, {1, 1}, {0, 2},   {1, 2},   {6, 1},
                                       {1, 7}, {4, 3}, {38, 37}, {12, 40}, {39, 1}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (kfix_choice norm = 0; norm < 4; norm++)
      for (double size = 1e-6; size < 1e7; size *= 1e6)
        check(KFIX_METHOD_kfac, shapes[i][0], shapes[i][1], norm, 3, size);
}

/* Without a mean the spectrum has no gap: the estimate is from below, within what is promised. */
void test_a_spectrum_without_a_gap(void) {
  block b;
  double pi;
  begin(&b, KFIX_METHOD_kfac, 38, 1, KFIX_PI_SPECTRAL);
  absorb(&b, 0, 1);
  const factor a = view(&b, "A"), g = view(&b, "G");
  const double expected = sqrt(a.values[0] / g.values[0]);
  const double part = (1 + log(64 * 100 * 39.0)) / 64;
  CHECK_INT(KFIX_OK, kfix_number(b.k, "pi", 1, &pi));
  CHECK(pi <= expected * (1 + 64 * (double)KFIX_REAL_EPS));
  CHECK(pi >= expected * sqrt(1 - part));
  free(b.arena);
}

/* They are not the same number. */
void test_norms_differ(void) {
  double pi[4];
  for (kfix_choice norm = 0; norm < 4; norm++)
    pi[norm] = check(KFIX_METHOD_kfac, 12, 3, norm, 1, 0.1);
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < i; j++) CHECK(fabs(pi[i] / pi[j] - 1) > 0.02);
}

/* Units that are never on have no G: pi is 1. */
void test_a_dead_layer(void) {
  for (kfix_choice norm = 0; norm < 4; norm++) {
    block b;
    double pi;
    begin(&b, KFIX_METHOD_kfac, 5, 4, norm);
    absorb(&b, 1, 0);
    CHECK_INT(KFIX_OK, kfix_number(b.k, "pi", 1, &pi));
    CHECK_NEAR(0, 1, pi);
    free(b.arena);
  }
}

/* Training by either driver, the same on every port and chunk. */
static uint64_t train(kfix_method method, kfix_choice norm, kfix_choice driver,
                      const kfix_port *port, uint32_t chunk) {
  ref_case c;
  kfix_report first, last;
  case_begin(&c, KFIX_BERNOULLI, 3, (const uint32_t[]){6, 5, 4, 3}, KFIX_TANH, KFIX_TANH, 150, 3);
  c.options.pi = norm;
  c.options.driver = driver;
  c.options.lambda = 1;
  c.options.learning_rate = 0.1;
  c.options.inverse_every = c.options.gamma_every = 4;
  c.net.chunk = chunk;
  CHECK_INT(KFIX_OK, case_create(&c, method, port, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &first));
  for (int s = 0; s < 10; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &last));
  CHECK(last.objective < first.objective);
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

void test_training_by_every_norm(void) {
  static const kfix_method some[] = {KFIX_METHOD_kfac, KFIX_METHOD_kfac_tridiag,
                                     KFIX_METHOD_deflation, KFIX_METHOD_ekfac};
  for (size_t m = 0; m < sizeof some / sizeof *some; m++)
    for (kfix_choice norm = 0; norm < 4; norm++)
      for (kfix_choice driver = 0; driver < 2; driver++) {
        const uint64_t digest = train(some[m], norm, driver, &kfix_port_ref, 32);
        CHECK_U64(digest, train(some[m], norm, driver, &kfix_port_simd, 160));
      }
}
