/* SPDX-License-Identifier: Apache-2.0
 * Fused multiply-add in software, correctly rounded, for processors that have none: the bits are
 * those of a true fma. */
#ifndef KFIX_CORE_ELEMENTARY_FMA_H
#define KFIX_CORE_ELEMENTARY_FMA_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "real.h"

/* 1 where the C library's fmaf() and fma() serve: where they are instructions, and on x86-64, where
 * C libraries look for the instruction at run time. Elsewhere they are slower than the functions
 * below, for they set and restore the rounding mode, or wrong: newlib computes x * y + z. */
#if defined(__FP_FAST_FMAF) || defined(__x86_64__)
#define KFIX_LIBC_FMAF 1
#else
#define KFIX_LIBC_FMAF 0
#endif
#if defined(__FP_FAST_FMA) || defined(__x86_64__)
#define KFIX_LIBC_FMA 1
#else
#define KFIX_LIBC_FMA 0
#endif

/* 1 where doubles are arithmetic of the processor, not calls of the compiler's library. */
#if (defined(__arm__) && !(defined(__ARM_FP) && (__ARM_FP & 8))) || \
    (defined(__riscv) && !(defined(__riscv_flen) && __riscv_flen >= 64))
#define KFIX_HARD_DOUBLE 0
#else
#define KFIX_HARD_DOUBLE 1
#endif

/* x + y rounded to odd: where the sum is not exact, to that of its two neighbours whose last bit is
 * set. Rounding this once more, to two bits less or fewer, is rounding x + y once (Boldo and
 * Melquiond 2008). */
KFIX_INLINE double kfix_odd_sum(double x, double y) {
  const double s = x + y, part = s - x, lost = (x - (s - part)) + (y - part);
  uint64_t bits;
  double odd;
  memcpy(&bits, &s, sizeof bits);
  if (lost != 0 && !(bits & 1)) bits += (lost > 0) == (s > 0) ? 1 : UINT64_MAX;
  memcpy(&odd, &bits, sizeof odd);
  return odd;
}

/* a b + c in float. The product is exact in double; rounding the sum to double and then to float is
 * wrong only where the first rounding lands halfway between two floats. Of normal floats that shows
 * in the 29 bits that the second rounding drops; what is less than they are takes the long way. */
KFIX_INLINE float kfix_soft_fma_f32(float a, float b, float c) {
  const double p = (double)a * b, z = c, s = p + z;
  uint64_t bits;
  memcpy(&bits, &s, sizeof bits);
  const int halfway = ((uint32_t)bits & 0x1fffffffu) == 0x10000000u;
  const int normal = (bits >> 52 & 0x7ff) >= 1023 - 126;
  return (float)(!halfway && normal ? s : kfix_odd_sum(p, z));
}

/* A positive number hi:lo times 2^exponent. */
typedef struct kfix_wide {
  uint64_t hi, lo;
  int exponent;
} kfix_wide;

/* x / 2^shift; what falls off is kept as a one in the last bit. */
KFIX_INLINE kfix_wide kfix_wide_right(kfix_wide x, int shift) {
  if (shift <= 0) return x;
  x.exponent += shift;
  if (shift > 127) {
    x.lo = (x.hi | x.lo) != 0;
    x.hi = 0;
    return x;
  }
  const int word = shift >= 64, bit = shift & 63;
  uint64_t lost = word ? x.lo : 0;
  if (word) {
    x.lo = x.hi;
    x.hi = 0;
  }
  if (bit) {
    lost |= x.lo << (64 - bit);
    x.lo = x.lo >> bit | x.hi << (64 - bit);
    x.hi >>= bit;
  }
  x.lo |= lost != 0;
  return x;
}

/* Moves the leading one to this bit; x is not zero and not above it. */
KFIX_INLINE kfix_wide kfix_wide_lead(kfix_wide x, uint64_t leading) {
  while (!(x.hi & leading)) {
    x.hi = x.hi << 1 | x.lo >> 63;
    x.lo <<= 1;
    x.exponent--;
  }
  return x;
}

/* |x| as an integer times 2^*exponent; x finite. */
KFIX_INLINE uint64_t kfix_wide_parts(double x, int *exponent) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  const int biased = (int)(bits >> 52 & 0x7ff);
  const uint64_t fraction = bits & UINT64_C(0xfffffffffffff);
  *exponent = (biased ? biased : 1) - 1075;
  return biased ? fraction | UINT64_C(1) << 52 : fraction;
}

/* |a b|, exact, its leading one at bit 125: at once, or nearly, where a and b are normal. */
KFIX_INLINE kfix_wide kfix_wide_product(double a, double b) {
  int ea, eb;
  const uint64_t ma = kfix_wide_parts(a, &ea) << 10, mb = kfix_wide_parts(b, &eb) << 10;
  const uint64_t al = (uint32_t)ma, ah = ma >> 32, bl = (uint32_t)mb, bh = mb >> 32;
  const uint64_t low = al * bl, middle = al * bh + (low >> 32);
  const uint64_t cross = ah * bl + (uint32_t)middle;
  const kfix_wide p = {ah * bh + (middle >> 32) + (cross >> 32), cross << 32 | (uint32_t)low,
                       ea + eb - 20};
  return kfix_wide_lead(p, UINT64_C(1) << 61);
}

/* Rounds to nearest, ties to even. */
KFIX_INLINE double kfix_wide_round(kfix_wide x, int negative) {
  x = kfix_wide_lead(x, UINT64_C(1) << 62);
  /* The last of 53 bits is bit 10 of hi, or higher where the result is subnormal. */
  x = kfix_wide_right(x, -1074 - (x.exponent + 74));
  const uint64_t mantissa = x.hi >> 10, rest = x.hi & 0x3ff;
  const int up = rest > 0x200 || (rest == 0x200 && (x.lo != 0 || (mantissa & 1)));
  const int field = x.exponent + 74 + 1074; /* biased exponent less one */
  uint64_t bits = ((uint64_t)(field < 2047 ? field : 2047) << 52) + mantissa + (uint64_t)up;
  const uint64_t infinity = UINT64_C(0x7ff) << 52;
  if (bits > infinity) bits = infinity;
  bits |= (uint64_t)negative << 63;
  double result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

/* The sum of two of the same sign, or the difference big - small >= 0. */
KFIX_INLINE kfix_wide kfix_wide_add(kfix_wide big, kfix_wide small, int subtract) {
  small = kfix_wide_right(small, big.exponent - small.exponent);
  const uint64_t lo = subtract ? big.lo - small.lo : big.lo + small.lo;
  const uint64_t carry = subtract ? big.lo < small.lo : lo < big.lo;
  big.hi = subtract ? big.hi - small.hi - carry : big.hi + small.hi + carry;
  big.lo = lo;
  return big;
}

/* a b + c in double for any a, b and c, in integers of 128 bits. Both terms have at least 20 zeros
 * at the end, so what a shift drops is far below the bit that decides. */
KFIX_INLINE double kfix_wide_fma(double a, double b, double c) {
  if (a - a != 0 || b - b != 0 || a == 0 || b == 0) return a * b + c;
  if (c - c != 0) return c + c;
  const int sign = !signbit(a) != !signbit(b), sign_c = signbit(c) != 0;
  const kfix_wide p = kfix_wide_product(a, b);
  if (c == 0) return kfix_wide_round(p, sign);
  int exponent;
  const uint64_t mantissa = kfix_wide_parts(c, &exponent);
  const kfix_wide z =
      kfix_wide_lead((kfix_wide){mantissa << 9, 0, exponent - 73}, UINT64_C(1) << 61);
  const int larger = p.exponent != z.exponent ? p.exponent > z.exponent
                     : p.hi != z.hi           ? p.hi > z.hi
                                              : p.lo >= z.lo;
  const kfix_wide sum = kfix_wide_add(larger ? p : z, larger ? z : p, sign != sign_c);
  if ((sum.hi | sum.lo) == 0) return 0;
  return kfix_wide_round(sum, larger ? sign : sign_c);
}

/* x rounded to 26 bits; x less that has 26 bits too. */
KFIX_INLINE double kfix_upper_half(double x) {
  const double scaled = x * 0x8000001p0;
  return scaled - (scaled - x);
}

/* The same by doubles, where nothing overflows and a b keeps its bits: a b = p + e (Dekker 1971)
 * and p + c = s + t exactly. So a b + c = s + (t + e), and rounding t + e first is wrong only where
 * that lands halfway between two doubles around s. Unless t = 0, |p| <= 2 |s| and |t + e| is below
 * two units of s, so such a place has a few leading bits and no others. */
KFIX_INLINE double kfix_split_fma(double a, double b, double c) {
  const double ah = kfix_upper_half(a), al = a - ah, bh = kfix_upper_half(b), bl = b - bh;
  const double p = a * b, e = al * bl - (((p - ah * bh) - al * bh) - ah * bl);
  const double s = p + c, part = s - p, t = (p - (s - part)) + (c - part), rest = t + e;
  uint64_t bits;
  memcpy(&bits, &rest, sizeof bits);
  return s + ((uint32_t)bits ? rest : kfix_odd_sum(t, e));
}

/* 2^(low - 1023) <= |x| < 2^(high - 1023). */
KFIX_INLINE int kfix_is_between(double x, uint32_t low, uint32_t high) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return ((uint32_t)(bits >> 52) & 0x7ff) - low < high - low;
}

/* a b + c in double. */
KFIX_INLINE double kfix_soft_fma_f64(double a, double b, double c) {
  const int tame = KFIX_HARD_DOUBLE && kfix_is_between(a, 1023 - 480, 1023 + 480) &&
                   kfix_is_between(b, 1023 - 480, 1023 + 480) && kfix_is_between(c, 0, 1023 + 980);
  return tame ? kfix_split_fma(a, b, c) : kfix_wide_fma(a, b, c);
}

#endif
