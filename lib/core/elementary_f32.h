/* SPDX-License-Identifier: Apache-2.0
 * Elementary functions in float, from IEEE operations only; see elementary.h. The f64 file says the
 * same things in double. */
#ifndef KFIX_CORE_ELEMENTARY_F32_H
#define KFIX_CORE_ELEMENTARY_F32_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "elementary_fma.h"
#include "real.h"

#if FLT_EVAL_METHOD != 0
#error "kfix needs float and double arithmetic that round to their own type"
#endif

#define KFIX_LN2_HI_F32 0x1.62e4p-1f /* 15 bits: a product with an exponent is exact */
#define KFIX_LN2_LO_F32 0x1.7f7d1cp-20f
#define KFIX_SHIFT_F32  0x1.8p23f /* adding it rounds to an integer, kept in the low bits */

KFIX_INLINE uint32_t kfix_bits_f32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

KFIX_INLINE float kfix_float_of_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* yes ? a : b, without a branch also when the compiler must not evaluate a or b in vain. */
KFIX_INLINE float kfix_select_f32(int yes, float a, float b) {
  const uint32_t mask = -(uint32_t)(yes != 0);
  return kfix_float_of_bits((kfix_bits_f32(a) & mask) | (kfix_bits_f32(b) & ~mask));
}

/* Both are correctly rounded everywhere, so the C library's may be used where it is right. */
KFIX_INLINE float kfix_fma_f32(float a, float b, float c) {
  return KFIX_LIBC_FMAF ? fmaf(a, b, c) : kfix_soft_fma_f32(a, b, c);
}

KFIX_INLINE float kfix_sqrt_f32(float x) {
  return sqrtf(x);
}

/* *power = 2^n with n = y / ln 2 rounded, as two factors so that the exponents of subnormals and of
 * values just under infinity fit; returns expm1(y - n ln 2). |y| < 105. */
KFIX_INLINE float kfix_exp_core_f32(float y, float power[2]) {
  const float shifted = y * 0x1.715476p+0f + KFIX_SHIFT_F32;
  const float n = shifted - KFIX_SHIFT_F32;
  const float hi = y - n * KFIX_LN2_HI_F32, lo = n * KFIX_LN2_LO_F32, r = hi - lo;
  const uint32_t biased = kfix_bits_f32(shifted) - kfix_bits_f32(KFIX_SHIFT_F32) + 254u;
  const uint32_t half = biased >> 1;
  float p = 0x1.6bec1p-10f;
  p = p * r + 0x1.1227fp-7f;
  p = p * r + 0x1.555674p-5f;
  p = p * r + 0x1.5554bp-3f;
  p = p * r + 0x1.fffffep-2f;
  power[0] = kfix_float_of_bits(half << 23);
  power[1] = kfix_float_of_bits((biased - half) << 23);
  return hi + (r * r * p - lo);
}

/* exp(x). Error <= 1 ulp (measured 0.92), subnormal results included. */
KFIX_INLINE float kfix_exp_f32(float x) {
  float power[2];
  const float capped = kfix_select_f32(x > 89.0f, 89.0f, x);
  const float y = kfix_select_f32(x < -104.0f, -104.0f, capped);
  const float q = kfix_exp_core_f32(y, power);
  return (1.0f + q) * power[0] * power[1];
}

/* log(m 2^k) with m = 1 + f in [sqrt(1/2), sqrt(2)) and k an integer. */
KFIX_INLINE float kfix_log_core_f32(float f, float k) {
  const float s = f / (2.0f + f), z = s * s, half = 0.5f * f * f;
  float p = 0x1.e2fda4p-3f;
  p = p * z + 0x1.2438aap-2f;
  p = p * z + 0x1.999a7cp-2f;
  p = p * z + 0x1.555554p-1f;
  return k * KFIX_LN2_HI_F32 - ((half - (s * (half + z * p) + k * KFIX_LN2_LO_F32)) - f);
}

/* x = (returned m) 2^k, m in [sqrt(1/2), sqrt(2)); x normal and positive. */
KFIX_INLINE float kfix_mantissa_f32(float x, int32_t *k) {
  const uint32_t least = 0x3f3504f3u; /* sqrt(1/2) */
  const uint32_t shifted = kfix_bits_f32(x) + (0x3f800000u - least);
  *k = (int32_t)(shifted >> 23) - 127;
  return kfix_float_of_bits((shifted & 0x7fffffu) + least);
}

/* log(x). log(0) = -inf, log of a negative is NaN. Error <= 1 ulp (measured 0.81). */
KFIX_INLINE float kfix_log_f32(float x) {
  const int subnormal = x < FLT_MIN;
  int32_t k;
  const float m = kfix_mantissa_f32(x * kfix_select_f32(subnormal, 0x1p25f, 1.0f), &k);
  const float y = kfix_log_core_f32(m - 1.0f, (float)(k - 25 * subnormal));
  const float special = kfix_select_f32(x == 0.0f, -INFINITY, kfix_select_f32(x < 0.0f, NAN, x));
  return kfix_select_f32((x > 0.0f) & (x < INFINITY), y, special);
}

/* log(1 + t) for t >= 0. Error <= 1.5 ulp (measured 1.38), relative also near 0. */
KFIX_INLINE float kfix_log1p_f32(float t) {
  const float u = 1.0f + t;
  const float lost = kfix_select_f32(t < 1.0f, t - (u - 1.0f), 1.0f - (u - t));
  int32_t k;
  const float m = kfix_mantissa_f32(u, &k);
  const float scale =
      kfix_select_f32(t < 0x1p25f, kfix_float_of_bits((uint32_t)(127 - k) << 23), 0.0f);
  const float y = kfix_log_core_f32((m - 1.0f) + lost * scale, (float)k);
  return kfix_select_f32(t < INFINITY, y, t);
}

/* tanh(x). Error <= 2.5 ulp (measured 2.20), relative also near 0; odd, also in its bits. */
KFIX_INLINE float kfix_tanh_f32(float x) {
  const uint32_t sign = kfix_bits_f32(x) & 0x80000000u;
  const float size = kfix_float_of_bits(kfix_bits_f32(x) ^ sign);
  float power[2];
  const float q = kfix_exp_core_f32(-2.0f * kfix_select_f32(size > 10.0f, 10.0f, size), power);
  const float scale = power[0] * power[1];
  const float e = scale + scale * q, below = (1.0f - scale) - scale * q; /* e = exp(-2 |x|) */
  const int large = e < 0x1.5p-2f;
  const float ratio = kfix_select_f32(large, 2.0f * e, below) / (1.0f + e);
  const float y = kfix_select_f32(large, 1.0f - ratio, ratio);
  return kfix_float_of_bits(kfix_bits_f32(y) | sign);
}

/* 1 / (1 + exp(-x)). Error <= 2.5 ulp (measured 2.28), relative also where it is tiny. */
KFIX_INLINE float kfix_sigmoid_f32(float x) {
  const float e = kfix_exp_f32(kfix_select_f32(x < 0.0f, x, -x));
  return kfix_select_f32(x < 0.0f, e, 1.0f) / (1.0f + e);
}

/* u = q / 4 + (returned r), |r| <= 1/8, exact; q modulo 4. u in [0, 1]. */
KFIX_INLINE float kfix_quarter_f32(float u, uint32_t *q) {
  const float shifted = 4.0f * u + KFIX_SHIFT_F32;
  *q = kfix_bits_f32(shifted) & 3u;
  return u - 0.25f * (shifted - KFIX_SHIFT_F32);
}

/* sin(2 pi r) and cos(2 pi r), |r| <= 1/8. */
KFIX_INLINE float kfix_sin_core_f32(float r) {
  const float z = r * r;
  float p = -0x1.2dd04ep+6f;
  p = p * z + 0x1.466032p+6f;
  p = p * z - 0x1.4abbcp+5f;
  return r * 0x1.921fb6p+2f + r * (z * p - 0x1.777a5cp-23f);
}

KFIX_INLINE float kfix_cos_core_f32(float r) {
  const float z = r * r;
  float p = 0x1.d9f7cp+5f;
  p = p * z - 0x1.55c664p+6f;
  p = p * z + 0x1.03c1dep+6f;
  p = p * z - 0x1.3bd3ccp+4f;
  return 1.0f + z * p;
}

/* cos(2 pi u), u in [0, 1]. Error <= 2 ulp (measured 1.65), relative also near its zeros. */
KFIX_INLINE float kfix_cos2pi_f32(float u) {
  uint32_t q;
  const float r = kfix_quarter_f32(u, &q), s = kfix_sin_core_f32(r), c = kfix_cos_core_f32(r);
  const uint32_t bits = kfix_bits_f32(kfix_select_f32((int)(q & 1u), s, c));
  return kfix_float_of_bits(bits ^ ((q + 1u) & 2u) << 30);
}

/* sin(2 pi u), u in [0, 1]. Error <= 2 ulp (measured 1.65), relative also near its zeros. */
KFIX_INLINE float kfix_sin2pi_f32(float u) {
  uint32_t q;
  const float r = kfix_quarter_f32(u, &q), s = kfix_sin_core_f32(r), c = kfix_cos_core_f32(r);
  const uint32_t bits = kfix_bits_f32(kfix_select_f32((int)(q & 1u), c, s));
  return kfix_float_of_bits(bits ^ (q & 2u) << 30);
}

#endif
