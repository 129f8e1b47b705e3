/* SPDX-License-Identifier: Apache-2.0
 * The squared Smith iteration against the solve by eigenvalues, and where it converges. */
#include "check.h"
#include "core/random.h"
#include "factor/kron_smith.h"
#include "factor/kron_sum.h"
#include "port_cases.h"

enum { LARGEST = 61, ROOM_OF = LARGEST * KFIX_LD(LARGEST) };
#define EPS ((double)KFIX_REAL_EPS)

/* A pencil by both routes. */
typedef struct side {
  size_t n;
  kfix_real a[ROOM_OF], c[KFIX_TRIANGLE(LARGEST)];
  kfix_real inverse[ROOM_OF], m[ROOM_OF], k[ROOM_OF], s[LARGEST];
} side;
static side in, out;
static kfix_real scratch[KFIX_SMITH_REALS(LARGEST, LARGEST) + KFIX_KRON_SIDE_REALS(LARGEST)];
static size_t which_port;

void setUp(void) {
  which_port = 0;
  port_crews_start();
}

void tearDown(void) {
  port_crews_stop();
}

static double normal(uint32_t stream, size_t i) {
  const kfix_draw_key key = {stream, KFIX_DRAW_TEST, 0, 0};
  uint32_t word[4];
  kfix_draw(&key, (uint32_t)i, 0, word);
  return (double)kfix_normal(word[0], word[1]);
}

/* A = X X^T / n + 0.3 I, C = size (X + X^T) / sqrt n: indefinite. */
static void make(side *s, size_t n, uint32_t stream, double size) {
  const size_t ld = KFIX_LD(n);
  s->n = n;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = 0.3 * (i == j);
      for (size_t l = 0; l < n; l++)
        sum += normal(stream, i * n + l) * normal(stream, j * n + l) / (double)n;
      s->a[i * ld + j] = j > i ? (kfix_real)NAN : (kfix_real)sum;
      if (j <= i)
        s->c[KFIX_TRIANGLE(i) + j] =
            (kfix_real)(size * normal(stream + 1, i * n + j) / sqrt((double)n));
    }
}

static kfix_status set_up(side *s, size_t *info) {
  const kfix_device d = port_device(which_port, 1);
  kfix_real work[ROOM_OF];
  memcpy(work, s->a, sizeof work);
  KFIX_TRY(kfix_kron_side_set(&d, s->n, work, KFIX_LD(s->n), s->c, s->k, KFIX_LD(s->n), s->s,
                              scratch, info));
  memcpy(s->inverse, s->a, sizeof s->inverse);
  return kfix_smith_side_set(&d, s->n, s->inverse, s->c, s->m, scratch, info);
}

static double largest(const side *s) {
  return fmax(fabs((double)s->s[0]), fabs((double)s->s[s->n - 1]));
}

static kfix_real v[ROOM_OF], u[ROOM_OF], want[ROOM_OF];

/* By `steps` steps; the relative distance from the solve by eigenvalues. */
static double solve(kfix_real sign, unsigned steps, double *norms) {
  const kfix_device d = port_device(which_port, 1);
  const kfix_smith_side b = {out.n, out.inverse, out.m}, a = {in.n, in.inverse, in.m};
  const kfix_kron_side kb = {out.n, out.k, KFIX_LD(out.n), out.s};
  const kfix_kron_side ka = {in.n, in.k, KFIX_LD(in.n), in.s};
  double difference = 0, size = 0;
  const size_t count = out.n * in.n;
  for (size_t i = 0; i < count; i++) v[i] = (kfix_real)normal(77, i);
  CHECK_INT(KFIX_OK, kfix_smith_solve(&d, &b, &a, sign, steps, v, in.n, u, in.n, scratch, norms));
  CHECK_INT(KFIX_OK, kfix_kron_solve(&d, &kb, &ka, sign, (kfix_real)1e-6, 1, v, in.n, want, in.n,
                                     scratch, NULL));
  CHECK_INT(KFIX_OK, kfix_smith_solve(&d, &b, &a, sign, steps, v, in.n, v, in.n, scratch, NULL));
  CHECK_MEM(u, v, count * sizeof *u);
  for (size_t i = 0; i < count; i++) {
    difference += ((double)u[i] - (double)want[i]) * ((double)u[i] - (double)want[i]);
    size += (double)want[i] * (double)want[i];
  }
  return sqrt(difference / size);
}

static double ready(size_t m, size_t n, double q) {
  size_t info;
  make(&in, n, 3, 1);
  make(&out, m, 11, 1);
  CHECK_INT(KFIX_OK, set_up(&in, &info));
  CHECK_INT(KFIX_OK, set_up(&out, &info));
  const double size = q / (largest(&in) * largest(&out));
  for (size_t i = 0; i < KFIX_TRIANGLE(m); i++) out.c[i] = (kfix_real)((double)out.c[i] * size);
  CHECK_INT(KFIX_OK, set_up(&out, &info));
  CHECK_INT(0, info);
  CHECK_NEAR(1e-4, q, largest(&in) * largest(&out));
  return q;
}

void test_agrees_with_the_solve_by_eigenvalues(void) {
  static const size_t shapes[][2] = {{1, 1}, {1, 7}, {5, 1}, {2, 3}, {7, 5}, {LARGEST, 37}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int variant = 0; variant < 4; variant++) {
      double norms[2];
      ready(shapes[i][0], shapes[i][1], variant / 2 ? 0.95 : 0.5);
      CHECK_NEAR(2e4 * EPS, 0, solve(variant % 2 ? 1 : -1, 11, norms));
      CHECK(norms[0] > 0 && norms[1] < 1e-20 * norms[0]);
    }
}

/* Each step squares the error: bounded by q^(2^j) (1 + q) / (1 - q), up to the condition of L. */
void test_the_error_falls_as_promised(void) {
  const double q = ready(31, 23, 0.9);
  for (unsigned j = 1; j < 9; j++) {
    double norms[2];
    const double bound = pow(q, ldexp(1, (int)j)) * (1 + q) / (1 - q);
    const double error = solve(1, j, norms);
    CHECK(error < 20 * bound + 2e4 * EPS);
    if (bound > 1e-2) CHECK(norms[1] > 1e-8 * norms[0]);
  }
}

void test_the_norms_tell_of_divergence(void) {
  double norms[2];
  ready(13, 11, 1.2);
  (void)solve(1, 5, norms);
  CHECK(norms[1] > 0.01 * norms[0]);
}

void test_a_side_that_is_not_positive_is_refused(void) {
  size_t info = 0;
  make(&in, 7, 3, 1);
  in.a[4 * KFIX_LD(7) + 4] = -1;
  CHECK_INT(KFIX_NOT_POSITIVE, set_up(&in, &info));
  CHECK_INT(5, info);
}

void test_every_port_gives_the_same_bits(void) {
  static kfix_real kept[ROOM_OF];
  ready(LARGEST, 37, 0.9);
  (void)solve(-1, 6, NULL);
  memcpy(kept, u, sizeof kept);
  for (which_port = 1; which_port < PORT_CASES; which_port++) {
    if (!port_is_here(which_port)) continue;
    ready(LARGEST, 37, 0.9);
    (void)solve(-1, 6, NULL);
    CHECK_MEM(kept, u, out.n * in.n * sizeof *u);
  }
}
