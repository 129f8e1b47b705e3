/* SPDX-License-Identifier: Apache-2.0
 * Numbers, permutations and subsets from random words. The same key gives the same ones, on every
 * machine. */
#ifndef KFIX_CORE_RANDOM_H
#define KFIX_CORE_RANDOM_H

#include "philox.h"
#include "real.h"

/* Not for C++ but that of a device compiler: hexadecimal constants. */
#if !defined __cplusplus || defined __CUDACC__
#include "elementary.h"

/* Uniform on the open interval (0, 1): the midpoints of 2^23 equal cells (double: 2^32); exact. */
KFIX_INLINE kfix_real kfix_uniform(uint32_t word) {
#ifdef KFIX_REAL_DOUBLE
  return ((double)word + 0.5) * 0x1p-32;
#else
  return ((float)(word >> 9) + 0.5f) * 0x1p-23f;
#endif
}

/* Standard normal from two words (Box and Muller 1958). |result| < 5.8 (double: 6.8). */
KFIX_INLINE kfix_real kfix_normal(uint32_t word0, uint32_t word1) {
  return kfix_sqrt((kfix_real)-2 * kfix_log(kfix_uniform(word0))) *
         kfix_cos2pi(kfix_uniform(word1));
}
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* An integer in [0, n), n >= 1: the high part of n times 64 random bits, so that the probability of
 * each differs from 1/n by less than 2^-64. Words 0 and 1 of the draw (index, row). */
uint32_t kfix_below(const kfix_draw_key *key, uint32_t index, uint32_t row, uint32_t n);

/* out = a random permutation of 0 .. n-1 (Fisher and Yates). Row 0 of the key. */
void kfix_permutation(const kfix_draw_key *key, uint32_t n, uint32_t *out);

/* out = k distinct integers of 0 .. n-1, k <= n, each set equally likely; their order is not random
 * (Floyd's algorithm). cost: k^2 / 2 comparisons. */
void kfix_choose(const kfix_draw_key *key, uint32_t row, uint32_t n, uint32_t k, uint32_t *out);

/* out (n) = independent uniforms on (-bound, bound), four a draw: element j is word j mod 4 of the
 * draw (index j / 4, row). */
void kfix_fill_uniform(const kfix_draw_key *key, uint32_t row, size_t n, kfix_real bound,
                       kfix_real *out);

/* out (n) = independent normals of mean 0 and this standard deviation, two a draw: element j is
 * from words 2 (j mod 2), + 1 of the draw (index j / 2, row). */
void kfix_fill_normal(const kfix_draw_key *key, uint32_t row, size_t n, kfix_real deviation,
                      kfix_real *out);

#ifdef __cplusplus
}
#endif

#endif
