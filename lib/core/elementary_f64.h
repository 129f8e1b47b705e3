/* SPDX-License-Identifier: Apache-2.0
 * Elementary functions in double, from IEEE operations only; see elementary.h. The f32 file says
 * the same things in float. */
#ifndef KFIX_CORE_ELEMENTARY_F64_H
#define KFIX_CORE_ELEMENTARY_F64_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "elementary_fma.h"
#include "real.h"

#define KFIX_LN2_HI_F64 0x1.62e42fefa2p-1 /* 40 bits: a product with an exponent is exact */
#define KFIX_LN2_LO_F64 0x1.9ef35793c7673p-41
#define KFIX_SHIFT_F64  0x1.8p52 /* adding it rounds to an integer, kept in the low bits */

KFIX_INLINE uint64_t kfix_bits_f64(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

KFIX_INLINE double kfix_double_of_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* yes ? a : b, without a branch also when the compiler must not evaluate a or b in vain. */
KFIX_INLINE double kfix_select_f64(int yes, double a, double b) {
  const uint64_t mask = -(uint64_t)(yes != 0);
  return kfix_double_of_bits((kfix_bits_f64(a) & mask) | (kfix_bits_f64(b) & ~mask));
}

/* Both are correctly rounded everywhere, so the C library's may be used where it is right. */
KFIX_INLINE double kfix_fma_f64(double a, double b, double c) {
  return KFIX_LIBC_FMA ? fma(a, b, c) : kfix_soft_fma_f64(a, b, c);
}

KFIX_INLINE double kfix_sqrt_f64(double x) {
  return sqrt(x);
}

/* *power = 2^n with n = y / ln 2 rounded, as two factors so that the exponents of subnormals and of
 * values just under infinity fit; returns expm1(y - n ln 2). |y| < 746. */
KFIX_INLINE double kfix_exp_core_f64(double y, double power[2]) {
  const double shifted = y * 0x1.71547652b82fep+0 + KFIX_SHIFT_F64;
  const double n = shifted - KFIX_SHIFT_F64;
  const double hi = y - n * KFIX_LN2_HI_F64, lo = n * KFIX_LN2_LO_F64, r = hi - lo;
  const uint64_t biased = kfix_bits_f64(shifted) - kfix_bits_f64(KFIX_SHIFT_F64) + 2046u;
  const uint64_t half = biased >> 1;
  double p = 0x1.ae6bbff1cfc68p-26;
  p = p * r + 0x1.28a234f0a4183p-22;
  p = p * r + 0x1.71de883f11d5fp-19;
  p = p * r + 0x1.a019a71e08db7p-16;
  p = p * r + 0x1.a01a0174e0f7dp-13;
  p = p * r + 0x1.6c16c17ef5139p-10;
  p = p * r + 0x1.111111111907cp-7;
  p = p * r + 0x1.555555555225cp-5;
  p = p * r + 0x1.5555555555539p-3;
  p = p * r + 0x1.0000000000005p-1;
  power[0] = kfix_double_of_bits(half << 52);
  power[1] = kfix_double_of_bits((biased - half) << 52);
  return hi + (r * r * p - lo);
}

/* exp(x). Error <= 1 ulp (measured 0.92), subnormal results included. */
KFIX_INLINE double kfix_exp_f64(double x) {
  double power[2];
  const double capped = kfix_select_f64(x > 710.0, 710.0, x);
  const double y = kfix_select_f64(x < -746.0, -746.0, capped);
  const double q = kfix_exp_core_f64(y, power);
  return (1.0 + q) * power[0] * power[1];
}

/* log(m 2^k) with m = 1 + f in [sqrt(1/2), sqrt(2)) and k an integer. */
KFIX_INLINE double kfix_log_core_f64(double f, double k) {
  const double s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
  double p = 0x1.2f0d4c29be501p-3;
  p = p * z + 0x1.39a0fb4e038d0p-3;
  p = p * z + 0x1.746645f129d56p-3;
  p = p * z + 0x1.c71c51e90919cp-3;
  p = p * z + 0x1.2492494216657p-2;
  p = p * z + 0x1.999999997fb46p-2;
  p = p * z + 0x1.5555555555593p-1;
  return k * KFIX_LN2_HI_F64 - ((half - (s * (half + z * p) + k * KFIX_LN2_LO_F64)) - f);
}

/* x = (returned m) 2^k, m in [sqrt(1/2), sqrt(2)); x normal and positive. */
KFIX_INLINE double kfix_mantissa_f64(double x, int32_t *k) {
  const uint64_t least = UINT64_C(0x3fe6a09e667f3bcd); /* sqrt(1/2) */
  const uint64_t shifted = kfix_bits_f64(x) + (UINT64_C(0x3ff0000000000000) - least);
  *k = (int32_t)(shifted >> 52) - 1023;
  return kfix_double_of_bits((shifted & UINT64_C(0xfffffffffffff)) + least);
}

/* log(x). log(0) = -inf, log of a negative is NaN. Error <= 1 ulp (measured 0.81). */
KFIX_INLINE double kfix_log_f64(double x) {
  const int subnormal = x < DBL_MIN;
  int32_t k;
  const double m = kfix_mantissa_f64(x * kfix_select_f64(subnormal, 0x1p54, 1.0), &k);
  const double y = kfix_log_core_f64(m - 1.0, (double)(k - 54 * subnormal));
  const double special = kfix_select_f64(x == 0.0, -INFINITY, kfix_select_f64(x < 0.0, NAN, x));
  return kfix_select_f64((x > 0.0) & (x < INFINITY), y, special);
}

/* log(1 + t) for t >= 0. Error <= 1.5 ulp (measured 1.38), relative also near 0. */
KFIX_INLINE double kfix_log1p_f64(double t) {
  const double u = 1.0 + t;
  const double lost = kfix_select_f64(t < 1.0, t - (u - 1.0), 1.0 - (u - t));
  int32_t k;
  const double m = kfix_mantissa_f64(u, &k);
  const double scale =
      kfix_select_f64(t < 0x1p54, kfix_double_of_bits((uint64_t)(1023 - k) << 52), 0.0);
  const double y = kfix_log_core_f64((m - 1.0) + lost * scale, (double)k);
  return kfix_select_f64(t < INFINITY, y, t);
}

/* tanh(x). Error <= 2.5 ulp (measured 2.20), relative also near 0; odd, also in its bits. */
KFIX_INLINE double kfix_tanh_f64(double x) {
  const uint64_t sign = kfix_bits_f64(x) & UINT64_C(0x8000000000000000);
  const double size = kfix_double_of_bits(kfix_bits_f64(x) ^ sign);
  double power[2];
  const double q = kfix_exp_core_f64(-2.0 * kfix_select_f64(size > 20.0, 20.0, size), power);
  const double scale = power[0] * power[1];
  const double e = scale + scale * q, below = (1.0 - scale) - scale * q; /* e = exp(-2 |x|) */
  const int large = e < 0x1.5p-2;
  const double ratio = kfix_select_f64(large, 2.0 * e, below) / (1.0 + e);
  const double y = kfix_select_f64(large, 1.0 - ratio, ratio);
  return kfix_double_of_bits(kfix_bits_f64(y) | sign);
}

/* 1 / (1 + exp(-x)). Error <= 2.5 ulp (measured 2.28), relative also where it is tiny. */
KFIX_INLINE double kfix_sigmoid_f64(double x) {
  const double e = kfix_exp_f64(kfix_select_f64(x < 0.0, x, -x));
  return kfix_select_f64(x < 0.0, e, 1.0) / (1.0 + e);
}

/* u = q / 4 + (returned r), |r| <= 1/8, exact; q modulo 4. u in [0, 1]. */
KFIX_INLINE double kfix_quarter_f64(double u, uint64_t *q) {
  const double shifted = 4.0 * u + KFIX_SHIFT_F64;
  *q = kfix_bits_f64(shifted) & 3u;
  return u - 0.25 * (shifted - KFIX_SHIFT_F64);
}

/* sin(2 pi r) and cos(2 pi r), |r| <= 1/8. */
KFIX_INLINE double kfix_sin_core_f64(double r) {
  const double z = r * r;
  double p = -0x1.6c63cd76c50d5p-1;
  p = p * z + 0x1.e8eef010e29bep+1;
  p = p * z - 0x1.e3074b7dfed35p+3;
  p = p * z + 0x1.50783485eebbdp+5;
  p = p * z - 0x1.32d2cce62ade6p+6;
  p = p * z + 0x1.466bc6775aadbp+6;
  p = p * z - 0x1.4abbce625be53p+5;
  return r * 0x1.921fb54442d18p+2 + r * (z * p + 0x1.1a62633145c07p-52);
}

KFIX_INLINE double kfix_cos_core_f64(double r) {
  const double z = r * r;
  double p = -0x1.b26fead281026p+0;
  p = p * z + 0x1.f9cc6ad8784e7p+2;
  p = p * z - 0x1.a6d1ecb74c39fp+4;
  p = p * z + 0x1.e1f50683b43d7p+5;
  p = p * z - 0x1.55d3c7e3c95bdp+6;
  p = p * z + 0x1.03c1f081b5ab0p+6;
  p = p * z - 0x1.3bd3cc9be45dep+4;
  return 1.0 + z * p;
}

/* cos(2 pi u), u in [0, 1]. Error <= 2 ulp (measured 1.65), relative also near its zeros. */
KFIX_INLINE double kfix_cos2pi_f64(double u) {
  uint64_t q;
  const double r = kfix_quarter_f64(u, &q), s = kfix_sin_core_f64(r), c = kfix_cos_core_f64(r);
  const uint64_t bits = kfix_bits_f64(kfix_select_f64((int)(q & 1u), s, c));
  return kfix_double_of_bits(bits ^ ((q + 1u) & 2u) << 62);
}

/* sin(2 pi u), u in [0, 1]. Error <= 2 ulp (measured 1.65), relative also near its zeros. */
KFIX_INLINE double kfix_sin2pi_f64(double u) {
  uint64_t q;
  const double r = kfix_quarter_f64(u, &q), s = kfix_sin_core_f64(r), c = kfix_cos_core_f64(r);
  const uint64_t bits = kfix_bits_f64(kfix_select_f64((int)(q & 1u), c, s));
  return kfix_double_of_bits(bits ^ (q & 2u) << 62);
}

#endif
