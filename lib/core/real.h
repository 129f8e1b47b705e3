/* SPDX-License-Identifier: Apache-2.0
 * The arithmetic type of a build, and how sizes are rounded up. */
#ifndef KFIX_CORE_REAL_H
#define KFIX_CORE_REAL_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"

/* -DKFIX_REAL_DOUBLE builds everything in double, to check against float64 references. */
#ifdef KFIX_REAL_DOUBLE
typedef double kfix_real;
#define KFIX_REAL_BYTES 8
#define KFIX_REAL_NAME  "double"
#define KFIX_REAL_EPS   2.220446049250313e-16
#define KFIX_REAL_MIN   2.2250738585072014e-308
#else
typedef float kfix_real;
#define KFIX_REAL_BYTES 4
#define KFIX_REAL_NAME  "float"
#define KFIX_REAL_EPS   1.1920928955078125e-07
#define KFIX_REAL_MIN   1.1754943508222875e-38 /* the smallest whose inverse is finite, too */
#endif

/* Functions that a device compiler shares with the host's. */
#ifdef __CUDACC__
#define KFIX_INLINE static __host__ __device__ inline
#else
#define KFIX_INLINE static inline
#endif

/* Every region of the arena starts on such a boundary: a cache line, a vector register. */
#define KFIX_ALIGN 64

KFIX_INLINE size_t kfix_smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

KFIX_INLINE size_t kfix_larger(size_t a, size_t b) {
  return a > b ? a : b;
}

#define KFIX_ROUND_UP(n, step) (((n) + (step) - (size_t)1) / (step) * (step))

/* Leading dimension of a stored matrix with `cols` columns: rows start aligned. */
#define KFIX_LD(cols) KFIX_ROUND_UP((size_t)(cols), (size_t)(KFIX_ALIGN / KFIX_REAL_BYTES))

/* Elements of one triangle of an n x n symmetric matrix, packed by rows: element (i, j <= i) is at
 * i (i + 1) / 2 + j. */
#define KFIX_TRIANGLE(n) ((size_t)(n) * ((size_t)(n) + 1) / 2)

/* Where code bytes are dear, a library may be without the kernels of images (port/bodies/images.h): no node of its
 * nets looks through windows, or has other rows of W than units, and what there is to do for such a node is not
 * compiled. Or it may be without those of normalisations and of depthwise convolutions alone. */
#ifdef KFIX_WITHOUT_IMAGES
#define KFIX_HAS_IMAGES 0
#else
#define KFIX_HAS_IMAGES 1
#endif
#if defined KFIX_WITHOUT_IMAGES || defined KFIX_WITHOUT_MOMENTS
#define KFIX_HAS_MOMENTS 0
#else
#define KFIX_HAS_MOMENTS 1
#endif

#endif
