/* SPDX-License-Identifier: Apache-2.0
 * Normalisations of the reference port are what the definitions say, in double; and where a NaN is seen. */
#include <math.h>

#include "image_cases.h"
#include "norm_cases.h"

void setUp(void) {
  norm_cases_begin();
}

void tearDown(void) {
  port_crews_stop();
}

/* A number in double, and how far rounding may take the port from it. */
typedef struct value {
  double value, error;
} value;

/* Sums of n terms: each addition, and two roundings of the term, of the sum of magnitudes. */
static double sum_error(double n, double size) {
  return (n + 4) * EPSILON * size;
}

static double x_at(const norm_case *c, size_t r, size_t p, size_t j) {
  return (double)x[r * ld_of(c) + p * c->channels + j];
}

static double g_at(const norm_case *c, size_t r, size_t p, size_t j) {
  return (double)g[r * ld_of(c) + p * c->channels + j];
}

/* Both moments of channel j. The mean's error e moves the variance by e^2, and rounds x - mean by what each is off. */
static void moments_of(const norm_case *c, size_t j, value *mean, value *variance) {
  const double n = (double)count_of(c);
  double sum = 0, size = 0, square = 0, off = 0;
  for (size_t r = 0; r < c->rows; r++)
    for (size_t p = 0; p < c->positions; p++) {
      sum += x_at(c, r, p, j);
      size += fabs(x_at(c, r, p, j));
    }
  *mean = (value){sum / n, sum_error(n, size / n)};
  for (size_t r = 0; r < c->rows; r++)
    for (size_t p = 0; p < c->positions; p++) {
      const double d = x_at(c, r, p, j) - mean->value;
      square += d * d;
      off += fabs(d);
    }
  const double e = mean->error;
  *variance = (value){square / n, sum_error(n, square / n) + 4 * EPSILON * e * off / n + 2 * e * e};
}

static void near(value expected, kfix_real actual) {
  CHECK_NEAR(expected.error + EPSILON * fabs(expected.value), expected.value, (double)actual);
}

/* xhat by the moments that the port was given: three roundings, and two of the root. */
static value xhat(const norm_case *c, size_t r, size_t p, size_t j) {
  const double mean = (double)moments[2 * j], variance = (double)moments[2 * j + 1];
  const double y = (x_at(c, r, p, j) - mean) / sqrt(variance + KFIX_NORM_EPS);
  return (value){y, 6 * EPSILON * fabs(y)};
}

/* What is added to: out before it, or nothing. */
static value before(const norm_run *t, size_t at) {
  const double y = t->beta == 1 ? (double)start[at] : 0;
  return (value){y, EPSILON * fabs(y)};
}

static void are_moments(const norm_run *t) {
  value mean, variance;
  for (size_t j = 0; j < t->c->channels; j++) {
    moments_of(t->c, j, &mean, &variance);
    near(mean, got[2 * j]);
    near(variance, got[2 * j + 1]);
  }
}

static void is_normed(const norm_run *t, size_t r, size_t p, size_t j) {
  const size_t at = r * ld_of(t->c) + p * t->c->channels + j;
  const value h = xhat(t->c, r, p, j), there = before(t, at);
  const double scaled = h.value * (double)w[2 * j], shift = (double)w[2 * j + 1];
  const double error =
      h.error * fabs((double)w[2 * j]) + 4 * EPSILON * (fabs(scaled) + fabs(shift));
  near((value){there.value + scaled + shift, there.error + error}, got[at]);
}

static void is_back(const norm_run *t, size_t r, size_t p, size_t j) {
  const norm_case *c = t->c;
  const size_t at = r * ld_of(c) + p * c->channels + j;
  const value h = xhat(c, r, p, j), there = before(t, at);
  const double n = (double)count_of(c), plain = (double)sums[2 * j + 1] / n;
  const double along = h.value * (double)sums[2 * j] / n, of = g_at(c, r, p, j);
  const double factor = (double)w[2 * j] / sqrt((double)moments[2 * j + 1] + KFIX_NORM_EPS);
  const double size = fabs(of) + fabs(plain) + fabs(along);
  near((value){there.value + (of - plain - along) * factor,
               there.error + 16 * EPSILON * size * fabs(factor)},
       got[at]);
}

static void are_sums(const norm_run *t) {
  const norm_case *c = t->c;
  const double n = (double)c->positions;
  for (size_t r = 0; r < c->rows; r++)
    for (size_t j = 0; j < c->channels; j++) {
      const kfix_real *out = got + r * (2 * c->channels + c->apart) + 2 * j;
      double by_x = 0, plain = 0, sizes[2] = {0};
      for (size_t p = 0; p < c->positions; p++) {
        const double h = xhat(c, r, p, j).value, of = g_at(c, r, p, j);
        by_x += of * h;
        plain += of;
        sizes[0] += fabs(of * h);
        sizes[1] += fabs(of);
      }
      near((value){by_x, sum_error(n + 6, sizes[0])}, out[0]);
      near((value){plain, sum_error(n, sizes[1])}, out[1]);
    }
}

/* Of the reference port, which the others agree with; and nothing else is written. */
static void is_as_defined(const norm_run *t) {
  const kfix_device d = port_device(0, 1);
  const norm_case *c = t->c;
  run(&d, t, got);
  if (t->kernel == MOMENTS) are_moments(t);
  if (t->kernel == SUMS) are_sums(t);
  if (t->kernel == MOMENTS || t->kernel == SUMS) return;
  for (size_t r = 0; r < c->rows; r++) {
    for (size_t i = 0; i < c->positions * c->channels; i++)
      (t->kernel == NORM ? is_normed : is_back)(t, r, i / c->channels, i % c->channels);
    for (size_t i = r * ld_of(c) + c->positions * c->channels; i < (r + 1) * ld_of(c); i++)
      CHECK(got[i] == start[i]);
  }
}

void test_they_are_what_they_are_defined_as(void) {
  for (size_t i = 0; i < NORMS; i++) each_run(&norms[i], is_as_defined);
}

/* Two passes: what a mean a thousand times the deviation costs is eps of the mean, squared. */
void test_means_far_from_zero(void) {
  for (size_t i = 0; i < ROOM; i++) x[i] = (x[i] + 500) * 2;
  for (size_t i = 0; i < NORMS; i++) each_run(&norms[i], is_as_defined);
}

/* Small ones are sums without rounding: the variance is 0, xhat is 0, and what comes out is the shift. */
void test_channels_that_are_constant(void) {
  const kfix_device d = port_device(0, 1);
  for (size_t i = 0; i < NORMS; i++) {
    const norm_case *c = &norms[i];
    const norm_run t = {c, NORM, 0};
    for (size_t r = 0; r < c->rows; r++)
      for (size_t e = 0; e < c->positions * c->channels; e++)
        x[r * ld_of(c) + e] = (kfix_real)(e % c->channels % 5) - 2;
    take_moments(c);
    for (size_t j = 0; j < c->channels; j++) {
      /* The share 1 / n is rounded, and so is its product. */
      CHECK_NEAR(4 * EPSILON, (double)(j % 5) - 2, (double)moments[2 * j]);
      CHECK(moments[2 * j + 1] >= 0 && (double)moments[2 * j + 1] <= 16 * EPSILON * EPSILON);
      moments[2 * j] = (kfix_real)(j % 5) - 2;
    }
    run(&d, &t, got);
    for (size_t r = 0; r < c->rows; r++)
      for (size_t e = 0; e < c->positions * c->channels; e++)
        CHECK(got[r * ld_of(c) + e] == w[2 * (e % c->channels) + 1]);
  }
}

/* A single NaN in x is in the moments of its channel, and of no other. */
void test_nan_is_seen_in_the_moments_of_its_channel(void) {
  for (size_t i = 0; i < PORT_CASES * NORMS; i++) {
    const norm_case *c = &norms[i % NORMS];
    const kfix_device d = port_device(i / NORMS, 1 + i % CREW_MAX);
    const size_t channel = c->channels / 2, position = c->positions / 2, row = c->rows - 1;
    if (!port_is_here(i / NORMS)) continue;
    port_numbers(1, 2, ROOM, x);
    x[row * ld_of(c) + position * c->channels + channel] = (kfix_real)NAN;
    CHECK_INT(KFIX_OK,
              d.port->norm_moments(&d, c->rows, c->positions, c->channels, x, ld_of(c), moments));
    for (size_t j = 0; j < 2 * c->channels; j++) CHECK_INT(j / 2 == channel, !!isnan(moments[j]));
  }
}

/* With sound moments it is in what its element, or its row's sum, comes to, and nowhere else. */
static void nan_is_seen(const norm_run *t) {
  const norm_case *c = t->c;
  const kfix_device d = port_device(0, 1);
  const size_t row = c->rows / 2, at = row * ld_of(c) + c->channels - 1;
  if (t->kernel == MOMENTS) return;
  const kfix_real good = x[at];
  x[at] = (kfix_real)NAN;
  run(&d, t, got);
  x[at] = good;
  const size_t place =
      t->kernel == SUMS ? row * (2 * c->channels + c->apart) + 2 * c->channels - 2 : at;
  for (size_t i = 0; i < ROOM; i++) CHECK_INT(i == place, !!isnan(got[i]));
}

void test_nan_is_seen_where_it_belongs(void) {
  for (size_t i = 0; i < NORMS; i++) each_run(&norms[i], nan_is_seen);
}
