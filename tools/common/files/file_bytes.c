/* SPDX-License-Identifier: Apache-2.0
 * Whole files in memory, gzip undone and applied. */
#define _POSIX_C_SOURCE 200809L
#include "file_bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "atomic_file.h"

#define GZIP_WINDOW 31 /* zlib: the largest window, gzip framing */
#define PACK_BLOCK  ((size_t)1 << 16)

int file_exists(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && !S_ISDIR(about.st_mode);
}

int folder_exists(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

void file_free(file_bytes *bytes) {
  free(bytes->data);
  bytes->data = NULL;
  bytes->size = 0;
}

/* Makes room for at least `bytes` bytes and the NUL. */
static int grow(file_bytes *out, size_t *capacity, size_t bytes) {
  if (bytes < *capacity) return 0;
  size_t wanted = *capacity < 4096 ? 4096 : *capacity;
  while (wanted <= bytes) wanted *= 2;
  unsigned char *data = realloc(out->data, wanted);
  if (data == NULL) return -1;
  out->data = data;
  *capacity = wanted;
  return 0;
}

static int read_raw(const char *path, FILE *stream, file_bytes *out, tool_error *err) {
  size_t capacity = 0, got = 0;
  do {
    if (grow(out, &capacity, out->size + PACK_BLOCK) != 0)
      return tool_fail(err, "%s: too large for this machine's memory", path);
    got = fread(out->data + out->size, 1, capacity - out->size - 1, stream);
    out->size += got;
  } while (got > 0);
  if (ferror(stream)) return tool_fail(err, "%s: cannot read: %s", path, strerror(errno));
  out->data[out->size] = '\0';
  return 0;
}

/* Unpacks until one gzip member ends. Returns zlib's code; Z_BUF_ERROR means the input ran out. */
static int inflate_member(z_stream *z, file_bytes *out, size_t *capacity) {
  int code = Z_OK;
  while (code == Z_OK) {
    if (grow(out, capacity, out->size + PACK_BLOCK) != 0) return Z_MEM_ERROR;
    const size_t room = *capacity - out->size - 1;
    z->next_out = out->data + out->size;
    z->avail_out = room > (size_t)1 << 30 ? 1u << 30 : (uInt)room;
    const uInt before = z->avail_out;
    code = inflate(z, Z_NO_FLUSH);
    out->size += before - z->avail_out;
  }
  return code;
}

/* What follows a gzip file: nothing, or zeros, as tapes and block devices leave them. */
static int is_padding(const unsigned char *at, size_t size) {
  while (size > 0 && at[size - 1] == 0) size--;
  return size == 0;
}

/* Whether another gzip file is joined on; the first byte alone may be a cut-off one. */
static int is_joined(const unsigned char *at, size_t size) {
  return size > 0 && at[0] == 0x1f && (size == 1 || at[1] == 0x8b);
}

/* zlib counts input in 32 bits; no data set here comes near, so a larger file is refused. */
static int gunzip(const char *path, const file_bytes *packed, file_bytes *out, tool_error *err) {
  if (packed->size > UINT32_MAX)
    return tool_fail(err, "%s: a gzip file over 4 GiB; unpack it first", path);
  z_stream z;
  memset(&z, 0, sizeof z);
  z.next_in = packed->data;
  z.avail_in = (uInt)packed->size;
  if (inflateInit2(&z, GZIP_WINDOW) != Z_OK) return tool_fail(err, "%s: no memory for zlib", path);
  size_t capacity = 0;
  int code;
  do {
    code = inflate_member(&z, out, &capacity);
    if (code == Z_STREAM_END) (void)inflateReset(&z);
  } while (code == Z_STREAM_END && is_joined(z.next_in, z.avail_in));
  (void)inflateEnd(&z);
  if (code == Z_STREAM_END && !is_padding(z.next_in, z.avail_in))
    return tool_fail(err,
                     "%s: %u bytes that are no gzip data follow it; get it again, or pack it "
                     "again without them (gunzip leaves them out)",
                     path, (unsigned)z.avail_in);
  if (code == Z_MEM_ERROR)
    return tool_fail(err, "%s: unpacked, too large for this machine's memory", path);
  if (code == Z_BUF_ERROR)
    return tool_fail(err, "%s: the gzip data end too early: the copy is cut off; get it again",
                     path);
  if (code != Z_STREAM_END)
    return tool_fail(err, "%s: the gzip data are corrupted; get the file again", path);
  out->data[out->size] = '\0';
  return 0;
}

static int unpack(const char *path, file_bytes *out, tool_error *err) {
  static const unsigned char xz[6] = {0xfd, '7', 'z', 'X', 'Z', 0};
  if (out->size == 0) return tool_fail(err, "%s: the file is empty; get it again", path);
  if (out->size >= 6 && memcmp(out->data, xz, 6) == 0)
    return tool_fail(err, "%s: packed with xz, which is not read here; run unxz on it first", path);
  if (out->size < 2 || out->data[0] != 0x1f || out->data[1] != 0x8b) return 0;
  file_bytes packed = *out;
  *out = (file_bytes){NULL, 0};
  const int answer = gunzip(path, &packed, out, err);
  file_free(&packed);
  return answer;
}

int file_read(const char *path, file_bytes *out, tool_error *err) {
  *out = (file_bytes){NULL, 0};
  if (folder_exists(path)) return tool_fail(err, "%s: is a folder, a file was expected", path);
  FILE *stream = fopen(path, "rb");
  if (stream == NULL) return tool_fail(err, "%s: cannot open: %s", path, strerror(errno));
  int answer = read_raw(path, stream, out, err);
  (void)fclose(stream);
  if (answer == 0) answer = unpack(path, out, err);
  if (answer != 0) file_free(out);
  return answer;
}

/* Feeds one block to the packer and writes what comes out. */
static int pack_block(z_stream *z, FILE *stream, const void *data, size_t size, int flush) {
  unsigned char packed[16384];
  z->next_in = (z_const Bytef *)data;
  z->avail_in = (uInt)size;
  do {
    z->next_out = packed;
    z->avail_out = sizeof packed;
    if (deflate(z, flush) == Z_STREAM_ERROR) return -1;
    (void)fwrite(packed, 1, sizeof packed - z->avail_out, stream);
  } while (z->avail_out == 0);
  return 0;
}

static int pack_parts(z_stream *z, FILE *stream, const file_part *parts, size_t count) {
  for (size_t p = 0; p < count; p++) {
    const unsigned char *at = parts[p].data;
    for (size_t left = parts[p].size; left > 0;) {
      const size_t block = left < PACK_BLOCK ? left : PACK_BLOCK;
      if (pack_block(z, stream, at, block, Z_NO_FLUSH) != 0) return -1;
      at += block;
      left -= block;
    }
  }
  return pack_block(z, stream, "", 0, Z_FINISH);
}

int gzip_save(const char *path, const file_part *parts, size_t count, tool_error *err) {
  atomic_file file;
  z_stream z;
  memset(&z, 0, sizeof z);
  if (atomic_open(&file, path, err) != 0) return -1;
  if (deflateInit2(&z, 6, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    atomic_abandon(&file);
    return tool_fail(err, "%s: no memory for zlib", path);
  }
  const int failed = pack_parts(&z, file.stream, parts, count);
  (void)deflateEnd(&z);
  if (failed) {
    atomic_abandon(&file);
    return tool_fail(err, "%s: zlib could not pack the data", path);
  }
  return atomic_commit(&file, err);
}

uint32_t read_u32_big(const unsigned char *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

unsigned read_u16_little(const unsigned char *at) {
  return (unsigned)at[1] << 8 | at[0];
}

uint32_t read_u32_little(const unsigned char *at) {
  return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

uint64_t read_u64_little(const unsigned char *at) {
  return (uint64_t)read_u32_little(at + 4) << 32 | read_u32_little(at);
}

void write_u32_big(unsigned char *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (unsigned char)(value >> (24 - 8 * i));
}

void write_u32_little(unsigned char *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (unsigned char)(value >> (8 * i));
}
