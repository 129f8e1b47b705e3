/* SPDX-License-Identifier: Apache-2.0
 * Elementary functions whose bits are the same on every machine: built from IEEE operations in a
 * fixed order, with no call that a C library may round in its own way. They need
 * -ffp-contract=off.
 *
 * No branches and no tables, so a loop over any of them vectorises. + and * in place of fma: fma is
 * a slow call where the hardware has none. Float versions compute in float alone. NaN in, NaN out
 * (its payload and sign are not promised). Errors are against the exact value, in ulp of the
 * result; test/core/test_elementary.c measures them. Coefficients: test/support/minimax.py. */
#ifndef KFIX_CORE_ELEMENTARY_H
#define KFIX_CORE_ELEMENTARY_H

#include "elementary_f32.h"
#include "elementary_f64.h"
#include "real.h"

#ifdef KFIX_REAL_DOUBLE
#define KFIX_ELEMENTARY(name) kfix_##name##_f64
#else
#define KFIX_ELEMENTARY(name) kfix_##name##_f32
#endif

/* The same on kfix_real. */
#define kfix_select  KFIX_ELEMENTARY(select)
#define kfix_fma     KFIX_ELEMENTARY(fma)
#define kfix_sqrt    KFIX_ELEMENTARY(sqrt)
#define kfix_exp     KFIX_ELEMENTARY(exp)
#define kfix_log     KFIX_ELEMENTARY(log)
#define kfix_log1p   KFIX_ELEMENTARY(log1p)
#define kfix_tanh    KFIX_ELEMENTARY(tanh)
#define kfix_sigmoid KFIX_ELEMENTARY(sigmoid)
#define kfix_cos2pi  KFIX_ELEMENTARY(cos2pi)
#define kfix_sin2pi  KFIX_ELEMENTARY(sin2pi)

#endif
