/* SPDX-License-Identifier: Apache-2.0
 * K-FAC damped as it is: every step's direction solves the dense system A (x) G + gamma^2 I. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "reference_ekfac.h"
#include "reference_kfac.h"

enum { LAYERS = 4, PARAMETERS_MAX = 200, MATRIX = EKFAC_ORDER * EKFAC_ORDER, BLOCK = 24 };

static const uint32_t widths[] = {5, 7, 1, 4, 3};

static void begin(ref_case *c, kfix_choice driver, size_t rows) {
  case_begin(c, KFIX_BERNOULLI, LAYERS, widths, KFIX_TANH, KFIX_TANH, rows, 3);
  c->options.driver = driver;
  c->options.lambda = 1;
  c->options.decay = 0.7;
  c->options.stats_fraction = 0.6;
  c->options.inverse_every = c->options.gamma_every = 4;
}

static void create(ref_case *c, kfix_method method) {
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 1, 1));
  case_watch(c);
}

static void view_factors(ref_case *c, size_t layer, ekfac_layer *l) {
  l->a = widths[layer] + 1;
  l->g = widths[layer + 1];
  CHECK_INT(KFIX_OK, case_matrix(c, "A", layer, l->fa));
  CHECK_INT(KFIX_OK, case_matrix(c, "G", layer, l->fg));
}

/* U for V (g x a) by elimination; returns a bound on the condition number. */
static double dense_solution(const ekfac_layer *l, double gamma, const double *v, double *u) {
  double m[MATRIX], x[EKFAC_ORDER], trace = 0;
  const size_t n = l->a * l->g;
  ref_ekfac_kron(l, m);
  for (size_t i = 0; i < n; i++) {
    m[i * n + i] += gamma * gamma;
    trace += m[i * n + i];
    x[i] = -v[i % l->g * l->a + i / l->g];
  }
  CHECK(ref_solve(n, 1, m, x));
  for (size_t i = 0; i < n; i++) u[i % l->g * l->a + i / l->g] = x[i];
  return trace / (gamma * gamma);
}

/* The factors are those of the refresh in force; gamma is the step's own. */
static void check_directions(kfix_choice driver, kfix_choice of_ekfac) {
  ref_case c;
  kfix_report r;
  ekfac_layer l[LAYERS];
  double v[PARAMETERS_MAX], expected[EKFAC_ORDER];
  begin(&c, driver, 70);
  c.options.ekfac_basis = of_ekfac; /* a setting of another method */
  c.options.ekfac_damping = of_ekfac ? KFIX_EKFAC_KRON_PI : KFIX_EKFAC_PLAIN;
  create(&c, KFIX_METHOD_kfac_tikhonov);
  for (int s = 0; s < 9; s++) {
    if (s == 5) c.k->now.gamma *= 4; /* as an attempt does; no refresh is due */
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_INT(KFIX_OK, case_view(&c, "grad", v));
    for (size_t i = 0; i < LAYERS; i++) {
      const size_t at = c.ref.w[i];
      if (r.inverse_step == r.step) view_factors(&c, i, &l[i]);
      const double condition = dense_solution(&l[i], r.gamma, v + at, expected);
      CHECK_NEAR(16 * KFIX_REAL_EPS * condition, 0,
                 relative_distance(c.delta + at, expected, l[i].a * l[i].g));
    }
  }
  case_end(&c);
}

void test_directions_solve_the_damped_system(void) {
  for (kfix_choice driver = 0; driver < 2; driver++)
    for (kfix_choice of_ekfac = 0; of_ekfac < 2; of_ekfac++) check_directions(driver, of_ekfac);
}

/* F^-1 v of one block with random examples, of full rank. */
static void solve_block(kfix_method method, double gamma, double *u) {
  enum { IN = 5, OUT = 4, N = 200 };
  static kfix_real abar[N * (IN + 1)], g[N * OUT], v[BLOCK];
  static _Alignas(KFIX_ALIGN) unsigned char arena[1 << 18];
  const kfix_node_spec node = KFIX_DENSE_NODE("block", 0, IN, OUT, KFIX_LINEAR);
  const kfix_net net = {"block",   &node, 1, 1, IN, KFIX_MSE, KFIX_TARGET_VALUES,
                        256,       256,   1, 0, 0,  NULL,     0,
                        {0, 0, 0}, 0,     0};
  kfix *k;
  uint64_t state = 4;
  for (int i = 0; i < N * (IN + 1); i++) abar[i] = (kfix_real)case_normal(&state);
  for (int i = 0; i < N * OUT; i++) g[i] = (kfix_real)case_normal(&state);
  for (int i = 0; i < BLOCK; i++) v[i] = (kfix_real)case_normal(&state);
  const kfix_setup setup = {
      .net = &net, .method = method, .port = &kfix_port_ref, .arena = arena, .bytes = sizeof arena};
  CHECK_INT(KFIX_OK, kfix_create(&k, &setup, NULL));
  CHECK_INT(KFIX_OK, kfix_block_absorb(k, N, 0, abar, g, gamma));
  CHECK_INT(KFIX_OK, kfix_block_apply(k, v, v));
  for (int i = 0; i < BLOCK; i++) u[i] = (double)v[i];
}

/* The factored damping is another one, but for a gamma that vanishes beside the factors: to first order
 * it is larger by gamma (pi / A + 1 / (pi G)), relative to the block. Of 200 examples in 6 and 4
 * dimensions eigenvalues are above (1 - sqrt(6 / 200))^2 / 1.4 = 1/2, and pi is near 1. */
void test_kfac_agrees_where_damping_vanishes(void) {
  double exact[BLOCK], factored[BLOCK];
  const double gamma = sqrt((double)KFIX_REAL_EPS);
  solve_block(KFIX_METHOD_kfac_tikhonov, 1, exact);
  solve_block(KFIX_METHOD_kfac, 1, factored);
  CHECK(relative_distance(exact, factored, BLOCK) > 0.3);
  solve_block(KFIX_METHOD_kfac_tikhonov, gamma, exact);
  solve_block(KFIX_METHOD_kfac, gamma, factored);
  CHECK_NEAR(8 * gamma, 0, relative_distance(exact, factored, BLOCK));
}

void test_undamped_singular_factors_are_refused(void) {
  ref_case c;
  begin(&c, KFIX_FIXED, 2);
  c.options.damping = c.options.weight_decay = 0;
  memset(c.x, 0, 2 * widths[0] * sizeof *c.x);
  create(&c, KFIX_METHOD_kfac_tikhonov);
  const uint64_t before = kfix_digest(c.k);
  CHECK(kfix_step(c.k, &c.batch, NULL) != KFIX_OK);
  CHECK_U64(before, kfix_digest(c.k));
  case_end(&c);
}
