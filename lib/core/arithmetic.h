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
#include <string.h>

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
 * keeps subnormal results and operands. Additions alone: others of subnormals may take long. What is
 * read through a pointer to volatile, no compiler computes with beforehand. */
static inline int kfix_processor_rounds(void) {
  static const kfix_real input[] = {1, (kfix_real)(KFIX_REAL_EPS / 2),
                                    (kfix_real)(KFIX_REAL_EPS / 4), (kfix_real)KFIX_REAL_MIN,
                                    (kfix_real)(KFIX_REAL_MIN * 1.5)};
  const volatile kfix_real *in = input;
  const kfix_real one = in[0], least = in[3], subnormal = in[4] - least;
  return one + in[1] == one && one - in[2] == one && subnormal + subnormal == least;
}

/* What compilers have no macro for. The library asks, and each port with instructions of its own, for
 * they may be compiled with other options: so this becomes part of the function that asks. In turn:
 * (1 + eps)(1 - eps) - 1 is 0, but -eps^2 where product and sum are rounded as one. 1 + eps/4 + eps/4
 * ..., from the left, is 1, but more in any other order. i n / n is i, but not as i n times the rounded
 * 1 / n, with n = 49 in double, 41 in float. NaN is not itself. -0 + 0 is 0, whose bits are none. A
 * constant without suffix is a double. */
static inline __attribute__((always_inline)) int kfix_compiled_as_written(void) {
  static const kfix_real input[] = {1,
                                    (kfix_real)KFIX_REAL_EPS,
                                    (kfix_real)(KFIX_REAL_EPS / 4),
                                    sizeof(kfix_real) == 4 ? 41 : 49,
                                    NAN,
                                    -(kfix_real)0};
  const volatile kfix_real *in = input;
  const kfix_real one = in[0], eps = in[1], step = in[2], n = in[3], nan = in[4], zero = in[5] + 0;
  kfix_real sum = one, i = 0, off = (one + eps) * (one - eps) - one;
  unsigned char bits[sizeof zero];
  memcpy(bits, &zero, sizeof zero);
  int right =
      nan != nan && _Generic(1.0, double : 1, default : 0) && !(bits[0] | bits[sizeof bits - 1]);
  for (int turn = 0; turn < 32; turn++) {
    sum += step;
    i += one;
    right &= i * n / n - i == off;
  }
  return right && sum == one && off == 0;
}

/* KFIX_OK if the library was compiled as written and the calling thread, and each that takes a task of
 * the crew (NULL: none), rounds as it must; KFIX_PORT_ROUNDING, or what the crew's check says. */
kfix_status kfix_arithmetic_holds(kfix_crew *crew) KFIX_MUST_CHECK;

/* The same in each call that computes, and once more where a fetch of the caller's has run: of the
 * calling thread alone, some twenty operations. */
kfix_status kfix_arithmetic_still_holds(const kfix_crew *crew) KFIX_MUST_CHECK;

#endif
