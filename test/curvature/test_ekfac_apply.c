/* SPDX-License-Identifier: Apache-2.0
 * The damped operator of EKFAC against dense systems; the same bits from every port and after a
 * checkpoint. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "curvature/curvature.h"
#include "port/posix/crew.h"
#include "reference_ekfac.h"
#include "reference_image.h"
#include "reference_kfac.h"

enum { PARAMETERS_MAX = 200, LAYERS = 4, MATRIX = EKFAC_ORDER * EKFAC_ORDER };

static const uint32_t widths[] = {5, 7, 1, 4, 3};

static void begin(ref_case *c, size_t rows) {
  case_begin(c, KFIX_BERNOULLI, LAYERS, widths, KFIX_TANH, KFIX_TANH, rows, 3);
  c->options.decay = 0.7;
  c->options.stats_fraction = 0.6;
  c->options.inverse_every = c->options.gamma_every = 4;
  c->options.lambda = 1;
}

static void create(ref_case *c, kfix_method method) {
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 1, 1));
}

static double trace(size_t n, const double *m) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += m[i * n + i];
  return sum;
}

/* m += weight_a A (x) I + weight_g I (x) G + shift I: the damping without a basis. */
static void add_damping(const ekfac_layer *l, double weight_a, double weight_g, double shift,
                        double *m) {
  const size_t a = l->a, g = l->g, n = a * g;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      if (i % g == j % g) m[i * n + j] += weight_a * l->fa[i / g * a + j / g];
      if (i / g == j / g) m[i * n + j] += weight_g * l->fg[i % g * g + j % g];
      if (i == j) m[i * n + j] += shift;
    }
}

/* U diag(s) U^T, damped as the option says with the factors that the basis comes from. */
static void damped_operator(const ekfac_layer *l, const ekfac_layer *basis, kfix_choice damping,
                            double gamma, double *m) {
  double pi = 1;
  ref_ekfac_operator(l, l->s, m);
  if (damping == KFIX_EKFAC_KRON_PI)
    pi = sqrt(trace(l->a, basis->fa) / (double)l->a / (trace(l->g, basis->fg) / (double)l->g));
  const double factored = damping == KFIX_EKFAC_PLAIN ? 0 : gamma;
  add_damping(basis, factored / pi, factored * pi, gamma * gamma, m);
}

/* U for V (g x a), as the dense system has it; returns the bound on the condition number. */
static double dense_solution(const ekfac_layer *l, const ekfac_layer *basis, kfix_choice damping,
                             double gamma, double scale, const double *v, double *u) {
  double m[MATRIX], x[EKFAC_ORDER];
  const size_t n = l->a * l->g;
  damped_operator(l, basis, damping, gamma, m);
  const double condition = trace(n, m) / (gamma * gamma);
  for (size_t i = 0; i < n; i++) x[i] = scale * v[i % l->g * l->a + i / l->g];
  CHECK(ref_solve(n, 1, m, x));
  for (size_t i = 0; i < n; i++) u[i % l->g * l->a + i / l->g] = x[i];
  return condition;
}

/* Applies what is in force, as a step without refresh would, but for fresh statistics. */
static void library_apply(ref_case *c, double gamma, double scale, const double *v, double *u) {
  kfix *k = c->k;
  kfix_real *in = kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
  kfix_real *out = kfix_spare(k, &k->buffer[KFIX_NET_THETA]);
  memset(k->changed, 0, sizeof k->changed);
  const kfix_phase phase = {.gamma = gamma};
  case_vector(c, v, in);
  CHECK_INT(KFIX_OK, k->method->curvature->apply(k, &phase, scale, in, 0, out));
  for (size_t i = 0; i < LAYERS; i++)
    for (size_t j = 0; j < c->ref.width[i + 1] * (c->ref.width[i] + 1); j++)
      u[c->ref.w[i] + j] = out[k->block[i].w + j];
}

static void check_apply(kfix_method method, kfix_choice damping, double gamma) {
  ref_case c;
  ekfac_layer l;
  double v[PARAMETERS_MAX], u[PARAMETERS_MAX], expected[PARAMETERS_MAX];
  uint64_t state = 8;
  begin(&c, 40);
  c.options.ekfac_damping = damping;
  create(&c, method);
  for (int s = 0; s < 2; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  for (size_t i = 0; i < c.ref.parameters; i++) v[i] = (kfix_real)case_normal(&state);
  library_apply(&c, gamma, -1.5, v, u);
  for (size_t i = 0; i < LAYERS; i++) {
    const size_t at = c.ref.w[i];
    ref_ekfac_view(&c, i, &l);
    const double condition = dense_solution(&l, &l, damping, gamma, -1.5, v + at, expected + at);
    CHECK_NEAR(16 * KFIX_REAL_EPS * condition, 0,
               relative_distance(u + at, expected + at, l.a * l.g));
  }
  case_end(&c);
}

void test_apply_solves_the_damped_system(void) {
  static const double gammas[] = {3, 0.3, 0.03};
  for (int g = 0; g < 3; g++)
    for (kfix_choice damping = 0; damping < 3; damping++) {
      check_apply(KFIX_METHOD_ekfac, damping, gammas[g]);
      check_apply(KFIX_METHOD_ekfac_ra, damping, gammas[g]);
    }
}

/* delta of every step is -(s + d)^-1 gradient with what the step shows and reports: between
 * refreshes, after a trial of gamma, and in an attempt with raised damping. */
static void check_directions(kfix_method method, kfix_choice driver, kfix_choice damping) {
  ref_case c;
  kfix_report r;
  ekfac_layer basis[LAYERS], l;
  double v[PARAMETERS_MAX], expected[EKFAC_ORDER];
  begin(&c, 70);
  c.options.driver = driver;
  c.options.ekfac_damping = damping;
  create(&c, method);
  case_watch(&c);
  for (int s = 0; s < 9; s++) {
    if (s == 5) c.k->now.gamma *= 4; /* as an attempt does; no refresh is due */
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_INT(KFIX_OK, case_view(&c, "grad", v));
    for (size_t i = 0; i < LAYERS; i++) {
      const size_t at = c.ref.w[i];
      ref_ekfac_view(&c, i, &l);
      if (r.inverse_step == r.step) basis[i] = l;
      const double condition =
          dense_solution(&l, &basis[i], damping, r.gamma, -1, v + at, expected);
      CHECK_NEAR(16 * KFIX_REAL_EPS * condition, 0,
                 relative_distance(c.delta + at, expected, l.a * l.g));
    }
  }
  case_end(&c);
}

void test_directions_are_what_the_step_shows(void) {
  for (kfix_choice driver = 0; driver < 2; driver++)
    for (kfix_choice damping = 0; damping < 3; damping++) {
      check_directions(KFIX_METHOD_ekfac, driver, damping);
      check_directions(KFIX_METHOD_ekfac_ra, driver, damping);
    }
}

void test_pi_is_there_where_it_damps(void) {
  for (kfix_choice damping = 0; damping < 3; damping++) {
    ref_case c;
    ekfac_layer l;
    double pi = 0;
    begin(&c, 40);
    c.options.ekfac_damping = damping;
    create(&c, KFIX_METHOD_ekfac);
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    ref_ekfac_view(&c, 1, &l);
    const double expected = sqrt(trace(l.a, l.fa) / (double)l.a / trace(l.g, l.fg) * (double)l.g);
    if (damping == KFIX_EKFAC_KRON_PI) {
      CHECK_INT(KFIX_OK, kfix_number(c.k, "pi", 2, &pi));
      CHECK_NEAR(64 * KFIX_REAL_EPS * expected, expected, pi);
    } else {
      CHECK_INT(KFIX_ARGUMENT, kfix_number(c.k, "pi", 2, &pi));
    }
    case_end(&c);
  }
}

/* Where neither curvature nor damping holds a coordinate there is no direction. */
void test_undamped_zero_scalings_are_refused(void) {
  ref_case c;
  kfix_report report;
  begin(&c, 2);
  c.options.driver = KFIX_FIXED;
  c.options.damping = c.options.weight_decay = 0;
  memset(c.x, 0, 2 * 5 * sizeof *c.x);
  create(&c, KFIX_METHOD_ekfac);
  const uint64_t before = kfix_digest(c.k);
  CHECK(kfix_step(c.k, &c.batch, &report) != KFIX_OK);
  CHECK_INT(c.options.retries, report.retries);
  CHECK_U64(before, kfix_digest(c.k));
  case_end(&c);
}

/* ---- the same bits ---- */

static void set_choices(ref_case *c, int which) {
  c->options.ekfac_damping = (kfix_choice)(which % 3);
  c->options.ekfac_s = (kfix_choice)(which / 3 % 2);
  c->options.ekfac_basis = (kfix_choice)(which / 2 % 2);
  c->options.ekfac_carry = (kfix_choice)(which / 5 % 2);
  c->options.driver = (kfix_choice)(which / 4 % 2);
  c->options.stats_every = which % 4 == 3 ? 3 : 1;
}

static uint64_t digest_of(kfix_method method, int which, const kfix_port *port, kfix_crew *crew,
                          uint32_t chunk) {
  ref_case c;
  begin(&c, 150);
  set_choices(&c, which);
  c.net.chunk = chunk;
  c.net.threads = 3;
  CHECK_INT(KFIX_OK, case_create(&c, method, port, crew));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  for (int s = 0; s < 6; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

void test_ports_threads_and_chunks_give_the_same_bits(void) {
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  for (int which = 0; which < 12; which++)
    for (int ra = 0; ra < 2; ra++) {
      const kfix_method method = ra ? KFIX_METHOD_ekfac_ra : KFIX_METHOD_ekfac;
      const uint64_t digest = digest_of(method, which, &kfix_port_ref, NULL, 32);
      CHECK_U64(digest, digest_of(method, which, &kfix_port_simd, NULL, 160));
      CHECK_U64(digest, digest_of(method, which, &kfix_port_simd, &crew.crew, 64));
    }
  kfix_posix_crew_stop(&crew);
}

void test_resumed_runs_go_on_bit_for_bit(void) {
  for (int which = 0; which < 12; which++)
    for (int ra = 0; ra < 2; ra++)
      for (int at = 1; at <= 5; at += 2) {
        ref_case c, other;
        const kfix_method method = ra ? KFIX_METHOD_ekfac_ra : KFIX_METHOD_ekfac;
        begin(&c, 70);
        set_choices(&c, which);
        create(&c, method);
        for (int s = 0; s < at; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
        memory_image image = image_for(c.k);
        CHECK_INT(KFIX_OK, image_save(c.k, &image));
        begin(&other, 70);
        set_choices(&other, which);
        create(&other, method);
        CHECK_INT(KFIX_OK, image_load(other.k, &image));
        for (int s = 0; s < 4; s++) {
          CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
          CHECK_INT(KFIX_OK, kfix_step(other.k, &other.batch, NULL));
          CHECK_U64(kfix_digest(c.k), kfix_digest(other.k));
        }
        free(image.bytes);
        case_end(&c);
        case_end(&other);
      }
}
