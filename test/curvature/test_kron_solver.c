/* SPDX-License-Identifier: Apache-2.0
 * The two ways to invert R (x) S + P (x) Q: what the squared Smith iteration makes of it against dense
 * systems, and what a step does where it does not converge. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "factor/kron_smith.h"
#include "reference_case.h"
#include "reference_image.h"
#include "reference_kfac.h"

enum { LAYERS = 3, SIDE = 10, ORDER = 50, PARAMETERS_MAX = 200, ROWS = 90 };

static const uint32_t widths[] = {5, 7, 1, 4};
static const kfix_method methods[] = {KFIX_METHOD_deflation, KFIX_METHOD_lanczos,
                                      KFIX_METHOD_kfac_corrected};

static void begin(ref_case *c, kfix_choice driver, kfix_choice solver, double lambda) {
  case_begin(c, KFIX_BERNOULLI, LAYERS, widths, KFIX_TANH, KFIX_TANH, ROWS, 3);
  c->net.stats_rows = 128;
  c->options.driver = driver;
  c->options.kron_solver = solver;
  c->options.lambda = c->options.damping = lambda;
  c->options.learning_rate = 0.1;
  c->options.decay = 0.7;
  c->options.stats_fraction = 0.6;
  c->options.inverse_every = c->options.gamma_every = 4;
}

static void create(ref_case *c, kfix_method method) {
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 1, 1));
  case_watch(c);
}

/* ---- dense ---- */

typedef struct terms {
  size_t a, g;
  double r[SIDE * SIDE], s[SIDE * SIDE], p[SIDE * SIDE], q[SIDE * SIDE];
} terms;

static void view(ref_case *c, size_t layer, terms *t) {
  t->a = widths[layer] + 1;
  t->g = widths[layer + 1];
  CHECK_INT(KFIX_OK, case_matrix(c, "R", layer, t->r));
  CHECK_INT(KFIX_OK, case_matrix(c, "S", layer, t->s));
  CHECK_INT(KFIX_OK, case_matrix(c, "P", layer, t->p));
  CHECK_INT(KFIX_OK, case_matrix(c, "Q", layer, t->q));
}

static double length2(size_t n, const double *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
  return sum;
}

/* ((R + pi gamma I) (x) (S + gamma / pi I) + P (x) Q)^-1 -V, V being g x a. Returns a bound on the condition
 * number: |M|_F |M^-1|_F. */
static double dense_solution(const terms *t, double gamma, double pi, const double *v, double *u) {
  static double m[ORDER * ORDER], inverse[ORDER * ORDER];
  const size_t a = t->a, g = t->g, n = a * g;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      const size_t in = i / g * a + j / g, out = i % g * g + j % g;
      m[i * n + j] =
          (t->r[in] + (i / g == j / g) * pi * gamma) * (t->s[out] + (i % g == j % g) * gamma / pi) +
          t->p[in] * t->q[out];
    }
  CHECK(ref_inverse(n, m, inverse));
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t j = 0; j < n; j++) sum -= inverse[i * n + j] * v[j % g * a + j / g];
    u[i % g * a + i / g] = sum;
  }
  return sqrt(length2(n * n, m) * length2(n * n, inverse));
}

static void check_directions(kfix_method method, kfix_choice driver, double lambda) {
  ref_case c;
  kfix_report r;
  terms t[LAYERS];
  double v[PARAMETERS_MAX], expected[ORDER], pi, steps, none;
  begin(&c, driver, KFIX_KRON_SMITH, lambda);
  create(&c, method);
  for (int s = 0; s < 9; s++) {
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_INT(KFIX_OK, case_view(&c, "grad", v));
    for (size_t i = 0; i < LAYERS; i++) {
      const size_t at = c.ref.w[i];
      if (r.inverse_step == r.step) view(&c, i, &t[i]);
      CHECK_INT(KFIX_OK, kfix_number(c.k, "pi", (uint32_t)i + 1, &pi));
      CHECK_INT(KFIX_OK, kfix_number(c.k, "smith_steps", (uint32_t)i + 1, &steps));
      CHECK_INT(KFIX_ARGUMENT, kfix_number(c.k, "floored", (uint32_t)i + 1, &none));
      CHECK(steps >= 1 && steps <= KFIX_SMITH_STEPS_MAX);
      const double condition = dense_solution(&t[i], r.gamma, pi, v + at, expected);
      CHECK_NEAR(64 * KFIX_REAL_EPS * condition, 0,
                 relative_distance(c.delta + at, expected, t[i].a * t[i].g));
    }
  }
  case_end(&c);
}

void test_directions_solve_the_dense_system(void) {
  for (size_t m = 0; m < 3; m++)
    for (kfix_choice driver = 0; driver < 2; driver++)
      for (double lambda = 0.1; lambda < 200; lambda *= 30)
        check_directions(methods[m], driver, lambda);
}

/* ---- where it does not converge ---- */

void test_less_damping_than_it_takes(void) {
  for (size_t m = 0; m < 3; m++) {
    ref_case c;
    kfix_report r;
    begin(&c, KFIX_FIXED, KFIX_KRON_SMITH, 1e-7);
    c.options.retries = 0;
    create(&c, methods[m]);
    const uint64_t before = kfix_digest(c.k);
    CHECK_INT(KFIX_NOT_CONVERGED, kfix_step(c.k, &c.batch, &r));
    CHECK_INT(KFIX_NOT_CONVERGED, r.status);
    CHECK(r.layer >= 1 && r.layer <= LAYERS && r.value > 0.99);
    CHECK_U64(before, kfix_digest(c.k));
    case_end(&c);
  }
}

/* Both drivers damp more until it does, and say so. */
void test_a_step_mends_it_by_damping(void) {
  for (size_t m = 0; m < 3; m++)
    for (kfix_choice driver = 0; driver < 2; driver++) {
      ref_case c;
      kfix_report r, first;
      begin(&c, driver, KFIX_KRON_SMITH, 1e-7);
      create(&c, methods[m]);
      CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &first));
      CHECK(first.retries > 0 && first.gamma > 2 * sqrt(1e-7 + c.options.weight_decay));
      for (int s = 0; s < 20; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
      CHECK(r.objective < first.objective);
      case_end(&c);
    }
}

/* ---- the other solver ---- */

/* Where nothing is floored, both are the same step to rounding; the state behind them is not. */
void test_bases_make_the_same_step(void) {
  for (size_t m = 0; m < 3; m++) {
    ref_case c, other;
    double u[PARAMETERS_MAX], w[PARAMETERS_MAX], floored;
    begin(&c, KFIX_FIXED, KFIX_KRON_SMITH, 10);
    begin(&other, KFIX_FIXED, KFIX_KRON_BASES, 10);
    create(&c, methods[m]);
    create(&other, methods[m]);
    CHECK(kfix_digest(c.k) != kfix_digest(other.k));
    CHECK_INT(other.bytes, c.bytes);
    for (int s = 0; s < 4; s++) {
      CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
      CHECK_INT(KFIX_OK, kfix_step(other.k, &other.batch, NULL));
      CHECK_INT(KFIX_OK, kfix_number(other.k, "floored", 1, &floored));
      CHECK_NEAR(0, 0, floored);
      CHECK_INT(KFIX_OK, case_view(&c, "update", u));
      CHECK_INT(KFIX_OK, case_view(&other, "update", w));
      CHECK_NEAR(1e4 * KFIX_REAL_EPS, 0, relative_distance(u, w, c.ref.parameters));
    }
    case_end(&c);
    case_end(&other);
  }
}

static uint64_t digest_after(kfix_method method, const kfix_port *port, uint32_t chunk) {
  ref_case c;
  begin(&c, KFIX_ADAPTIVE, KFIX_KRON_SMITH, 1);
  c.net.chunk = chunk;
  CHECK_INT(KFIX_OK, case_create(&c, method, port, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  for (int s = 0; s < 6; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

void test_ports_and_chunks_give_the_same_bits(void) {
  for (size_t m = 0; m < 3; m++) {
    const uint64_t digest = digest_after(methods[m], &kfix_port_ref, 32);
    CHECK_U64(digest, digest_after(methods[m], &kfix_port_simd, 32));
    CHECK_U64(digest, digest_after(methods[m], &kfix_port_simd, 128));
  }
}

/* A run goes on from its image; a trainer by bases does not take it for its own. */
void test_images_are_of_one_solver(void) {
  ref_case c, same, other;
  begin(&c, KFIX_ADAPTIVE, KFIX_KRON_SMITH, 1);
  begin(&same, KFIX_ADAPTIVE, KFIX_KRON_SMITH, 1);
  begin(&other, KFIX_ADAPTIVE, KFIX_KRON_BASES, 1);
  create(&c, KFIX_METHOD_deflation);
  create(&same, KFIX_METHOD_deflation);
  create(&other, KFIX_METHOD_deflation);
  for (int s = 0; s < 3; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  memory_image image = image_for(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  CHECK_INT(KFIX_IMAGE_CONFIG, image_load(other.k, &image));
  CHECK_INT(KFIX_OK, image_load(same.k, &image));
  for (int s = 0; s < 3; s++) {
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    CHECK_INT(KFIX_OK, kfix_step(same.k, &same.batch, NULL));
    CHECK_U64(kfix_digest(c.k), kfix_digest(same.k));
  }
  free(image.bytes);
  case_end(&c);
  case_end(&same);
  case_end(&other);
}
