/* SPDX-License-Identifier: Apache-2.0
 * The bytes of a member of a zip archive. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "zip_directory.h"

enum { STORED = 0, DEFLATED = 8, ENCRYPTED = 1 };

/* zlib counts in unsigned int: the next piece of `left`. */
static uInt next_piece(size_t *left) {
  const uInt piece = *left > UINT_MAX ? UINT_MAX : (uInt)*left;
  *left -= piece;
  return piece;
}

/* 1 if all input makes exactly all output. */
static int inflate_whole(z_stream *z, size_t in_left, size_t out_left) {
  int code = Z_OK;
  while (code == Z_OK) {
    if (z->avail_in == 0) z->avail_in = next_piece(&in_left);
    if (z->avail_out == 0) z->avail_out = next_piece(&out_left);
    code = inflate(z, Z_NO_FLUSH);
  }
  return code == Z_STREAM_END && in_left + z->avail_in == 0 && out_left + z->avail_out == 0;
}

/* Deflate packs at most about 1030 to 1: a larger claim is a lie, and would only cost memory. */
static unsigned char *inflate_member(const zip_member *m) {
  if (m->size / 1100 > m->packed) return NULL;
  unsigned char *out = malloc(m->size + 1);
  z_stream z;
  memset(&z, 0, sizeof z);
  if (out == NULL || inflateInit2(&z, -15) != Z_OK) {
    free(out);
    return NULL;
  }
  z.next_in = (z_const Bytef *)m->bytes;
  z.next_out = out;
  const int complete = inflate_whole(&z, m->packed, m->size);
  (void)inflateEnd(&z);
  if (complete) return out;
  free(out);
  return NULL;
}

const unsigned char *zip_unpack(const char *path, const zip_member *m, unsigned char **owned,
                                int *damaged, tool_error *err) {
  const unsigned char *bytes = m->bytes;
  const int known = m->method == DEFLATED || (m->method == STORED && m->size == m->packed);
  *owned = NULL;
  *damaged = 0;
  if (!known || m->flags & ENCRYPTED) {
    (void)tool_fail(err, "%s: %.*s: packing method %u%s is not read; use numpy.savez", path,
                    m->name_length < 128 ? (int)m->name_length : 128, m->name, m->method,
                    m->flags & ENCRYPTED ? ", encrypted," : "");
    return NULL;
  }
  if (m->method == DEFLATED) bytes = *owned = inflate_member(m);
  if (bytes != NULL && crc32_z(crc32_z(0, NULL, 0), bytes, m->size) == m->crc) return bytes;
  *damaged = 1;
  (void)tool_fail(err, "%s: the archive is damaged (%s); get it again", path,
                  bytes == NULL ? "a member does not unpack" : "a checksum does not match");
  free(*owned);
  *owned = NULL;
  return NULL;
}
