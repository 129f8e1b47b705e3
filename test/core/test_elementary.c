/* SPDX-License-Identifier: Apache-2.0
 * The elementary functions against the C library in a wider type, over all exponents: errors stay
 * below what their comments state, special values are right, and the bits are the recorded ones. */
#include "check.h"
#include "core/digest.h"
#include "core/elementary.h"

typedef struct function {
  const char *name;
  float (*f32)(float);
  double (*f64)(double);
  double (*wide32)(double);
  long double (*wide64)(long double);
  double low, high; /* the domain */
  double ulps;      /* the stated bound on the error */
} function;

static double sigmoid(double x) {
  return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

static long double sigmoid_l(long double x) {
  return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x));
}

/* cos(2 pi u - quarters pi / 2), with the argument reduced before 2 pi is rounded. */
static long double turn(long double u, int quarters) {
  const int q = (int)rintl(4 * u);
  const long double angle = 6.283185307179586476925286766559005768L * (u - q / 4.0L);
  const int side = (q - quarters + 4) & 3;
  const long double value = side & 1 ? sinl(angle) : cosl(angle);
  return side == 1 || side == 2 ? -value : value;
}

static double cos2pi(double u) {
  return (double)turn((long double)u, 0);
}

static long double cos2pi_l(long double u) {
  return turn(u, 0);
}

static double sin2pi(double u) {
  return (double)turn((long double)u, 1);
}

static long double sin2pi_l(long double u) {
  return turn(u, 1);
}

static const function functions[] = {
    {"exp", kfix_exp_f32, kfix_exp_f64, exp, expl, -INFINITY, INFINITY, 1},
    {"log", kfix_log_f32, kfix_log_f64, log, logl, 0, INFINITY, 1},
    {"log1p", kfix_log1p_f32, kfix_log1p_f64, log1p, log1pl, 0, INFINITY, 1.5},
    {"tanh", kfix_tanh_f32, kfix_tanh_f64, tanh, tanhl, -INFINITY, INFINITY, 2.5},
    {"sigmoid", kfix_sigmoid_f32, kfix_sigmoid_f64, sigmoid, sigmoid_l, -INFINITY, INFINITY, 2.5},
    {"cos2pi", kfix_cos2pi_f32, kfix_cos2pi_f64, cos2pi, cos2pi_l, 0, 1, 2},
    {"sin2pi", kfix_sin2pi_f32, kfix_sin2pi_f64, sin2pi, sin2pi_l, 0, 1, 2}};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

/* Error in ulp of the exact value; infinity counts as the power of two that the type lacks. */
static long double error(long double exact, long double was, int bits, int least, int most) {
  const long double end = ldexpl(1, most);
  int exponent = least;
  exact = fmaxl(-end, fminl(end, exact));
  was = fmaxl(-end, fminl(end, was));
  if (exact != 0) frexpl(exact, &exponent);
  if (exponent > most) exponent = most;
  return fabsl(exact - was) / ldexpl(1, (exponent < least ? least : exponent) - bits);
}

static double worst_f32(const function *f) {
  double worst = 0;
  for (uint64_t bits = 0; bits < UINT64_C(0x100000000); bits += 7919) {
    const float x = kfix_float_of_bits((uint32_t)bits);
    if (!((double)x >= f->low && (double)x <= f->high)) continue;
    const float y = f->f32(x);
    if (y != y) return INFINITY;
    worst = fmax(worst, (double)error(f->wide32((double)x), y, 24, -125, 128));
  }
  return worst;
}

/* Arguments of everyday size, where nearly all of the work is, between those of any exponent. */
static double argument(uint64_t i) {
  const uint64_t bits = i * UINT64_C(0x9E3779B97F4A7C15);
  if (i % 4 == 0) return kfix_double_of_bits(bits);
  const double unit = (double)(bits >> 11) * 0x1p-53;
  return i % 4 == 1 ? unit : (i % 4 == 2 ? 50 : 800) * (2 * unit - 1);
}

static double worst_f64(const function *f) {
  double worst = 0;
  for (uint64_t i = 0; i < 600000; i++) {
    const double x = argument(i);
    if (!(x >= f->low && x <= f->high)) continue;
    const double y = f->f64(x);
    if (y != y) return INFINITY;
    worst = fmax(worst, (double)error(f->wide64(x), y, 53, -1021, 1024));
  }
  return worst;
}

void test_float_errors_stay_below_the_stated_bounds(void) {
  for (size_t i = 0; i < FUNCTIONS; i++) {
    const double worst = worst_f32(&functions[i]);
    printf("%s_f32: %.3f ulp\n", functions[i].name, worst);
    CHECK_MSG(worst <= functions[i].ulps, functions[i].name);
  }
}

void test_double_errors_stay_below_the_stated_bounds(void) {
  if (LDBL_MANT_DIG < 64) SKIP("long double is no wider than double");
  for (size_t i = 0; i < FUNCTIONS; i++) {
    const double worst = worst_f64(&functions[i]);
    printf("%s_f64: %.3f ulp\n", functions[i].name, worst);
    CHECK_MSG(worst <= functions[i].ulps, functions[i].name);
  }
}

static void check_value(double (*f)(double), float (*g)(float), double x, double expected) {
  CHECK(f(x) == expected && !signbit(f(x)) == !signbit(expected));
  CHECK((double)g((float)x) == expected && !signbit(g((float)x)) == !signbit(expected));
}

void test_special_values(void) {
  check_value(kfix_exp_f64, kfix_exp_f32, 0, 1);
  check_value(kfix_exp_f64, kfix_exp_f32, -INFINITY, 0);
  check_value(kfix_exp_f64, kfix_exp_f32, INFINITY, INFINITY);
  check_value(kfix_exp_f64, kfix_exp_f32, 1000, INFINITY);
  check_value(kfix_exp_f64, kfix_exp_f32, -1000, 0);
  check_value(kfix_log_f64, kfix_log_f32, 0, -INFINITY);
  check_value(kfix_log_f64, kfix_log_f32, -0.0, -INFINITY);
  check_value(kfix_log_f64, kfix_log_f32, 1, 0);
  check_value(kfix_log_f64, kfix_log_f32, INFINITY, INFINITY);
  check_value(kfix_log1p_f64, kfix_log1p_f32, 0, 0);
  check_value(kfix_log1p_f64, kfix_log1p_f32, INFINITY, INFINITY);
  check_value(kfix_tanh_f64, kfix_tanh_f32, 0, 0);
  check_value(kfix_tanh_f64, kfix_tanh_f32, -0.0, -0.0);
  check_value(kfix_tanh_f64, kfix_tanh_f32, INFINITY, 1);
  check_value(kfix_tanh_f64, kfix_tanh_f32, -INFINITY, -1);
  check_value(kfix_tanh_f64, kfix_tanh_f32, -30, -1);
  check_value(kfix_sigmoid_f64, kfix_sigmoid_f32, 0, 0.5);
  check_value(kfix_sigmoid_f64, kfix_sigmoid_f32, INFINITY, 1);
  check_value(kfix_sigmoid_f64, kfix_sigmoid_f32, -INFINITY, 0);
  check_value(kfix_cos2pi_f64, kfix_cos2pi_f32, 0, 1);
  check_value(kfix_cos2pi_f64, kfix_cos2pi_f32, 0.5, -1);
  check_value(kfix_cos2pi_f64, kfix_cos2pi_f32, 1, 1);
  check_value(kfix_sin2pi_f64, kfix_sin2pi_f32, 0, 0);
  check_value(kfix_sin2pi_f64, kfix_sin2pi_f32, 0.25, 1);
  check_value(kfix_sin2pi_f64, kfix_sin2pi_f32, 0.75, -1);
}

void test_zeros_inside_the_circle_are_zero(void) {
  CHECK(kfix_cos2pi_f32(0.25f) == 0 && kfix_cos2pi_f64(0.25) == 0);
  CHECK(kfix_cos2pi_f32(0.75f) == 0 && kfix_cos2pi_f64(0.75) == 0);
  CHECK(kfix_sin2pi_f32(0.5f) == 0 && kfix_sin2pi_f64(0.5) == 0);
  CHECK(kfix_sin2pi_f32(1.0f) == 0 && kfix_sin2pi_f64(1.0) == 0);
}

void test_nan_in_nan_out(void) {
  for (size_t i = 0; i < FUNCTIONS; i++) {
    CHECK_MSG(isnan(functions[i].f32(NAN)) && isnan(functions[i].f64(NAN)), functions[i].name);
    CHECK_MSG(isnan(functions[i].f32(-NAN)) && isnan(functions[i].f64(-NAN)), functions[i].name);
  }
  const double negative[] = {-0x1p-149, -1e-30, -1, -INFINITY};
  for (size_t i = 0; i < 4; i++)
    CHECK(isnan(kfix_log_f32((float)negative[i])) && isnan(kfix_log_f64(negative[i])));
}

/* Where exp leaves the normal numbers, and the type, at both ends. */
void test_exp_at_the_ends_of_the_range(void) {
  CHECK(kfix_exp_f32(0x1.62e42ep+6f) < INFINITY && kfix_exp_f32(0x1.62e43p+6f) == INFINITY);
  CHECK(kfix_exp_f64(0x1.62e42fefa39efp+9) < INFINITY);
  CHECK(kfix_exp_f64(0x1.62e42fefa39fp+9) == INFINITY);
  CHECK(kfix_exp_f32(-103.9f) == 0x1p-149f && kfix_exp_f32(-104.0f) == 0);
  CHECK(kfix_exp_f64(-745.1) == 0x1p-1074 && kfix_exp_f64(-745.2) == 0);
}

void test_tanh_is_odd_and_keeps_tiny_arguments(void) {
  for (uint32_t bits = 0; bits < 0x7f800000u; bits += 40009) {
    const float x = kfix_float_of_bits(bits);
    CHECK(kfix_tanh_f32(-x) == -kfix_tanh_f32(x));
    if (x < 0x1p-13f) CHECK(fabsf(kfix_tanh_f32(x) - x) <= x * 0x1p-23f);
  }
  CHECK(kfix_tanh_f32(0x1p-149f) == 0x1p-149f && kfix_tanh_f64(0x1p-1074) == 0x1p-1074);
}

void test_the_names_without_a_type_are_those_of_the_build(void) {
  const kfix_real x = (kfix_real)0.3;
  const int is_float = sizeof(kfix_real) == sizeof(float);
  CHECK(kfix_exp(x) == (is_float ? kfix_exp_f32(0.3f) : (kfix_real)kfix_exp_f64(0.3)));
  CHECK(kfix_sqrt(x) == (is_float ? sqrtf(0.3f) : (kfix_real)sqrt(0.3)));
  CHECK(kfix_fma(x, x, -x * x) ==
        (is_float ? fmaf(0.3f, 0.3f, -(0.3f * 0.3f)) : (kfix_real)fma(0.3, 0.3, -(0.3 * 0.3))));
}

/* Results in little endian; each NaN counts as the same one. */
static void add_to_digest(kfix_digest_state *s, double y) {
  const uint64_t bits = y == y ? kfix_bits_f64(y) : 1;
  unsigned char bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(bits >> 8 * i);
  kfix_digest_add(s, bytes, sizeof bytes);
}

void test_the_bits_are_the_recorded_ones(void) {
  kfix_digest_state narrow, wide;
  kfix_digest_begin(&narrow, 0);
  kfix_digest_begin(&wide, 0);
  for (size_t f = 0; f < FUNCTIONS; f++) {
    for (uint64_t i = 0; i < 100000; i++) {
      const float x = i % 4 ? (float)argument(i) : kfix_float_of_bits((uint32_t)i * 0x9E3779B9u);
      const double y = argument(i);
      const int in_narrow = (double)x >= functions[f].low && (double)x <= functions[f].high;
      const int in_wide = y >= functions[f].low && y <= functions[f].high;
      if (in_narrow) add_to_digest(&narrow, (double)functions[f].f32(x));
      if (in_wide) add_to_digest(&wide, functions[f].f64(y));
    }
  }
  CHECK_U64(UINT64_C(0xcfe0f4ba0f07aec6), kfix_digest_end(&narrow));
  CHECK_U64(UINT64_C(0x705e9c1e72c0ee8b), kfix_digest_end(&wide));
}
