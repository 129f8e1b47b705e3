/* SPDX-License-Identifier: Apache-2.0
 * The kernels that kfix-bench times: products of the shapes that training has, factorizations of
 * the orders that its statistics have. */
#ifndef KFIX_TOOLS_BENCH_CASE_H
#define KFIX_TOOLS_BENCH_CASE_H

#include "port/port.h"

/* C(kernel, op of a, op of b, m, n, k). gemm: C is m x n; syrk: op(A) is n x k, C packed; the
 * factorizations are of order n. */
#define BENCH_CASE_LIST(C)         \
  C(GEMM, N, T, 1000, 512, 785)    \
  C(GEMM, T, N, 1000, 785, 512)    \
  C(GEMM, S, N, 1000, 785, 1000)   \
  C(GEMM, N, N, 1000, 1000, 1000)  \
  C(GEMM, N, T, 2000, 2000, 1024)  \
  C(GEMM, N, T, 250, 512, 501)     \
  C(GEMM, T, N, 30, 251, 512)      \
  C(GEMM, N, T, 30, 512, 251)      \
  C(GEMM, N, N, 31, 31, 31)        \
  C(GEMM, T, N, 10, 10, 512)       \
  C(SYRK, T, N, 0, 785, 64)        \
  C(SYRK, T, N, 0, 1001, 64)       \
  C(SYRK, T, N, 0, 785, 512)       \
  C(SYRK, T, N, 0, 1001, 512)      \
  C(SYRK, T, N, 0, 31, 512)        \
  C(SPD_INVERSE, N, N, 0, 31, 0)   \
  C(SPD_INVERSE, N, N, 0, 250, 0)  \
  C(SPD_INVERSE, N, N, 0, 500, 0)  \
  C(SPD_INVERSE, N, N, 0, 785, 0)  \
  C(SPD_INVERSE, N, N, 0, 1001, 0) \
  C(SPD_INVERSE, N, N, 0, 2000, 0) \
  C(EIGEN, N, N, 0, 31, 0)         \
  C(EIGEN, N, N, 0, 250, 0)        \
  C(EIGEN, N, N, 0, 500, 0)        \
  C(EIGEN, N, N, 0, 785, 0)        \
  C(EIGEN, N, N, 0, 1001, 0)

/* I(window, side, in, out): convolutions of `window` x `window` over images of `side` x `side` that leave the
 * size, from `in` to `out` channels, of so many examples at a time. */
#define BENCH_EXAMPLES ((size_t)8)
#define BENCH_IMAGE_LIST(I) \
  I(3, 32, 16, 16)          \
  I(3, 16, 64, 64)          \
  I(3, 8, 256, 256)         \
  I(3, 32, 64, 64)          \
  I(3, 16, 16, 16)          \
  I(3, 16, 256, 256)        \
  I(3, 4, 512, 512)         \
  I(5, 16, 32, 32)          \
  I(5, 32, 3, 32)

/* K(id, name) */
#define BENCH_KERNEL_LIST(K)    \
  K(GEMM, "gemm")               \
  K(SYRK, "syrk")               \
  K(SPD_INVERSE, "spd_inverse") \
  K(EIGEN, "eigen")             \
  K(CONVOLVE, "convolve")       \
  K(CONVOLVE_BACK, "conv back") \
  K(CONVOLVE_WEIGHTS, "conv weights")

typedef enum bench_kernel {
#define BENCH_KERNEL_ENUM(id, name) BENCH_##id,
  BENCH_KERNEL_LIST(BENCH_KERNEL_ENUM)
#undef BENCH_KERNEL_ENUM
      BENCH_KERNEL_COUNT
} bench_kernel;

typedef struct bench_case {
  bench_kernel kernel;
  kfix_op op_a, op_b;
  size_t m, n, k; /* of a convolution: side, channels out, channels in */
  size_t window;
} bench_case;

#define BENCH_CASE_ADD(kernel, op_a, op_b, m, n, k) +1
#define BENCH_IMAGE_ADD(window, side, in, out)      +3
enum { BENCH_CASE_COUNT = 0 BENCH_CASE_LIST(BENCH_CASE_ADD) BENCH_IMAGE_LIST(BENCH_IMAGE_ADD) };
extern const bench_case bench_cases[BENCH_CASE_COUNT];

const char *bench_kernel_name(bench_kernel kernel);

/* Flops of the textbook's algorithm: gemm 2 m n k, syrk n^2 k, Cholesky and inverse n^3, eigenvalues
 * and eigenvectors by the symmetric QR algorithm 9 n^3 (Golub and Van Loan, Matrix Computations,
 * sec. 8.3), whatever algorithm is timed; a convolution and its derivatives, two for each weight at
 * each window. */
double bench_case_flops(const bench_case *c);

/* The largest of its dimensions. */
size_t bench_case_largest(const bench_case *c);

/* "NT 1000x512x785", "785x512", "1001", "3x3 16-32 at 8x8". */
#define BENCH_SHAPE_BYTES 48
void bench_case_shape(const bench_case *c, char text[BENCH_SHAPE_BYTES]);

/* What one case computes on; the same numbers for every port and library. */
typedef struct bench_operands {
  size_t lda, ldb, ldc;
  /* A factorization's matrix, which it overwrites: copied to `a` before each run. */
  kfix_real *start;
  kfix_real *a, *b, *c; /* products; or matrix, work or eigenvectors, eigenvalues */
  kfix_real *scratch;
  size_t a_count, b_count;
} bench_operands;

/* A convolution, or what it is differentiated by. */
int bench_case_is_image(const bench_case *c);

#endif
