/* SPDX-License-Identifier: Apache-2.0
 * .npz archives of other writers: zip64, streamed, with members of any kind; and those that two
 * readers could take for two archives. */
#include <stdlib.h>

#include "arrays/npz.h"
#include "check.h"
#include "zip_builder.h"

static tool_error err;

/* 50 bytes of header, two of data: 7, 9. */
static const char array[] =
    "\x93NUMPY\1\0\x32\0{'descr':'|u1','fortran_order':False,'shape':(2,)}\7\11";
static void begin(void) {
  zip_begin();
  err.text[0] = '\0';
}

static void put_array(const char *name) {
  (void)zip_member_add(name, array, sizeof array - 1, &zip_plain);
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
  zip_finish(0);
  taken(2);
  begin();
  zip_finish(0);
  taken(0);
}

void test_zip64(void) {
  const zip_odds wide = {0, 0, 1, NULL};
  for (int both = 0; both < 4; both++) {
    begin();
    (void)zip_member_add("a.npy", array, sizeof array - 1, both & 1 ? &wide : &zip_plain);
    (void)zip_member_add("b.npy", array, sizeof array - 1, &wide);
    zip_finish(both >> 1);
    taken(2);
  }
}

void test_a_zip64_field_that_is_not_there(void) {
  const zip_odds wide = {0, 0, 1, NULL};
  begin();
  const size_t entry = zip.directory;
  (void)zip_member_add("a.npy", array, sizeof array - 1, &wide);
  zip.entries[entry + ZIP_ENTRY + 5] = 2; /* another kind of field */
  zip_finish(0);
  refused("its directory");
}

/* Sizes and checksum again, behind the bytes, with or without a mark, in 32 or 64 bits. */
void test_streamed_members(void) {
  static const size_t lengths[] = {12, 16, 20, 24};
  const zip_odds streamed = {0, 8, 0, NULL};
  const unsigned char descriptor[28] = "PK\7\10";
  for (int i = 0; i < 4; i++) {
    begin();
    (void)zip_member_add("a.npy", array, sizeof array - 1, &streamed);
    zip_append(descriptor, lengths[i]);
    (void)zip_member_add("b.npy", array, sizeof array - 1, &streamed);
    zip_append(descriptor, lengths[i]);
    zip_finish(0);
    taken(2);
  }
  begin();
  (void)zip_member_add("a.npy", array, sizeof array - 1, &streamed);
  zip_append(descriptor, 28);
  zip_finish(0);
  refused("bytes that belong to no member");
}

/* Strings, objects, records, other packings, other files: in nobody's way until they are asked for. */
void test_members_of_any_kind(void) {
  static const char object[] =
      "\x93NUMPY\1\0\x31\0{'descr':'|O','fortran_order':False,'shape':(2,)}pickle";
  const zip_odds bzip2 = {12, 0, 0, NULL}, encrypted = {0, 1, 0, NULL};
  npz_file out;
  kfix_real got[2];
  begin();
  (void)zip_member_add("read.me", "text", 4, &zip_plain);
  (void)zip_member_add("o.npy", object, sizeof object - 1, &zip_plain);
  (void)zip_member_add("junk.npy", "junk", 4, &zip_plain);
  (void)zip_member_add("bz.npy", "BZh", 3, &bzip2);
  (void)zip_member_add("secret.npy", array, sizeof array - 1, &encrypted);
  put_array("folder/a.npy");
  zip_finish(0);
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
  zip_finish(0);
  refused("two members have the name 'a.npy'");
}

void test_another_name_in_the_member(void) {
  const zip_odds other = {0, 0, 0, "b.npy"}, longer = {0, 0, 0, "ab.npy"};
  begin();
  (void)zip_member_add("a.npy", array, sizeof array - 1, &other);
  zip_finish(0);
  refused("a member is not where the directory says");
  begin();
  (void)zip_member_add("a.npy", array, sizeof array - 1, &longer);
  zip_finish(0);
  refused("a member is not where the directory says");
}

void test_members_that_overlap_or_leave_gaps(void) {
  const uLong crc = crc32(0, (const Bytef *)array, sizeof array - 1);
  begin();
  zip_append("x", 1); /* before the first */
  put_array("a.npy");
  zip_finish(0);
  refused("bytes that belong to no member");
  begin();
  put_array("a.npy");
  zip_append("0123456789ab", 12); /* between two */
  put_array("b.npy");
  zip_finish(0);
  refused("bytes that belong to no member");
  begin();
  put_array("a.npy");
  zip_append("x", 1); /* behind the last */
  zip_finish(0);
  refused("bytes that belong to no member");
  begin(); /* a member that the directory does not have */
  put_array("a.npy");
  zip.directory = zip.count = 0;
  put_array("b.npy");
  zip_finish(0);
  refused("bytes that belong to no member");
  begin(); /* two entries of one member */
  const zip_odds same = {0, 0, 0, NULL};
  put_array("a.npy");
  zip.directory += zip_entry_add("a.npy", sizeof array - 1, sizeof array - 1, crc, 0, &same);
  zip_finish(0);
  refused("members overlap");
}

void test_bytes_behind_the_end(void) {
  begin();
  put_array("a.npy");
  zip_finish(0);
  zip_append("x", 1);
  refused("1 bytes follow the end of the archive");
  begin();
  put_array("a.npy");
  zip_finish(0);
  zip_append("\0\0\0\0\0\0\0", 7);
  refused("7 bytes follow the end of the archive");
  zip.size -= 8;
  refused("not a .npz archive, or cut off");
}

/* A comment may hold anything, even what looks like an end. */
void test_a_comment(void) {
  static const char comment[] = "PK\5\6 of whatever kind";
  begin();
  put_array("a.npy");
  zip_finish(0);
  zip_u16(zip.bytes + zip.size - 2, sizeof comment - 1);
  zip_append(comment, sizeof comment - 1);
  taken(1);
}
