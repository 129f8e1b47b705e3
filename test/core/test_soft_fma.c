/* SPDX-License-Identifier: Apache-2.0
 * The software fma, for machines and C libraries without one, against the C library of this one. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "check.h"
#include "core/elementary_fma.h"
#include "core/philox.h"

enum { DRAWS = 300000 };

static double double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static int same_f64(double x, double y) {
  return (isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0;
}

static int same_f32(float x, float y) {
  return (isnan(x) && isnan(y)) || memcmp(&x, &y, sizeof x) == 0;
}

static void draw(uint32_t kind, uint32_t i, uint64_t out[4]) {
  const kfix_draw_key key = {3, KFIX_DRAW_TEST, kind, 0};
  for (uint32_t half = 0; half < 2; half++) {
    uint32_t word[4];
    kfix_draw(&key, i, half, word);
    out[2 * half] = (uint64_t)word[0] << 32 | word[1];
    out[2 * half + 1] = (uint64_t)word[2] << 32 | word[3];
  }
}

/* Keeps the sign, some leading bits of the fraction (so that products end early and ties occur) and
 * an exponent of at most `spread` from `centre`. */
static double shaped_f64(uint64_t bits, int centre, int spread) {
  const uint64_t kept = ~UINT64_C(0) << (bits >> 58 & 51);
  const int biased = centre + (int)(bits >> 52 & 0x3f) % (2 * spread + 1) - spread;
  return double_of((bits & UINT64_C(1) << 63) | (uint64_t)(biased < 0 ? 0 : biased) << 52 |
                   (bits & kept & UINT64_C(0xfffffffffffff)));
}

static float shaped_f32(uint64_t bits, int centre, int spread) {
  const uint32_t kept = ~UINT32_C(0) << (bits >> 58) % 23;
  const int biased = centre + (int)(bits >> 40 & 0x3f) % (2 * spread + 1) - spread;
  return float_of((uint32_t)(bits >> 32 & 0x80000000u) | (uint32_t)(biased < 0 ? 0 : biased) << 23 |
                  ((uint32_t)bits & kept & 0x7fffffu));
}

static void check_f64(double a, double b, double c) {
  const double right = fma(a, b, c);
  CHECK(same_f64(right, kfix_soft_fma_f64(a, b, c)));
  CHECK(same_f64(right, kfix_wide_fma(a, b, c)));
}

static void check_f32(float a, float b, float c) {
  CHECK(same_f32(fmaf(a, b, c), kfix_soft_fma_f32(a, b, c)));
}

void test_any_bits(void) {
  for (uint32_t i = 0; i < DRAWS; i++) {
    uint64_t w[4];
    draw(0, i, w);
    check_f64(double_of(w[0]), double_of(w[1]), double_of(w[2]));
    check_f32(float_of((uint32_t)w[0]), float_of((uint32_t)w[1]), float_of((uint32_t)w[2]));
  }
}

/* Terms of like size, with ties. */
void test_near_one(void) {
  for (uint32_t i = 0; i < DRAWS; i++) {
    uint64_t w[4];
    draw(1, i, w);
    for (int spread = 0; spread < 60; spread += 29) {
      check_f64(shaped_f64(w[0], 1023, 1), shaped_f64(w[1], 1023, 1),
                shaped_f64(w[2], 1023, spread));
      check_f32(shaped_f32(w[0], 127, 1), shaped_f32(w[1], 127, 1), shaped_f32(w[2], 127, spread));
    }
  }
}

/* The product has one bit too many or two, so it often lies halfway; c, however small, decides. */
void test_far_term_breaks_ties(void) {
  for (uint32_t i = 0; i < DRAWS; i++) {
    uint64_t w[4];
    draw(4, i, w);
    const double a = (double)(w[0] >> 37 | 1), b = (double)(w[1] >> 37 | 1);
    check_f64(a, b, shaped_f64(w[2], 1023 - (int)(w[3] % 1000), 0));
    const float x = (float)(w[0] >> 51 | 1), y = (float)(w[1] >> 52 | 1);
    check_f32(x, y, shaped_f32(w[2], 127 - (int)(w[3] % 120), 0));
  }
}

/* c is the rounded product with the other sign, give or take a bit: what is left is its error. */
void test_cancellation(void) {
  for (uint32_t i = 0; i < DRAWS; i++) {
    uint64_t w[4];
    draw(2, i, w);
    const double a = shaped_f64(w[0], 1023, 30), b = shaped_f64(w[1], 1023, 30);
    check_f64(a, b, -(a * b));
    check_f64(a, b, -nextafter(a * b, w[2] & 1 ? INFINITY : -INFINITY));
    const float x = shaped_f32(w[0], 127, 30), y = shaped_f32(w[1], 127, 30);
    check_f32(x, y, -(x * y));
    check_f32(x, y, -nextafterf(x * y, w[2] & 1 ? INFINITY : -INFINITY));
  }
}

/* Results around the smallest and the largest numbers. */
void test_ends_of_the_range(void) {
  for (uint32_t i = 0; i < DRAWS; i++) {
    uint64_t w[4];
    draw(3, i, w);
    check_f64(shaped_f64(w[0], 512, 20), shaped_f64(w[1], 500, 20), shaped_f64(w[2], 2, 31));
    check_f64(shaped_f64(w[0], 1, 3), shaped_f64(w[1], 1023, 31), shaped_f64(w[2], 1, 31));
    check_f64(shaped_f64(w[0], 1535, 2), shaped_f64(w[1], 1534, 2), shaped_f64(w[2], 2044, 2));
    check_f32(shaped_f32(w[0], 60, 20), shaped_f32(w[1], 60, 20), shaped_f32(w[2], 2, 31));
    check_f32(shaped_f32(w[0], 1, 3), shaped_f32(w[1], 127, 31), shaped_f32(w[2], 1, 31));
    check_f32(shaped_f32(w[0], 191, 2), shaped_f32(w[1], 190, 2), shaped_f32(w[2], 252, 2));
  }
}

void test_zeros_infinities_and_nan(void) {
  static const double x[] = {0.0,      -0.0,      1,          -1,        DBL_MIN,
                             -DBL_MIN, 0x1p-1074, -0x1p-1074, DBL_MAX,   -DBL_MAX,
                             0.75,     -0.75,     INFINITY,   -INFINITY, NAN};
  enum { COUNT = sizeof x / sizeof *x };
  for (size_t i = 0; i < COUNT * COUNT * COUNT; i++) {
    const double a = x[i % COUNT], b = x[i / COUNT % COUNT], c = x[i / COUNT / COUNT];
    check_f64(a, b, c);
    check_f32((float)a, (float)b, (float)c);
  }
}
