/* SPDX-License-Identifier: Apache-2.0
 * Philox4x32-10: random words as a function of a key and a counter. No state to carry; a draw does
 * not depend on who draws it, or when. */
#ifndef KFIX_CORE_PHILOX_H
#define KFIX_CORE_PHILOX_H

#include <stdint.h>

#include "real.h"

/* One stream per purpose, so that using more of one never shifts another. */
typedef enum kfix_purpose {
  KFIX_DRAW_WEIGHTS = 1,
  KFIX_DRAW_ORDER,
  KFIX_DRAW_TARGETS,
  KFIX_DRAW_DATA,
  KFIX_DRAW_PROBE,
  KFIX_DRAW_TEST
} kfix_purpose;

/* Where random numbers come from. */
typedef struct kfix_draw_key {
  uint64_t seed;
  uint32_t purpose, step, layer; /* purpose < 256, layer < 2^24 */
} kfix_draw_key;

/* Not for C++, where such casts are frowned on, but that of a device compiler. */
#if !defined __cplusplus || defined __CUDACC__

/* Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): four words
 * from a 128-bit counter and a 64-bit key. For a key it is a bijection of counters. alias: out may
 * be counter. */
KFIX_INLINE void kfix_philox4x32(const uint32_t counter[4], const uint32_t key[2],
                                 uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u; /* the golden ratio */
    k1 += 0xBB67AE85u; /* sqrt(3) - 1 */
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/* Draw `index` of `row` from the stream of this key: four random words. */
KFIX_INLINE void kfix_draw(const kfix_draw_key *key, uint32_t index, uint32_t row,
                           uint32_t out[4]) {
  const uint32_t counter[4] = {index, row, key->step, key->purpose << 24 | key->layer};
  const uint32_t seed[2] = {(uint32_t)key->seed, (uint32_t)(key->seed >> 32)};
  kfix_philox4x32(counter, seed, out);
}

#endif

#endif
