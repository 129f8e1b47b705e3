/* SPDX-License-Identifier: Apache-2.0
 * Numbers, permutations and subsets from random words. */
#include "core/random.h"

#include "core/arithmetic.h"

uint32_t kfix_below(const kfix_draw_key *key, uint32_t index, uint32_t row, uint32_t n) {
  uint32_t words[4];
  kfix_draw(key, index, row, words);
  const uint64_t low = (uint64_t)n * words[1];
  const uint64_t high = (uint64_t)n * words[0];
  return (uint32_t)((high + (low >> 32)) >> 32);
}

void kfix_permutation(const kfix_draw_key *key, uint32_t n, uint32_t *out) {
  for (uint32_t i = 0; i < n; i++) {
    const uint32_t j = kfix_below(key, i, 0, i + 1);
    out[i] = i;
    const uint32_t moved = out[j];
    out[j] = i;
    out[i] = moved;
  }
}

static int is_among(uint32_t value, const uint32_t *list, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (list[i] == value) return 1;
  }
  return 0;
}

void kfix_choose(const kfix_draw_key *key, uint32_t row, uint32_t n, uint32_t k, uint32_t *out) {
  for (uint32_t i = 0; i < k; i++) {
    const uint32_t last = n - k + i;
    const uint32_t drawn = kfix_below(key, i, row, last + 1);
    out[i] = is_among(drawn, out, i) ? last : drawn;
  }
}

void kfix_fill_uniform(const kfix_draw_key *key, uint32_t row, size_t n, kfix_real bound,
                       kfix_real *out) {
  uint32_t words[4] = {0};
  for (size_t j = 0; j < n; j++) {
    if (j % 4 == 0) kfix_draw(key, (uint32_t)(j / 4), row, words);
    out[j] = bound * ((kfix_real)2 * kfix_uniform(words[j % 4]) - (kfix_real)1);
  }
}

void kfix_fill_normal(const kfix_draw_key *key, uint32_t row, size_t n, kfix_real deviation,
                      kfix_real *out) {
  uint32_t words[4] = {0};
  for (size_t j = 0; j < n; j++) {
    const size_t pair = 2 * (j % 2);
    if (pair == 0) kfix_draw(key, (uint32_t)(j / 2), row, words);
    out[j] = deviation * kfix_normal(words[pair], words[pair + 1]);
  }
}
