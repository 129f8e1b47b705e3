/* SPDX-License-Identifier: Apache-2.0
 * Writes .npz archives: zip members stored as they are. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "files/atomic_file.h"
#include "npy.h"
#include "npz.h"

#define ARCHIVE_MAX 0xfffffffeu
#define DOS_DATE    0x0021 /* 1 January 1980: the earliest a zip file can say */

typedef struct member {
  char name[TENSOR_NAME_BYTES + 4];
  char header[NPY_HEADER_BYTES];
  size_t header_bytes, data_bytes, offset;
  uint32_t crc;
} member;

static void put_u16(unsigned char *at, unsigned value) {
  at[0] = (unsigned char)(value & 255);
  at[1] = (unsigned char)(value >> 8);
}

/* CRC in pieces: zlib counts in 32 bits. */
static uint32_t checksum(const member *m, const unsigned char *data) {
  uLong crc = crc32(0, (const Bytef *)m->header, (uInt)m->header_bytes);
  for (size_t left = m->data_bytes; left > 0;) {
    const size_t block = left < (size_t)1 << 30 ? left : (size_t)1 << 30;
    crc = crc32(crc, data, (uInt)block);
    data += block;
    left -= block;
  }
  return (uint32_t)crc;
}

/* The fields that a local header and a directory entry share, from "version needed" on. */
static void put_common(unsigned char at[26], const member *m) {
  const uint32_t size = (uint32_t)(m->header_bytes + m->data_bytes);
  memset(at, 0, 26);
  put_u16(at, 20);
  put_u16(at + 8, DOS_DATE);
  write_u32_little(at + 10, m->crc);
  write_u32_little(at + 14, size);
  write_u32_little(at + 18, size);
  put_u16(at + 22, (unsigned)strlen(m->name));
}

static void write_member(FILE *stream, const member *m, const tensor_view *view) {
  unsigned char head[30] = {'P', 'K', 3, 4};
  put_common(head + 4, m);
  (void)fwrite(head, 1, sizeof head, stream);
  (void)fwrite(m->name, 1, strlen(m->name), stream);
  (void)fwrite(m->header, 1, m->header_bytes, stream);
  if (m->data_bytes > 0) (void)fwrite(view->data, 1, m->data_bytes, stream);
}

static void write_entry(FILE *stream, const member *m) {
  unsigned char entry[46] = {'P', 'K', 1, 2};
  put_u16(entry + 4, 20);
  put_common(entry + 6, m);
  write_u32_little(entry + 42, (uint32_t)m->offset);
  (void)fwrite(entry, 1, sizeof entry, stream);
  (void)fwrite(m->name, 1, strlen(m->name), stream);
}

static void write_archive(FILE *stream, const member *members, const tensor_view *views,
                          size_t count, size_t directory_at) {
  unsigned char end[22] = {'P', 'K', 5, 6};
  size_t directory = 0;
  for (size_t i = 0; i < count; i++) write_member(stream, &members[i], &views[i]);
  for (size_t i = 0; i < count; i++) {
    write_entry(stream, &members[i]);
    directory += 46 + strlen(members[i].name);
  }
  put_u16(end + 8, (unsigned)count);
  put_u16(end + 10, (unsigned)count);
  write_u32_little(end + 12, (uint32_t)directory);
  write_u32_little(end + 16, (uint32_t)directory_at);
  (void)fwrite(end, 1, sizeof end, stream);
}

/* Names, headers, sizes and places of all members; *end is where the directory begins. */
static int plan(const char *path, const tensor_view *views, size_t count, member *members,
                size_t *end, tool_error *err) {
  size_t elements, at = 0;
  for (size_t i = 0; i < count; i++) {
    member *m = &members[i];
    if (tensor_size(&views[i], &elements, &m->data_bytes) != 0 || m->data_bytes > ARCHIVE_MAX)
      return tool_fail(err, "%s: %s is too large for .npz; use .safetensors", path, views[i].name);
    (void)snprintf(m->name, sizeof m->name, "%s.npy", views[i].name);
    m->header_bytes = npy_header(&views[i], m->header);
    m->crc = checksum(m, views[i].data);
    m->offset = at;
    at += 30 + strlen(m->name) + m->header_bytes + m->data_bytes;
    if (at > ARCHIVE_MAX - 65536 * count)
      return tool_fail(err, "%s: over 4 GiB, too large for .npz; use .safetensors", path);
  }
  *end = at;
  return 0;
}

int npz_save(const char *path, const tensor_view *views, size_t count, tool_error *err) {
  atomic_file file;
  size_t end;
  if (count > 1024) return tool_fail(err, "%s: %zu arrays are too many for .npz", path, count);
  member *members = calloc(count + 1, sizeof *members);
  if (members == NULL) return tool_fail(err, "%s: no memory for the list of arrays", path);
  int answer = plan(path, views, count, members, &end, err);
  if (answer == 0) answer = atomic_open(&file, path, err);
  if (answer == 0) {
    write_archive(file.stream, members, views, count, end);
    answer = atomic_commit(&file, err);
  }
  free(members);
  return answer;
}
