/* SPDX-License-Identifier: Apache-2.0
 * Philox4x32-10 against the published vectors and against a second derivation. */
#include "check.h"
#include "core/philox.h"

/* The known answers that come with the paper's code: counter, key, words. */
void test_the_published_vectors(void) {
  static const uint32_t vectors[3][10] = {
      {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
      {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
       0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
      {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
       0x94fdcceb, 0x5001e420, 0x24126ea1}};
  for (int i = 0; i < 3; i++) {
    uint32_t words[4];
    kfix_philox4x32(vectors[i], vectors[i] + 4, words);
    CHECK_MEM(vectors[i] + 6, words, sizeof words);
  }
}

/* The paper's own words: an S-box on each pair (L, R) with L' = mullo(R, M), R' = mulhi(R, M) ^ k ^
 * L, then the swap of the N-word version. High halves by schoolbook multiplication. */
static uint32_t high_half(uint32_t a, uint32_t b) {
  const uint32_t a0 = a & 0xffff, a1 = a >> 16, b0 = b & 0xffff, b1 = b >> 16;
  const uint32_t low = a0 * b0, left = a1 * b0, right = a0 * b1;
  const uint32_t middle = (low >> 16) + (left & 0xffff) + (right & 0xffff);
  return a1 * b1 + (left >> 16) + (right >> 16) + (middle >> 16);
}

static void by_the_paper(const uint32_t counter[4], const uint32_t key[2], uint32_t x[4]) {
  memcpy(x, counter, 4 * sizeof *x);
  for (uint32_t round = 0; round < 10; round++) {
    const uint32_t k0 = key[0] + round * 0x9E3779B9u, k1 = key[1] + round * 0xBB67AE85u;
    const uint32_t next[4] = {high_half(0xCD9E8D57u, x[2]) ^ k0 ^ x[1], 0xCD9E8D57u * x[2],
                              high_half(0xD2511F53u, x[0]) ^ k1 ^ x[3], 0xD2511F53u * x[0]};
    memcpy(x, next, sizeof next);
  }
}

void test_it_agrees_with_a_second_derivation(void) {
  uint32_t counter[4] = {1, 2, 3, 4}, words[4], expected[4];
  uint32_t key[2] = {5, 6};
  for (int i = 0; i < 1000; i++) {
    kfix_philox4x32(counter, key, words);
    by_the_paper(counter, key, expected);
    CHECK_MEM(expected, words, sizeof words);
    memcpy(counter, words, sizeof counter);
    key[i & 1] ^= words[2];
  }
}

void test_the_output_may_be_the_counter(void) {
  uint32_t words[4] = {0, 0, 0, 0};
  const uint32_t key[2] = {0, 0};
  kfix_philox4x32(words, key, words);
  CHECK_U64(0x6627e8d5, words[0]);
  CHECK_U64(0x9b00dbd8, words[3]);
}

void test_a_draw_puts_each_field_in_its_place(void) {
  const kfix_draw_key key = {UINT64_C(0x0123456789abcdef), KFIX_DRAW_TARGETS, 77, 0xabcdef};
  const uint32_t counter[4] = {11, 22, 77, 0x03abcdef}, seed[2] = {0x89abcdef, 0x01234567};
  uint32_t words[4], expected[4];
  kfix_draw(&key, 11, 22, words);
  kfix_philox4x32(counter, seed, expected);
  CHECK_MEM(expected, words, sizeof words);
}

/* Each output bit of a change in one input bit flips about half the time: a typing error in a
 * constant or a lost carry shows. 6 sigma of 192 x 32 coin tosses per output bit. */
void test_every_input_bit_reaches_every_output_bit(void) {
  int flips[128] = {0};
  for (uint32_t trial = 0; trial < 32; trial++) {
    for (uint32_t bit = 0; bit < 192; bit++) {
      uint32_t input[6] = {trial, 0, 0, 0, trial * 7, 0}, before[4], after[4];
      kfix_philox4x32(input, input + 4, before);
      input[bit / 32] ^= 1u << bit % 32;
      kfix_philox4x32(input, input + 4, after);
      for (int j = 0; j < 128; j++)
        flips[j] += (int)((before[j / 32] ^ after[j / 32]) >> j % 32 & 1);
    }
  }
  for (int j = 0; j < 128; j++) CHECK_NEAR(6 * sqrt(192 * 32 / 4.0), 192 * 32 / 2.0, flips[j]);
}
