/* SPDX-License-Identifier: Apache-2.0
 * XXH64, from its public description: four lanes that each take 8 bytes a round, then a finish. */
#include "core/digest.h"

#include <string.h>

#include "core/arithmetic.h"

#define PRIME_1 UINT64_C(0x9E3779B185EBCA87)
#define PRIME_2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define PRIME_3 UINT64_C(0x165667B19E3779F9)
#define PRIME_4 UINT64_C(0x85EBCA77C2B2AE63)
#define PRIME_5 UINT64_C(0x27D4EB2F165667C5)

static inline uint64_t rotate(uint64_t x, unsigned by) {
  return x << by | x >> (64 - by);
}

/* Little endian by shifts; compilers make one load of it. */
static inline uint64_t load32(const unsigned char *p) {
  return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
}

static inline uint64_t load64(const unsigned char *p) {
  return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
         (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static inline uint64_t round_of(uint64_t lane, uint64_t word) {
  return rotate(lane + word * PRIME_2, 31) * PRIME_1;
}

static const unsigned char *absorb(uint64_t lanes[4], const unsigned char *p, size_t blocks) {
  uint64_t a = lanes[0], b = lanes[1], c = lanes[2], d = lanes[3];
  for (; blocks > 0; blocks--, p += KFIX_DIGEST_BLOCK) {
    a = round_of(a, load64(p));
    b = round_of(b, load64(p + 8));
    c = round_of(c, load64(p + 16));
    d = round_of(d, load64(p + 24));
  }
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
  lanes[3] = d;
  return p;
}

void kfix_digest_begin(kfix_digest_state *s, uint64_t seed) {
  memset(s, 0, sizeof *s);
  s->seed = seed;
  s->lanes[0] = seed + PRIME_1 + PRIME_2;
  s->lanes[1] = seed + PRIME_2;
  s->lanes[2] = seed;
  s->lanes[3] = seed - PRIME_1;
}

void kfix_digest_add(kfix_digest_state *s, const void *bytes, size_t count) {
  const unsigned char *p = bytes;
  const size_t waiting = (size_t)(s->length % KFIX_DIGEST_BLOCK);
  const size_t missing = KFIX_DIGEST_BLOCK - waiting;
  if (count == 0) return;
  s->length += count;
  if (count < missing) {
    memcpy(s->pending + waiting, p, count);
    return;
  }
  if (waiting > 0) {
    memcpy(s->pending + waiting, p, missing);
    absorb(s->lanes, s->pending, 1);
    p += missing;
    count -= missing;
  }
  p = absorb(s->lanes, p, count / KFIX_DIGEST_BLOCK);
  memcpy(s->pending, p, count % KFIX_DIGEST_BLOCK);
}

static uint64_t join_lanes(const uint64_t lanes[4]) {
  uint64_t h =
      rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
  for (int i = 0; i < 4; i++) h = (h ^ round_of(0, lanes[i])) * PRIME_1 + PRIME_4;
  return h;
}

static uint64_t absorb_tail(uint64_t h, const unsigned char *p, size_t count) {
  for (; count >= 8; count -= 8, p += 8) {
    h = rotate(h ^ round_of(0, load64(p)), 27) * PRIME_1 + PRIME_4;
  }
  if (count >= 4) {
    h = rotate(h ^ load32(p) * PRIME_1, 23) * PRIME_2 + PRIME_3;
    count -= 4;
    p += 4;
  }
  for (; count > 0; count--, p++) h = rotate(h ^ *p * PRIME_5, 11) * PRIME_1;
  return h;
}

uint64_t kfix_digest_end(const kfix_digest_state *s) {
  uint64_t h = s->length < KFIX_DIGEST_BLOCK ? s->seed + PRIME_5 : join_lanes(s->lanes);
  h = absorb_tail(h + s->length, s->pending, (size_t)(s->length % KFIX_DIGEST_BLOCK));
  h = (h ^ h >> 33) * PRIME_2;
  h = (h ^ h >> 29) * PRIME_3;
  return h ^ h >> 32;
}
