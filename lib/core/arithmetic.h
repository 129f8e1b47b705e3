/* SPDX-License-Identifier: Apache-2.0
 * Whether a compilation and the processor's state keep the arithmetic of port.h. Every source of the
 * library and of the ports includes this header, so none of them compiles with options that break it.
 *
 * A program that calls the library may be compiled with any options: it only hands numbers over. But
 * gcc links a program with -Ofast or -ffast-math so that it starts with flush-to-zero, which
 * kfix_create then refuses. */
#ifndef KFIX_CORE_ARITHMETIC_H
#define KFIX_CORE_ARITHMETIC_H

#include <float.h>
#include <math.h>

#include "port/port.h"

#if defined __FAST_MATH__ || __FINITE_MATH_ONLY__ + 0 || defined __ASSOCIATIVE_MATH__ || \
    defined __RECIPROCAL_MATH__ || defined __NO_SIGNED_ZEROS__
#error \
    "kfix needs IEEE arithmetic: compile lib/ and port/ without -Ofast, -ffast-math and its parts (-ffinite-math-only ...)"
#elif FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16 /* 16: half precision alone is wider */
#error \
    "kfix needs results rounded to their own type, not the x87's: compile lib/ and port/ with -msse2 -mfpmath=sse"
#endif

/* Whether the processor, in the state that this thread has it in, rounds to nearest, ties to even, and
 * keeps subnormal results and operands. Additions alone: others of subnormals may take long. */
static inline int kfix_processor_rounds(void) {
  const volatile kfix_real one = 1, half_step = (kfix_real)(KFIX_REAL_EPS / 2),
                           quarter_step = (kfix_real)(KFIX_REAL_EPS / 4),
                           least = (kfix_real)KFIX_REAL_MIN,
                           more = (kfix_real)(KFIX_REAL_MIN * 1.5);
  const volatile kfix_real above = one + half_step, below = one - quarter_step,
                           subnormal = more - least, twice = subnormal + subnormal;
  return above == one && below == one && twice == least;
}

/* What compilers have no macro for. The library and each port ask for themselves, as each may be compiled
 * with options, and for instructions, of its own: so these become part of the function that asks. */
#define KFIX_ANSWER       static inline __attribute__((always_inline))
#define KFIX_ANSWER_TERMS 32

/* 1 + eps/4 + eps/4 ... is 1, from the left; summed in any other order it is more. */
KFIX_ANSWER int kfix_sums_keep_order(void) {
  const volatile kfix_real one = 1, quarter_step = (kfix_real)(KFIX_REAL_EPS / 4);
  kfix_real term[KFIX_ANSWER_TERMS], sum = 0;
  for (int i = 0; i < KFIX_ANSWER_TERMS; i++) term[i] = i == 0 ? one : quarter_step;
  for (int i = 0; i < KFIX_ANSWER_TERMS; i++) sum += term[i];
  return sum == one;
}

/* n / n is 1; n times the rounded 1 / n is not, for 49 in double and 41 in float. */
KFIX_ANSWER int kfix_quotients_are_rounded(void) {
  const volatile kfix_real divisor = sizeof divisor == 4 ? 41 : 49;
  const kfix_real n = divisor;
  kfix_real term[KFIX_ANSWER_TERMS];
  int right = 1;
  for (int i = 0; i < KFIX_ANSWER_TERMS; i++) term[i] = (kfix_real)(i + 1) * n;
  for (int i = 0; i < KFIX_ANSWER_TERMS; i++) term[i] /= n;
  for (int i = 0; i < KFIX_ANSWER_TERMS; i++) right &= term[i] == (kfix_real)(i + 1);
  return right;
}

/* A product and a sum are two roundings: (1 + eps)(1 - eps) - 1 is 0, in one -eps^2. -0 + 0 is 0. NaN
 * is not itself, and no infinity is finite. A constant without a suffix is a double. */
KFIX_ANSWER int kfix_compiled_as_written(void) {
  const volatile kfix_real one = 1, step = (kfix_real)KFIX_REAL_EPS, minus_zero = (kfix_real)-0.0,
                           nan = NAN, infinity = INFINITY;
  const kfix_real a = one + step, b = one - step, unit = one, zero = minus_zero, x = nan,
                  y = infinity;
  return a * b - unit == 0 && !signbit(zero + 0) && x != x && !isfinite(x) && !isfinite(y) &&
         y == (kfix_real)INFINITY && sizeof 1.0 == sizeof(double) && kfix_sums_keep_order() &&
         kfix_quotients_are_rounded();
}

/* KFIX_OK if the library was compiled as written and the calling thread, and each that takes a task of
 * the crew (NULL: none), rounds as it must; KFIX_PORT_ROUNDING, or what the crew's check says. */
kfix_status kfix_arithmetic_holds(kfix_crew *crew) KFIX_MUST_CHECK;

/* The same in each call that computes, and once more where a fetch of the caller's has run: of the
 * calling thread alone, some twenty operations. */
kfix_status kfix_arithmetic_still_holds(const kfix_crew *crew) KFIX_MUST_CHECK;

#endif
