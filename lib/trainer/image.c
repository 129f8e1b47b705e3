/* SPDX-License-Identifier: Apache-2.0
 * The checkpoint image: header, scalars, state regions in the order of the plan, digest of all
 * before. Restoring writes the spare copies and makes them current only when the digest agrees. */
#include <string.h>

#include "core/arithmetic.h"
#include "kfix.h"
#include "trainer/stream.h"

enum { IMAGE_VERSION = 1, BYTE_ORDER_MARK = 0x01020304 };

typedef struct header {
  char magic[8];
  uint32_t version, byte_order;
  uint64_t config;
  uint64_t bytes; /* of the whole image */
} header;

static const char image_magic[8] = "kfix\r\n\x1a";

/* ---- size ---- */

static kfix_status add_size(void *context, kfix *k, const kfix_buffer *b) {
  (void)k;
  *(size_t *)context += b->count * sizeof(kfix_real);
  return KFIX_OK;
}

static size_t image_bytes(kfix *k) {
  size_t bytes = sizeof(header) + sizeof(kfix_scalars) + sizeof(uint64_t);
  for (int group = 0; group < KFIX_GROUP_STATES; group++)
    (void)!kfix_each_state(k, (kfix_group)group, add_size, &bytes);
  return bytes;
}

static header header_of(kfix *k) {
  header h = {{0}, IMAGE_VERSION, BYTE_ORDER_MARK, kfix_config_digest(k), image_bytes(k)};
  memcpy(h.magic, image_magic, sizeof h.magic);
  return h;
}

size_t kfix_image_bytes(const kfix *k) {
  union {
    const kfix *in;
    kfix *out;
  } plain = {k};
  if (!k) return 0;
  return image_bytes(plain.out);
}

/* ---- out ---- */

typedef struct writer {
  kfix_write_bytes *write;
  void *context;
  kfix_digest_state digest;
} writer;

static kfix_status put(void *context, const void *bytes, size_t count) {
  writer *w = context;
  kfix_digest_add(&w->digest, bytes, count);
  return w->write(w->context, bytes, count) == 0 ? KFIX_OK : KFIX_SINK;
}

static kfix_status put_buffer(void *context, kfix *k, const kfix_buffer *b) {
  return kfix_stream_out(k, kfix_current(k, b), b->count * sizeof(kfix_real), put, context);
}

kfix_status kfix_save(kfix *k, kfix_write_bytes *write, void *context) {
  if (!k || !write) return KFIX_ARGUMENT;
  const header h = header_of(k);
  writer w = {.write = write, .context = context};
  kfix_digest_begin(&w.digest, 0);
  KFIX_TRY(put(&w, &h, sizeof h));
  KFIX_TRY(put(&w, &k->now, sizeof k->now));
  for (int group = 0; group < KFIX_GROUP_STATES; group++)
    KFIX_TRY(kfix_each_state(k, (kfix_group)group, put_buffer, &w));
  const uint64_t digest = kfix_digest_end(&w.digest);
  return write(context, &digest, sizeof digest) == 0 ? KFIX_OK : KFIX_SINK;
}

/* ---- in ---- */

typedef struct reader {
  kfix_read_bytes *read;
  void *context;
  kfix_digest_state digest;
} reader;

static kfix_status get(reader *r, void *bytes, size_t count) {
  if (r->read(r->context, bytes, count) != 0) return KFIX_IMAGE_TRUNCATED;
  kfix_digest_add(&r->digest, bytes, count);
  return KFIX_OK;
}

static kfix_status get_buffer(void *context, kfix *k, const kfix_buffer *b) {
  unsigned char piece[1024];
  const size_t bytes = b->count * sizeof(kfix_real);
  unsigned char *at = (unsigned char *)(void *)kfix_spare(k, b);
  if (k->device.port->is_host) return get(context, at, bytes);
  for (size_t done = 0, step; done < bytes; done += step) {
    step = bytes - done < sizeof piece ? bytes - done : sizeof piece;
    KFIX_TRY(get(context, piece, step));
    KFIX_RUN(k, upload, at + done, piece, step);
  }
  return KFIX_OK;
}

static kfix_status check_header(kfix *k, const header *h) {
  const header own = header_of(k);
  if (memcmp(h->magic, own.magic, sizeof own.magic) != 0) return KFIX_IMAGE_MAGIC;
  if (h->version != own.version) return KFIX_IMAGE_VERSION;
  if (h->byte_order != own.byte_order || h->config != own.config || h->bytes != own.bytes)
    return KFIX_IMAGE_CONFIG;
  return KFIX_OK;
}

/* An older run may have driven lambda or gamma out of their bounds, where no step learns: the damping
 * then starts anew. */
static void mend_damping(const kfix *k, kfix_scalars *s) {
  if (!k->method->direction || kfix_damping_in_bounds(&k->options, s->lambda, s->gamma)) return;
  s->lambda = kfix_first_lambda(&k->options);
  s->gamma = kfix_first_gamma(&k->options);
  s->raised = s->raised_gamma = 0;
  s->stale = 1;
}

static void adopt(kfix *k, const kfix_scalars *scalars) {
  for (int group = 0; group < KFIX_GROUP_STATES; group++)
    k->current[group] = (uint8_t)!k->current[group];
  k->now = *scalars;
  mend_damping(k, &k->now);
  k->next = k->now;
}

kfix_status kfix_load(kfix *k, kfix_read_bytes *read, void *context) {
  header h;
  kfix_scalars scalars;
  uint64_t stored;
  if (!k || !read) return KFIX_ARGUMENT;
  reader r = {.read = read, .context = context};
  kfix_digest_begin(&r.digest, 0);
  KFIX_TRY(get(&r, &h, sizeof h));
  KFIX_TRY(check_header(k, &h));
  KFIX_TRY(get(&r, &scalars, sizeof scalars));
  for (int group = 0; group < KFIX_GROUP_STATES; group++)
    KFIX_TRY(kfix_each_state(k, (kfix_group)group, get_buffer, &r));
  const uint64_t digest = kfix_digest_end(&r.digest);
  if (read(context, &stored, sizeof stored) != 0) return KFIX_IMAGE_TRUNCATED;
  if (stored != digest) return KFIX_IMAGE_CHECKSUM;
  adopt(k, &scalars);
  return KFIX_OK;
}
