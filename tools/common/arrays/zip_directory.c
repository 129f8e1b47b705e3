/* SPDX-License-Identifier: Apache-2.0
 * Reads the directory of a zip archive: PKWARE's APPNOTE, as far as archives of one file go. */
#include "zip_directory.h"

#include <stdlib.h>
#include <string.h>

#define END_BYTES     22
#define END64_BYTES   56
#define LOCATOR_BYTES 20
#define ENTRY_BYTES   46
#define LOCAL_BYTES   30
#define IS_STREAMED   8u /* flag: sizes and checksum come again behind the member */

/* Where the directory lies. */
typedef struct extent {
  size_t first, end;
  uint64_t count;
} extent;

static int broken(const char *path, const char *what, tool_error *err) {
  return tool_fail(err, "%s: the archive is damaged (%s); get it again", path, what);
}

/* The end record is the last thing in the file but for a comment of up to 65535 bytes. */
static int find_end(const char *path, const file_bytes *archive, size_t *end, tool_error *err) {
  size_t other = 0;
  for (size_t back = END_BYTES; back <= archive->size && back <= END_BYTES + 65535; back++) {
    const unsigned char *at = archive->data + archive->size - back;
    if (memcmp(at, "PK\5\6", 4) != 0) continue;
    const size_t length = END_BYTES + (size_t)read_u16_little(at + 20);
    *end = archive->size - back;
    if (length == back) return 0;
    if (length < back && other == 0) other = back - length;
  }
  if (other > 0)
    return tool_fail(err, "%s: %zu bytes follow the end of the archive; get it again", path, other);
  return tool_fail(err, "%s: not a .npz archive, or cut off; get it again", path);
}

/* Of an archive whose numbers do not fit the plain end record at `end`. */
static int read_end64(const char *path, const file_bytes *archive, size_t end, extent *e,
                      tool_error *err) {
  const size_t locator = end - LOCATOR_BYTES;
  const uint64_t at = read_u64_little(archive->data + locator + 8);
  if (locator < END64_BYTES || at > locator - END64_BYTES) return broken(path, "its end", err);
  const unsigned char *p = archive->data + at;
  if (memcmp(p, "PK\6\6", 4) != 0 || read_u64_little(p + 4) != locator - at - 12)
    return broken(path, "its end", err);
  const uint64_t size = read_u64_little(p + 40), first = read_u64_little(p + 48);
  if (first > at || size != at - first) return broken(path, "its end", err);
  *e = (extent){(size_t)first, (size_t)at, read_u64_little(p + 32)};
  return 0;
}

static int find_directory(const char *path, const file_bytes *archive, extent *e, tool_error *err) {
  size_t end;
  if (find_end(path, archive, &end, err) != 0) return -1;
  const unsigned char *p = archive->data + end;
  if (end >= LOCATOR_BYTES && memcmp(p - LOCATOR_BYTES, "PK\6\7", 4) == 0)
    return read_end64(path, archive, end, e, err);
  e->count = read_u16_little(p + 10);
  e->first = read_u32_little(p + 16);
  e->end = end;
  const size_t size = read_u32_little(p + 12);
  return e->first <= end && size == end - e->first ? 0 : broken(path, "its directory", err);
}

/* The zip64 field of an entry's extra part; NULL: none. */
static const unsigned char *find_extra64(const unsigned char *extra, size_t length, size_t *bytes) {
  for (size_t at = 0; length - at >= 4; at += 4 + *bytes) {
    *bytes = read_u16_little(extra + at + 2);
    if (*bytes > length - at - 4) return NULL;
    if (read_u16_little(extra + at) == 1) return extra + at + 4;
  }
  return NULL;
}

/* It holds, in this order, those numbers that do not fit their 32 bits. */
static int read_extra64(const unsigned char *extra, size_t length, zip_member *m) {
  size_t *const numbers[] = {&m->size, &m->packed, &m->first};
  size_t left = 0;
  const unsigned char *at = find_extra64(extra, length, &left);
  for (int i = 0; i < 3; i++) {
    if (*numbers[i] != UINT32_MAX) continue;
    if (at == NULL || left < 8 || read_u64_little(at) > SIZE_MAX) return -1;
    *numbers[i] = (size_t)read_u64_little(at);
    at += 8;
    left -= 8;
  }
  return 0;
}

/* The entry at *at, and past it. */
static int read_entry(const file_bytes *archive, const extent *e, size_t *at, zip_member *m) {
  const unsigned char *p = archive->data + *at;
  if (e->end - *at < ENTRY_BYTES || memcmp(p, "PK\1\2", 4) != 0) return -1;
  const size_t extra = read_u16_little(p + 30), comment = read_u16_little(p + 32);
  m->flags = read_u16_little(p + 8);
  m->method = read_u16_little(p + 10);
  m->crc = read_u32_little(p + 16);
  m->packed = read_u32_little(p + 20);
  m->size = read_u32_little(p + 24);
  m->name_length = read_u16_little(p + 28);
  m->first = read_u32_little(p + 42);
  m->name = (const char *)p + ENTRY_BYTES;
  if (ENTRY_BYTES + m->name_length + extra + comment > e->end - *at) return -1;
  *at += ENTRY_BYTES + m->name_length + extra + comment;
  return read_extra64(p + ENTRY_BYTES + m->name_length, extra, m);
}

/* The member's own header says the same name; its bytes lie before the directory. */
static int find_bytes(const file_bytes *archive, const extent *e, zip_member *m) {
  if (m->first > e->first || e->first - m->first < LOCAL_BYTES) return -1;
  const unsigned char *p = archive->data + m->first;
  const size_t name = read_u16_little(p + 26), extra = read_u16_little(p + 28);
  if (memcmp(p, "PK\3\4", 4) != 0 || name != m->name_length) return -1;
  const size_t room = e->first - m->first - LOCAL_BYTES;
  if (name + extra > room || m->packed > room - name - extra) return -1;
  if (memcmp(p + LOCAL_BYTES, m->name, name) != 0) return -1;
  m->bytes = p + LOCAL_BYTES + name + extra;
  return 0;
}

static int by_place(const void *a, const void *b) {
  const zip_member *x = a, *y = b;
  return (x->first > y->first) - (x->first < y->first);
}

/* Members lie one behind the other, from the file's beginning to the directory; behind a streamed
 * one its checksum and sizes are repeated: 12 to 24 bytes. */
static int check_places(const char *path, const file_bytes *archive, const zip_directory *out,
                        const extent *e, tool_error *err) {
  size_t at = 0;
  for (size_t i = 0; i <= out->count; i++) {
    const size_t next = i < out->count ? out->members[i].first : e->first;
    const int streamed = i > 0 && out->members[i - 1].flags & IS_STREAMED;
    const size_t gap = next - at;
    if (next < at) return broken(path, "members overlap", err);
    if (gap > 0 && !(streamed && gap >= 12 && gap <= 24 && gap % 4 == 0))
      return broken(path, "bytes that belong to no member", err);
    if (i == out->count) break;
    const zip_member *m = &out->members[i];
    at = (size_t)(m->bytes - archive->data) + m->packed;
  }
  return 0;
}

static int read_entries(const char *path, const file_bytes *archive, const extent *e,
                        zip_directory *out, tool_error *err) {
  size_t at = e->first;
  for (size_t i = 0; i < out->count; i++) {
    if (read_entry(archive, e, &at, &out->members[i]) != 0)
      return broken(path, "its directory", err);
    if (find_bytes(archive, e, &out->members[i]) != 0)
      return broken(path, "a member is not where the directory says", err);
  }
  if (at != e->end) return broken(path, "its directory", err);
  if (out->count > 1) qsort(out->members, out->count, sizeof *out->members, by_place);
  return check_places(path, archive, out, e, err);
}

int zip_list(const char *path, const file_bytes *archive, zip_directory *out, tool_error *err) {
  extent e;
  *out = (zip_directory){NULL, 0};
  if (find_directory(path, archive, &e, err) != 0) return -1;
  if (e.count > (e.end - e.first) / ENTRY_BYTES) return broken(path, "its directory", err);
  out->count = (size_t)e.count;
  out->members = calloc(out->count + 1, sizeof *out->members);
  if (out->members == NULL)
    return tool_fail(err, "%s: no memory for its %zu members", path, out->count);
  if (read_entries(path, archive, &e, out, err) == 0) return 0;
  free(out->members);
  *out = (zip_directory){NULL, 0};
  return -1;
}
