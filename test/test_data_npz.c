/* SPDX-License-Identifier: Apache-2.0
 * .npz archives of other writers: zip64, streamed, with members of any kind; and those that two
 * readers could take for two archives. */
#include <stdlib.h>
#include <zlib.h>

#include "check.h"
#include "npz.h"

enum { ARCHIVE_BYTES = 4096, LOCAL = 30, ENTRY = 46 };

static tool_error err;

/* An archive in the making: its members, then its directory. */
typedef struct builder {
  unsigned char bytes[ARCHIVE_BYTES], entries[ARCHIVE_BYTES];
  size_t size, directory, count;
} builder;

static builder zip;

static void u16(unsigned char *at, size_t value) {
  at[0] = (unsigned char)(value & 255);
  at[1] = (unsigned char)(value >> 8);
}

static void u32(unsigned char *at, size_t value) {
  write_u32_little(at, (uint32_t)value);
}

static void u64(unsigned char *at, uint64_t value) {
  u32(at, (size_t)(value & UINT32_MAX));
  u32(at + 4, (size_t)(value >> 32));
}

static void append(const void *bytes, size_t count) {
  CHECK(zip.size + count <= ARCHIVE_BYTES);
  memcpy(zip.bytes + zip.size, bytes, count);
  zip.size += count;
}

/* How a member differs from a plain one. */
typedef struct odds {
  unsigned method, flags;
  int wide;          /* its numbers stand in a zip64 field */
  const char *local; /* its name in its own header */
} odds;

static size_t put_entry(const char *name, size_t size, size_t packed, uLong crc, size_t first,
                        const odds *o) {
  unsigned char *e = zip.entries + zip.directory;
  const size_t length = strlen(name), extra = o->wide ? 28 : 0;
  CHECK(zip.directory + ENTRY + length + extra <= ARCHIVE_BYTES);
  memset(e, 0, ENTRY);
  memcpy(e, "PK\1\2", 4);
  u16(e + 8, o->flags);
  u16(e + 10, o->method);
  u32(e + 16, crc);
  u32(e + 20, o->wide ? UINT32_MAX : packed);
  u32(e + 24, o->wide ? UINT32_MAX : size);
  u16(e + 28, length);
  u16(e + 30, extra);
  u32(e + 42, o->wide ? UINT32_MAX : first);
  memcpy(e + ENTRY, name, length);
  unsigned char *x = e + ENTRY + length;
  if (o->wide) {
    u16(x, 1);
    u16(x + 2, 24);
    u64(x + 4, size);
    u64(x + 12, packed);
    u64(x + 20, first);
  }
  zip.count++;
  return ENTRY + length + extra;
}

/* A stored member; returns where it begins. */
static size_t put_member(const char *name, const void *data, size_t size, const odds *o) {
  unsigned char local[LOCAL] = "PK\3\4";
  const size_t first = zip.size;
  const char *inner = o->local == NULL ? name : o->local;
  const uLong crc = crc32(0, data, (uInt)size);
  u16(local + 8, o->method);
  u16(local + 26, strlen(inner));
  append(local, LOCAL);
  append(inner, strlen(inner));
  append(data, size);
  zip.directory += put_entry(name, size, size, crc, first, o);
  return first;
}

/* The directory and the end of the archive, in zip64 form or not. */
static void finish(int wide) {
  const size_t first = zip.size;
  unsigned char end[22] = "PK\5\6", end64[76] = "PK\6\6";
  append(zip.entries, zip.directory);
  u64(end64 + 4, 44);
  u64(end64 + 24, zip.count);
  u64(end64 + 32, zip.count);
  u64(end64 + 40, zip.directory);
  u64(end64 + 48, first);
  memcpy(end64 + 56, "PK\6\7", 4);
  u64(end64 + 64, zip.size);
  u32(end64 + 72, 1);
  if (wide) append(end64, sizeof end64);
  u16(end + 8, wide ? 0xffff : zip.count);
  u16(end + 10, wide ? 0xffff : zip.count);
  u32(end + 12, wide ? UINT32_MAX : zip.directory);
  u32(end + 16, wide ? UINT32_MAX : first);
  append(end, sizeof end);
}

/* 50 bytes of header, two of data: 7, 9. */
static const char array[] =
    "\x93NUMPY\1\0\x32\0{'descr':'|u1','fortran_order':False,'shape':(2,)}\7\11";
static const odds plain = {0, 0, 0, NULL};

static void begin(void) {
  memset(&zip, 0, sizeof zip);
  err.text[0] = '\0';
}

static void put_array(const char *name) {
  (void)put_member(name, array, sizeof array - 1, &plain);
}

static int parse(npz_file *out) {
  *out = (npz_file){.archive = {(unsigned char *)malloc(zip.size + 1), zip.size}};
  CHECK(out->archive.data != NULL);
  memcpy(out->archive.data, zip.bytes, zip.size);
  return npz_parse("w.npz", out, &err);
}

/* Of so many arrays each holds 7, 9. */
static void taken(size_t arrays) {
  npz_file out;
  CHECK_MSG(parse(&out) == 0, err.text);
  CHECK_INT(arrays, out.count);
  for (size_t i = 0; i < out.count; i++) {
    kfix_real got[2];
    CHECK_MSG(tensor_read(&out.views[i], 0, 2, got, "w.npz", &err) == 0, err.text);
    CHECK_NEAR(0, 7, got[0]);
    CHECK_NEAR(0, 9, got[1]);
  }
  npz_free(&out);
}

static void refused(const char *part) {
  npz_file out;
  CHECK_MSG(parse(&out) != 0, part);
  CHECK_MSG(strstr(err.text, "w.npz: ") == err.text && strstr(err.text, part) != NULL, err.text);
  npz_free(&out);
}

void test_plain_and_empty(void) {
  begin();
  put_array("a.npy");
  put_array("b.npy");
  finish(0);
  taken(2);
  begin();
  finish(0);
  taken(0);
}

void test_zip64(void) {
  const odds wide = {0, 0, 1, NULL};
  for (int both = 0; both < 4; both++) {
    begin();
    (void)put_member("a.npy", array, sizeof array - 1, both & 1 ? &wide : &plain);
    (void)put_member("b.npy", array, sizeof array - 1, &wide);
    finish(both >> 1);
    taken(2);
  }
}

void test_a_zip64_field_that_is_not_there(void) {
  const odds wide = {0, 0, 1, NULL};
  begin();
  const size_t entry = zip.directory;
  (void)put_member("a.npy", array, sizeof array - 1, &wide);
  zip.entries[entry + ENTRY + 5] = 2; /* another kind of field */
  finish(0);
  refused("its directory");
}

/* Sizes and checksum again, behind the bytes, with or without a mark, in 32 or 64 bits. */
void test_streamed_members(void) {
  static const size_t lengths[] = {12, 16, 20, 24};
  const odds streamed = {0, 8, 0, NULL};
  const unsigned char descriptor[28] = "PK\7\10";
  for (int i = 0; i < 4; i++) {
    begin();
    (void)put_member("a.npy", array, sizeof array - 1, &streamed);
    append(descriptor, lengths[i]);
    (void)put_member("b.npy", array, sizeof array - 1, &streamed);
    append(descriptor, lengths[i]);
    finish(0);
    taken(2);
  }
  begin();
  (void)put_member("a.npy", array, sizeof array - 1, &streamed);
  append(descriptor, 28);
  finish(0);
  refused("bytes that belong to no member");
}

/* Strings, objects, records, other packings, other files: in nobody's way until they are asked for. */
void test_members_of_any_kind(void) {
  static const char object[] =
      "\x93NUMPY\1\0\x31\0{'descr':'|O','fortran_order':False,'shape':(2,)}pickle";
  const odds bzip2 = {12, 0, 0, NULL}, encrypted = {0, 1, 0, NULL};
  npz_file out;
  kfix_real got[2];
  begin();
  (void)put_member("read.me", "text", 4, &plain);
  (void)put_member("o.npy", object, sizeof object - 1, &plain);
  (void)put_member("junk.npy", "junk", 4, &plain);
  (void)put_member("bz.npy", "BZh", 3, &bzip2);
  (void)put_member("secret.npy", array, sizeof array - 1, &encrypted);
  put_array("folder/a.npy");
  finish(0);
  CHECK_MSG(parse(&out) == 0, err.text);
  CHECK_INT(0, tensor_read(npz_find(&out, "folder/a"), 0, 2, got, "w.npz", &err));
  static const char *const names[] = {"o", "junk", "bz", "secret"};
  static const char *const parts[] = {"w.npz(o.npy): holds Python objects",
                                      "w.npz(junk.npy): not a .npy file",
                                      "bz.npy: packing method 12 is not read",
                                      "secret.npy: packing method 0, encrypted, is not read"};
  for (int i = 0; i < 4; i++) {
    CHECK(npz_find(&out, names[i]) != NULL);
    CHECK_INT(-1, tensor_read(npz_find(&out, names[i]), 0, 0, got, "w.npz", &err));
    CHECK_MSG(strstr(err.text, parts[i]) != NULL, err.text);
  }
  CHECK(npz_find(&out, "read.me") == NULL);
  npz_free(&out);
}

void test_names_that_are_there_twice(void) {
  begin();
  put_array("a.npy");
  put_array("b.npy");
  put_array("a.npy");
  finish(0);
  refused("two members have the name 'a.npy'");
}

void test_another_name_in_the_member(void) {
  const odds other = {0, 0, 0, "b.npy"}, longer = {0, 0, 0, "ab.npy"};
  begin();
  (void)put_member("a.npy", array, sizeof array - 1, &other);
  finish(0);
  refused("a member is not where the directory says");
  begin();
  (void)put_member("a.npy", array, sizeof array - 1, &longer);
  finish(0);
  refused("a member is not where the directory says");
}

void test_members_that_overlap_or_leave_gaps(void) {
  const uLong crc = crc32(0, (const Bytef *)array, sizeof array - 1);
  begin();
  append("x", 1); /* before the first */
  put_array("a.npy");
  finish(0);
  refused("bytes that belong to no member");
  begin();
  put_array("a.npy");
  append("0123456789ab", 12); /* between two */
  put_array("b.npy");
  finish(0);
  refused("bytes that belong to no member");
  begin();
  put_array("a.npy");
  append("x", 1); /* behind the last */
  finish(0);
  refused("bytes that belong to no member");
  begin(); /* a member that the directory does not have */
  put_array("a.npy");
  zip.directory = zip.count = 0;
  put_array("b.npy");
  finish(0);
  refused("bytes that belong to no member");
  begin(); /* two entries of one member */
  const odds same = {0, 0, 0, NULL};
  put_array("a.npy");
  zip.directory += put_entry("a.npy", sizeof array - 1, sizeof array - 1, crc, 0, &same);
  finish(0);
  refused("members overlap");
}

void test_bytes_behind_the_end(void) {
  begin();
  put_array("a.npy");
  finish(0);
  append("x", 1);
  refused("1 bytes follow the end of the archive");
  begin();
  put_array("a.npy");
  finish(0);
  append("\0\0\0\0\0\0\0", 7);
  refused("7 bytes follow the end of the archive");
  zip.size -= 8;
  refused("not a .npz archive, or cut off");
}

/* A comment may hold anything, even what looks like an end. */
void test_a_comment(void) {
  static const char comment[] = "PK\5\6 of whatever kind";
  begin();
  put_array("a.npy");
  finish(0);
  u16(zip.bytes + zip.size - 2, sizeof comment - 1);
  append(comment, sizeof comment - 1);
  taken(1);
}
