/* SPDX-License-Identifier: Apache-2.0
 * Digests of state. */
#include "core/arithmetic.h"
#include "kfix.h"
#include "trainer/stream.h"

static kfix_status take(void *context, const void *bytes, size_t count) {
  kfix_digest_add(context, bytes, count);
  return KFIX_OK;
}

static kfix_status add_buffer(void *context, kfix *k, const kfix_buffer *b) {
  return kfix_stream_out(k, kfix_current(k, b), b->count * sizeof(kfix_real), take, context);
}

/* A digest only reads, but the walk serves writers too and takes a plain pointer. */
static kfix *plain(const kfix *k) {
  union {
    const kfix *in;
    kfix *out;
  } u = {k};
  return u.out;
}

/* A download that fails gives a digest that differs, which is what a digest is for. */
static uint64_t finish(kfix_digest_state *d, kfix_status status) {
  if (status != KFIX_OK) kfix_digest_add(d, &status, sizeof status);
  return kfix_digest_end(d);
}

uint64_t kfix_digest(const kfix *k) {
  kfix_digest_state d;
  kfix_status status = KFIX_OK;
  if (!k) return 0;
  kfix_digest_begin(&d, kfix_config_digest(k));
  kfix_digest_add(&d, &k->now, sizeof k->now);
  for (int group = 0; group < KFIX_GROUP_STATES && status == KFIX_OK; group++)
    status = kfix_each_state(plain(k), (kfix_group)group, add_buffer, &d);
  return finish(&d, status);
}

uint64_t kfix_digest_part(const kfix *k, kfix_part part, uint32_t layer) {
  kfix_digest_state d;
  kfix_status status = KFIX_OK;
  if (!k) return 0;
  const int in_layer = layer >= 1 && layer <= k->depth;
  kfix_digest_begin(&d, (uint64_t)part);
  switch (part) {
    case KFIX_PART_PARAMETERS:
      status = kfix_each_state(plain(k), KFIX_GROUP_PARAMETERS, add_buffer, &d);
      break;
    case KFIX_PART_STATISTICS:
      if (in_layer)
        status = kfix_each_state_of(plain(k), KFIX_GROUP_STATISTICS, layer, add_buffer, &d);
      if (in_layer && status == KFIX_OK)
        status = kfix_each_state_of(plain(k), KFIX_GROUP_SCALINGS, layer, add_buffer, &d);
      if (in_layer && status == KFIX_OK)
        status = kfix_each_state_of(plain(k), KFIX_GROUP_MOMENTS, layer, add_buffer, &d);
      break;
    case KFIX_PART_INVERSE:
      if (in_layer)
        status = kfix_each_state_of(plain(k), KFIX_GROUP_INVERSE, layer, add_buffer, &d);
      break;
    case KFIX_PART_DECISIONS:
      kfix_digest_add(&d, &k->now, sizeof k->now);
      break;
  }
  return finish(&d, status);
}
