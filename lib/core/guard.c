/* SPDX-License-Identifier: Apache-2.0
 * Guard words after each region of a debug build: a write past a region is found after the step.
 * They begin right behind the last element, so the padding to the next boundary is guarded too. */
#include "core/arena.h"
#include "core/arithmetic.h"

#ifdef KFIX_DEBUG

static const unsigned char guard_byte = 0xA5;

/* Where the guard of a copy begins, and how long it is: 0 where there is no copy. */
static unsigned char *guard_of(const kfix_buffer *buffer, int copy, size_t *bytes) {
  const size_t used = buffer->count * sizeof(kfix_real);
  *bytes = buffer->at[copy] ? KFIX_COPY_BYTES(buffer->count) - used : 0;
  if (*bytes == 0) return NULL;
  return (unsigned char *)(void *)buffer->at[copy] + used;
}

void kfix_guard_write(kfix_buffer *buffer) {
  for (int copy = 0; copy < 2; copy++) {
    size_t bytes;
    unsigned char *guard = guard_of(buffer, copy, &bytes);
    for (size_t i = 0; i < bytes; i++) guard[i] = guard_byte;
  }
}

int kfix_guard_intact(const kfix_buffer *buffer) {
  for (int copy = 0; copy < 2; copy++) {
    size_t bytes;
    const unsigned char *guard = guard_of(buffer, copy, &bytes);
    for (size_t i = 0; i < bytes; i++)
      if (guard[i] != guard_byte) return 0;
  }
  return 1;
}

#endif
