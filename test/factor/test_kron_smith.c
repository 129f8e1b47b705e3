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
  kfix_real square[LARGEST * LARGEST], row[LARGEST], k[ROOM_OF], s[LARGEST];
} side;
static side in, out;
static kfix_real scratch[KFIX_SMITH_REALS(LARGEST, LARGEST) + KFIX_SMITH_SIDE_REALS(LARGEST) +
                         KFIX_KRON_SIDE_REALS(LARGEST)];
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

static kfix_smith_side placed(side *s) {
  return kfix_smith_place(s->n, s->square, s->row);
}

static kfix_status set_up(side *s, size_t *info) {
  const kfix_device d = port_device(which_port, 1);
  const kfix_smith_side smith = placed(s);
  kfix_real work[ROOM_OF];
  memcpy(work, s->a, sizeof work);
  KFIX_TRY(kfix_kron_side_set(&d, s->n, work, KFIX_LD(s->n), s->c, s->k, KFIX_LD(s->n), s->s,
                              scratch, info));
  memcpy(work, s->a, sizeof work);
  return kfix_smith_side_set(&d, work, s->c, &smith, scratch, info);
}

static double largest(const side *s) {
  return fmax(fabs((double)s->s[0]), fabs((double)s->s[s->n - 1]));
}

static kfix_real v[ROOM_OF], u[ROOM_OF], want[ROOM_OF];

/* The relative distance from the solve by eigenvalues; in the padding of u nothing is written. */
static double solve(kfix_real sign, double tolerance, kfix_smith_course *course) {
  const kfix_device d = port_device(which_port, 1);
  const kfix_smith_side b = placed(&out), a = placed(&in);
  const kfix_kron_side kb = {out.n, out.k, KFIX_LD(out.n), out.s};
  const kfix_kron_side ka = {in.n, in.k, KFIX_LD(in.n), in.s};
  const size_t count = out.n * in.n;
  kfix_smith_course known;
  double difference = 0, size = 0;
  for (size_t i = 0; i < count; i++) v[i] = (kfix_real)normal(77, i);
  CHECK_INT(KFIX_OK, kfix_smith_course_of(&d, &b, &a, tolerance, scratch, &known));
  CHECK_INT(KFIX_OK, kfix_smith_solve(&d, &b, &a, sign, tolerance, (kfix_real)-1.5, v, in.n, u,
                                      in.n, scratch, course));
  CHECK_INT(known.steps, course->steps);
  CHECK(known.q == course->q);
  CHECK_INT(KFIX_OK, kfix_kron_solve(&d, &kb, &ka, sign, (kfix_real)1e-6, (kfix_real)-1.5, v, in.n,
                                     want, in.n, scratch, NULL));
  CHECK_INT(KFIX_OK, kfix_smith_solve(&d, &b, &a, sign, tolerance, (kfix_real)-1.5, v, in.n, v,
                                      in.n, scratch, course));
  CHECK_MEM(u, v, count * sizeof *u);
  for (size_t i = 0; i < count; i++) {
    difference += ((double)u[i] - (double)want[i]) * ((double)u[i] - (double)want[i]);
    size += (double)want[i] * (double)want[i];
  }
  return sqrt(difference / size);
}

static void ready(size_t m, size_t n, double q) {
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
}

void test_agrees_with_the_solve_by_eigenvalues(void) {
  static const size_t shapes[][2] = {{1, 1}, {1, 7}, {5, 1}, {2, 3}, {7, 5}, {LARGEST, 37}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int variant = 0; variant < 6; variant++) {
      static const double q[] = {0.5, 0.95, 1e-9};
      kfix_smith_course course;
      ready(shapes[i][0], shapes[i][1], q[variant / 2]);
      CHECK_NEAR(2e4 * EPS, 0, solve(variant % 2 ? 1 : -1, EPS, &course));
      CHECK(course.steps >= 1 && course.steps <= 11);
      CHECK(variant / 2 < 2 || course.steps == 1);
    }
}

/* The error is below the tolerance, in the whitened norm: here up to the condition of the whiteners. Fewer
 * steps do for a larger tolerance. */
void test_the_error_is_below_the_tolerance(void) {
  unsigned before = 0;
  ready(31, 23, 0.9);
  for (double tolerance = 0.1; tolerance > EPS; tolerance /= 100) {
    kfix_smith_course course;
    CHECK(solve(1, tolerance, &course) < 20 * tolerance + 2e4 * EPS);
    CHECK(course.steps >= before);
    before = course.steps;
  }
  CHECK(before >= 6);
}

/* A tolerance that is never reached: all the steps, and what they say of q. */
static kfix_status course_of(double tolerance, kfix_smith_course *course) {
  const kfix_device d = port_device(which_port, 1);
  const kfix_smith_side b = placed(&out), a = placed(&in);
  return kfix_smith_course_of(&d, &b, &a, tolerance, scratch, course);
}

void test_divergence_is_told(void) {
  static const double q[] = {1.0005, 1.2, 30, 1e6};
  kfix_smith_course course;
  for (size_t i = 0; i < sizeof q / sizeof *q; i++) {
    size_t info;
    ready(13, 11, 0.5);
    for (size_t j = 0; j < KFIX_TRIANGLE(13); j++) out.c[j] *= (kfix_real)(q[i] / 0.5);
    CHECK_INT(KFIX_OK, set_up(&out, &info));
    CHECK_INT(KFIX_NOT_CONVERGED, course_of(EPS, &course));
    CHECK(course.q > 1 && course.q < 13 * q[i]);
    CHECK(q[i] < 2 || course.steps < 4);
  }
  in.c[3] = (kfix_real)NAN;
  const kfix_device d = port_device(0, 1);
  const kfix_smith_side a = placed(&in);
  kfix_real work[ROOM_OF];
  size_t info;
  memcpy(work, in.a, sizeof work);
  CHECK_INT(KFIX_OK, kfix_smith_side_set(&d, work, in.c, &a, scratch, &info));
  CHECK_INT(KFIX_NOT_CONVERGED, course_of(EPS, &course));
}

/* Near 1 the bound on steps ends it. */
void test_slow_convergence_is_told(void) {
  kfix_smith_course course;
  ready(13, 11, 0.9995);
  CHECK_INT(KFIX_NOT_CONVERGED, course_of(1e-14, &course));
  CHECK_INT(KFIX_SMITH_STEPS_MAX, course.steps);
  CHECK_NEAR(2e-3, 0.9995, course.q);
  ready(13, 11, 0.99);
  CHECK_INT(KFIX_OK, course_of(1e-14, &course));
  CHECK_NEAR(1e-2, 0.99, course.q);
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
  kfix_smith_course course;
  ready(LARGEST, 37, 0.9);
  (void)solve(-1, EPS, &course);
  memcpy(kept, u, sizeof kept);
  for (which_port = 1; which_port < PORT_CASES; which_port++) {
    if (!port_is_here(which_port)) continue;
    ready(LARGEST, 37, 0.9);
    (void)solve(-1, EPS, &course);
    CHECK_MEM(kept, u, out.n * in.n * sizeof *u);
  }
}
