/* SPDX-License-Identifier: Apache-2.0
 * Zip archives made member by member, so that a test can make them wrong in any place. */
#ifndef KFIX_TEST_ZIP_BUILDER_H
#define KFIX_TEST_ZIP_BUILDER_H

#include <string.h>
#include <zlib.h>

#include "check.h"
#include "files/file_bytes.h"

enum { ZIP_BYTES = 4096, ZIP_LOCAL = 30, ZIP_ENTRY = 46 };

/* An archive in the making: its members, then its directory. */
typedef struct zip_builder {
  unsigned char bytes[ZIP_BYTES], entries[ZIP_BYTES];
  size_t size, directory, count;
} zip_builder;

static zip_builder zip;

static inline void zip_u16(unsigned char *at, size_t value) {
  at[0] = (unsigned char)(value & 255);
  at[1] = (unsigned char)(value >> 8);
}

static inline void zip_u32(unsigned char *at, size_t value) {
  write_u32_little(at, (uint32_t)value);
}

static inline void zip_u64(unsigned char *at, uint64_t value) {
  zip_u32(at, (size_t)(value & UINT32_MAX));
  zip_u32(at + 4, (size_t)(value >> 32));
}

static inline void zip_append(const void *bytes, size_t count) {
  CHECK(zip.size + count <= ZIP_BYTES);
  memcpy(zip.bytes + zip.size, bytes, count);
  zip.size += count;
}

/* How a member differs from a plain one. */
typedef struct zip_odds {
  unsigned method, flags;
  int wide;          /* its numbers stand in a zip64 field */
  const char *local; /* its name in its own header */
} zip_odds;

static inline size_t zip_entry_add(const char *name, size_t size, size_t packed, uLong crc,
                                   size_t first, const zip_odds *o) {
  unsigned char *e = zip.entries + zip.directory;
  const size_t length = strlen(name), extra = o->wide ? 28 : 0;
  CHECK(zip.directory + ZIP_ENTRY + length + extra <= ZIP_BYTES);
  memset(e, 0, ZIP_ENTRY);
  memcpy(e, "PK\1\2", 4);
  zip_u16(e + 8, o->flags);
  zip_u16(e + 10, o->method);
  zip_u32(e + 16, crc);
  zip_u32(e + 20, o->wide ? UINT32_MAX : packed);
  zip_u32(e + 24, o->wide ? UINT32_MAX : size);
  zip_u16(e + 28, length);
  zip_u16(e + 30, extra);
  zip_u32(e + 42, o->wide ? UINT32_MAX : first);
  memcpy(e + ZIP_ENTRY, name, length);
  unsigned char *x = e + ZIP_ENTRY + length;
  if (o->wide) {
    zip_u16(x, 1);
    zip_u16(x + 2, 24);
    zip_u64(x + 4, size);
    zip_u64(x + 12, packed);
    zip_u64(x + 20, first);
  }
  zip.count++;
  return ZIP_ENTRY + length + extra;
}

/* A stored member; returns where it begins. */
static inline size_t zip_member_add(const char *name, const void *data, size_t size,
                                    const zip_odds *o) {
  unsigned char local[ZIP_LOCAL] = "PK\3\4";
  const size_t first = zip.size;
  const char *inner = o->local == NULL ? name : o->local;
  const uLong crc = crc32(0, data, (uInt)size);
  zip_u16(local + 8, o->method);
  zip_u16(local + 26, strlen(inner));
  zip_append(local, ZIP_LOCAL);
  zip_append(inner, strlen(inner));
  zip_append(data, size);
  zip.directory += zip_entry_add(name, size, size, crc, first, o);
  return first;
}

/* The directory and the end of the archive, in zip64 form or not. */
static inline void zip_finish(int wide) {
  const size_t first = zip.size;
  unsigned char end[22] = "PK\5\6", end64[76] = "PK\6\6";
  zip_append(zip.entries, zip.directory);
  zip_u64(end64 + 4, 44);
  zip_u64(end64 + 24, zip.count);
  zip_u64(end64 + 32, zip.count);
  zip_u64(end64 + 40, zip.directory);
  zip_u64(end64 + 48, first);
  memcpy(end64 + 56, "PK\6\7", 4);
  zip_u64(end64 + 64, zip.size);
  zip_u32(end64 + 72, 1);
  if (wide) zip_append(end64, sizeof end64);
  zip_u16(end + 8, wide ? 0xffff : zip.count);
  zip_u16(end + 10, wide ? 0xffff : zip.count);
  zip_u32(end + 12, wide ? UINT32_MAX : zip.directory);
  zip_u32(end + 16, wide ? UINT32_MAX : first);
  zip_append(end, sizeof end);
}

static const zip_odds zip_plain = {0, 0, 0, NULL};

static inline void zip_begin(void) {
  memset(&zip, 0, sizeof zip);
}

#endif
