/* SPDX-License-Identifier: Apache-2.0
 * Guard words after each region of a debug build: a write past a region is found after the step. */
#include "core/arena.h"

static const unsigned char guard_byte = 0xA5;

static unsigned char *guard_of(const kfix_buffer *buffer, int copy) {
  unsigned char *start = (unsigned char *)(void *)buffer->at[copy];
  return start + KFIX_COPY_BYTES(buffer->count) - KFIX_GUARD_BYTES;
}

/* Not the macro: its comparison with zero is one that compilers object to. */
static size_t guard_bytes(void) {
  return KFIX_GUARD_BYTES;
}

void kfix_guard_write(kfix_buffer *buffer) {
  for (int copy = 0; copy < 2; copy++)
    for (size_t i = 0; buffer->at[copy] && i < guard_bytes(); i++)
      guard_of(buffer, copy)[i] = guard_byte;
}

int kfix_guard_intact(const kfix_buffer *buffer) {
  for (int copy = 0; copy < 2; copy++)
    for (size_t i = 0; buffer->at[copy] && i < guard_bytes(); i++)
      if (guard_of(buffer, copy)[i] != guard_byte) return 0;
  return 1;
}
