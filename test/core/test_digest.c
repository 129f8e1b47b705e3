/* SPDX-License-Identifier: Apache-2.0
 * The digest against published XXH64 values, however the bytes are cut. */
#include "check.h"
#include "core/digest.h"

#define SEED   UINT64_C(0x9E3779B97F4A7C15)
#define LENGTH 1000

static unsigned char bytes[LENGTH];

void setUp(void) {
  for (unsigned i = 0; i < LENGTH; i++) bytes[i] = (unsigned char)(i * i * 7 + i * 31 + (i >> 8));
}

static uint64_t digest_of(const void *data, size_t count, uint64_t seed) {
  kfix_digest_state s;
  kfix_digest_begin(&s, seed);
  kfix_digest_add(&s, data, count);
  return kfix_digest_end(&s);
}

/* From the algorithm's reference implementation. */
void test_known_answers(void) {
  static const struct {
    size_t length;
    uint64_t plain, seeded;
  } known[] = {
      {0, UINT64_C(0xef46db3751d8e999), UINT64_C(0xc4349fc93c010000)},
      {1, UINT64_C(0xe934a84adb052768), UINT64_C(0x126bb57a12364aa5)},
      {3, UINT64_C(0xee63b6b1185f2576), UINT64_C(0x76755414e69a2a29)},
      {4, UINT64_C(0x7442144d9b1db82f), UINT64_C(0x1bb47284b25f5b17)},
      {7, UINT64_C(0x52c166b9b37e03ed), UINT64_C(0x5812a70e8efd7dca)},
      {8, UINT64_C(0x568d1366d4e432d7), UINT64_C(0xf8c55930c516cc14)},
      {12, UINT64_C(0xb9c5b06795a287b2), UINT64_C(0x665b1639b7569cb4)},
      {31, UINT64_C(0x23f8b100de8d8f88), UINT64_C(0x5584d42c67f2bca3)},
      {32, UINT64_C(0x895c9bb884e0ca02), UINT64_C(0x836882676078885c)},
      {33, UINT64_C(0x008508548fe40f72), UINT64_C(0x5da67bec2781bae8)},
      {63, UINT64_C(0x6da88676c8e08fee), UINT64_C(0xd5501998581d1175)},
      {64, UINT64_C(0x5f66c92467c00327), UINT64_C(0x73c21f2ecdee41b2)},
      {100, UINT64_C(0x455a842d2246032b), UINT64_C(0x013eb0b0959a51c6)},
      {255, UINT64_C(0xf3902fb5ba93e5cb), UINT64_C(0x156c08bc6a8e0850)},
      {1000, UINT64_C(0x37f14e688ea4f11e), UINT64_C(0xe0bd9ba140aba4e0)},
  };
  CHECK_U64(UINT64_C(0x44bc2cf5ad770999), digest_of("abc", 3, 0));
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    CHECK_U64(known[i].plain, digest_of(bytes, known[i].length, 0));
    CHECK_U64(known[i].seeded, digest_of(bytes, known[i].length, SEED));
  }
}

void test_nothing_may_be_added_from_null(void) {
  CHECK_U64(UINT64_C(0xef46db3751d8e999), digest_of(NULL, 0, 0));
}

void test_cutting_the_bytes_does_not_matter(void) {
  const uint64_t whole = digest_of(bytes, LENGTH, SEED);
  for (size_t piece = 1; piece < 140; piece++) {
    kfix_digest_state s;
    kfix_digest_begin(&s, SEED);
    for (size_t i = 0; i < LENGTH; i += piece)
      kfix_digest_add(&s, bytes + i, LENGTH - i < piece ? LENGTH - i : piece);
    CHECK_U64(whole, kfix_digest_end(&s));
  }
}

void test_every_cut_in_two_gives_the_same(void) {
  for (size_t cut = 0; cut <= 200; cut++) {
    kfix_digest_state s;
    kfix_digest_begin(&s, 1);
    kfix_digest_add(&s, bytes, cut);
    kfix_digest_add(&s, bytes + cut, 200 - cut);
    CHECK_U64(digest_of(bytes, 200, 1), kfix_digest_end(&s));
  }
}

void test_the_stream_goes_on_after_a_digest_was_taken(void) {
  kfix_digest_state s;
  kfix_digest_begin(&s, 0);
  kfix_digest_add(&s, bytes, 45);
  CHECK_U64(digest_of(bytes, 45, 0), kfix_digest_end(&s));
  CHECK_U64(digest_of(bytes, 45, 0), kfix_digest_end(&s));
  kfix_digest_add(&s, bytes + 45, 55);
  CHECK_U64(digest_of(bytes, 100, 0), kfix_digest_end(&s));
}

void test_unaligned_bytes_digest_alike(void) {
  unsigned char moved[308];
  for (size_t shift = 0; shift < 8; shift++) {
    memcpy(moved + shift, bytes, 300);
    CHECK_U64(digest_of(bytes, 300, 0), digest_of(moved + shift, 300, 0));
  }
}

void test_each_flipped_bit_changes_the_digest(void) {
  const uint64_t plain = digest_of(bytes, 100, 0);
  for (size_t bit = 0; bit < 800; bit++) {
    bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    CHECK(digest_of(bytes, 100, 0) != plain);
    bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
  }
}
