/* SPDX-License-Identifier: Apache-2.0
 * Reads .npz archives: finds the directory at the end, then each member. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "npy.h"
#include "npz.h"

#define END_BYTES   22
#define ENTRY_BYTES 46
#define LOCAL_BYTES 30

typedef struct entry {
  const char *name;
  size_t name_length, packed, size, offset, next;
  unsigned method;
  uint32_t crc;
} entry;

static unsigned u16(const unsigned char *at) {
  return (unsigned)at[0] | (unsigned)at[1] << 8;
}

static int broken(const char *path, const char *what, tool_error *err) {
  return tool_fail(err, "%s: the archive is damaged (%s); get it again", path, what);
}

/* The end record is the last thing in the file but for a comment of up to 65535 bytes. */
static const unsigned char *find_end(const file_bytes *archive) {
  if (archive->size < END_BYTES) return NULL;
  for (size_t back = END_BYTES; back <= archive->size && back <= END_BYTES + 65535; back++) {
    const unsigned char *at = archive->data + archive->size - back;
    if (memcmp(at, "PK\5\6", 4) == 0 && u16(at + 20) + (size_t)END_BYTES == back) return at;
  }
  return NULL;
}

static int read_entry(const char *path, const file_bytes *archive, size_t at, entry *e,
                      tool_error *err) {
  if (at > archive->size || archive->size - at < ENTRY_BYTES ||
      memcmp(archive->data + at, "PK\1\2", 4) != 0)
    return broken(path, "its directory", err);
  const unsigned char *p = archive->data + at;
  e->method = u16(p + 10);
  e->crc = read_u32_little(p + 16);
  e->packed = read_u32_little(p + 20);
  e->size = read_u32_little(p + 24);
  e->name_length = u16(p + 28);
  e->offset = read_u32_little(p + 42);
  e->name = (const char *)p + ENTRY_BYTES;
  const size_t length = ENTRY_BYTES + e->name_length + u16(p + 30) + u16(p + 32);
  if (length > archive->size - at) return broken(path, "its directory", err);
  e->next = at + length;
  return 0;
}

/* Where the member's bytes start; they lie within the archive. */
static const unsigned char *member_bytes(const file_bytes *archive, const entry *e) {
  if (e->offset > archive->size || archive->size - e->offset < LOCAL_BYTES) return NULL;
  const unsigned char *p = archive->data + e->offset;
  if (memcmp(p, "PK\3\4", 4) != 0) return NULL;
  const size_t start = e->offset + LOCAL_BYTES + u16(p + 26) + u16(p + 28);
  if (start > archive->size || archive->size - start < e->packed) return NULL;
  return archive->data + start;
}

/* Deflate packs at most about 1030 to 1: a larger claim is a lie, and would only cost memory. */
static unsigned char *inflate_bytes(const unsigned char *packed, const entry *e) {
  if (e->size / 1100 > e->packed) return NULL;
  unsigned char *out = malloc(e->size + 1);
  z_stream z;
  memset(&z, 0, sizeof z);
  if (out == NULL || inflateInit2(&z, -15) != Z_OK) {
    free(out);
    return NULL;
  }
  z.next_in = (z_const Bytef *)packed;
  z.avail_in = (uInt)e->packed;
  z.next_out = out;
  z.avail_out = (uInt)e->size;
  const int code = inflate(&z, Z_FINISH);
  const int complete = code == Z_STREAM_END && z.total_out == e->size;
  (void)inflateEnd(&z);
  if (complete) return out;
  free(out);
  return NULL;
}

static int parse_member(const char *path, const char *label, const unsigned char *bytes,
                        const entry *e, npz_file *out, tool_error *err) {
  tensor_view *view = &out->views[out->count];
  if (crc32(crc32(0, NULL, 0), bytes, (uInt)e->size) != e->crc)
    return broken(path, "a checksum does not match", err);
  if (npy_parse(label, bytes, e->size, view, err) != 0) return -1;
  const size_t length = e->name_length - 4;
  memcpy(view->name, e->name, length);
  view->name[length] = '\0';
  return 0;
}

static int read_member(const char *path, const entry *e, npz_file *out, tool_error *err) {
  if (e->name_length < 5 || memcmp(e->name + e->name_length - 4, ".npy", 4) != 0) return 0;
  char label[TENSOR_NAME_BYTES + 256];
  (void)snprintf(label, sizeof label, "%.200s(%.*s)", path,
                 (int)(e->name_length < 128 ? e->name_length : 128), e->name);
  if (e->name_length - 4 >= TENSOR_NAME_BYTES)
    return tool_fail(err, "%s: the name of the member is too long", label);
  const unsigned char *bytes = member_bytes(&out->archive, e);
  if (bytes == NULL) return broken(path, "a member lies outside of it", err);
  if (e->method == 8) {
    bytes = out->unpacked[out->count] = inflate_bytes(bytes, e);
    if (bytes == NULL) return broken(path, "a member does not unpack", err);
  } else if (e->method != 0 || e->size != e->packed) {
    return tool_fail(err, "%s: packing method %u is not read; use numpy.savez", label, e->method);
  }
  if (parse_member(path, label, bytes, e, out, err) != 0) {
    free(out->unpacked[out->count]);
    out->unpacked[out->count] = NULL;
    return -1;
  }
  out->count++;
  return 0;
}

int npz_parse(const char *path, npz_file *out, tool_error *err) {
  const unsigned char *end = find_end(&out->archive);
  if (end == NULL) return tool_fail(err, "%s: not a .npz archive, or cut off; get it again", path);
  const size_t count = u16(end + 10);
  size_t at = read_u32_little(end + 16);
  out->views = calloc(count + 1, sizeof *out->views);
  out->unpacked = calloc(count + 1, sizeof *out->unpacked);
  if (out->views == NULL || out->unpacked == NULL)
    return tool_fail(err, "%s: no memory for its %zu members", path, count);
  for (size_t i = 0; i < count; i++) {
    entry e = {0};
    if (read_entry(path, &out->archive, at, &e, err) != 0) return -1;
    if (read_member(path, &e, out, err) != 0) return -1;
    at = e.next;
  }
  return 0;
}

int npz_load(const char *path, npz_file *out, tool_error *err) {
  memset(out, 0, sizeof *out);
  if (file_read(path, &out->archive, err) != 0) return -1;
  return npz_parse(path, out, err);
}

void npz_free(npz_file *npz) {
  for (size_t i = 0; npz->unpacked != NULL && i < npz->count; i++) free(npz->unpacked[i]);
  free(npz->unpacked);
  free(npz->views);
  file_free(&npz->archive);
  memset(npz, 0, sizeof *npz);
}

const tensor_view *npz_find(const npz_file *npz, const char *name) {
  for (size_t i = 0; i < npz->count; i++)
    if (strcmp(npz->views[i].name, name) == 0) return &npz->views[i];
  return NULL;
}
