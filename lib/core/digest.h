/* SPDX-License-Identifier: Apache-2.0
 * A 64-bit digest of a stream of bytes: tells two states apart, finds corruption. Not a defence
 * against someone who forges it.
 *
 * The public algorithm XXH64, so a file's digest can be checked with common tools. It depends on
 * the bytes and the seed alone, not on how they are cut into pieces nor on the machine. What holds
 * numbers must therefore be given in a fixed byte order by the caller. */
#ifndef KFIX_CORE_DIGEST_H
#define KFIX_CORE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KFIX_DIGEST_BLOCK 32

/* May be copied, and stored. */
typedef struct kfix_digest_state {
  uint64_t lanes[4];
  uint64_t seed, length;
  unsigned char pending[KFIX_DIGEST_BLOCK]; /* the first length % 32 bytes are waiting */
} kfix_digest_state;

void kfix_digest_begin(kfix_digest_state *s, uint64_t seed);
/* bytes may be NULL if count is 0. */
void kfix_digest_add(kfix_digest_state *s, const void *bytes, size_t count);
/* The digest of all bytes so far; the stream may go on. */
uint64_t kfix_digest_end(const kfix_digest_state *s);

#ifdef __cplusplus
}
#endif

#endif
