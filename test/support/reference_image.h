/* SPDX-License-Identifier: Apache-2.0
 * A checkpoint image in memory, for kfix_save and kfix_load. */
#ifndef KFIX_TEST_REFERENCE_IMAGE_H
#define KFIX_TEST_REFERENCE_IMAGE_H

#include <stdlib.h>
#include <string.h>

#include "kfix.h"

typedef struct memory_image {
  unsigned char *bytes;
  size_t size, at; /* at: next byte to read or write */
} memory_image;

static inline int image_write(void *context, const void *bytes, size_t count) {
  memory_image *m = context;
  if (count > m->size - m->at) return 1;
  memcpy(m->bytes + m->at, bytes, count);
  m->at += count;
  return 0;
}

static inline int image_read(void *context, void *bytes, size_t count) {
  memory_image *m = context;
  if (count > m->size - m->at) return 1;
  memcpy(bytes, m->bytes + m->at, count);
  m->at += count;
  return 0;
}

/* Room for the whole image of k. */
static inline memory_image image_for(const kfix *k) {
  const size_t size = kfix_image_bytes(k);
  return (memory_image){malloc(size), size, 0};
}

static inline kfix_status image_save(kfix *k, memory_image *m) {
  m->at = 0;
  return kfix_save(k, image_write, m);
}

static inline kfix_status image_load(kfix *k, memory_image *m) {
  m->at = 0;
  return kfix_load(k, image_read, m);
}

#endif
