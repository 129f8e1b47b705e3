/* SPDX-License-Identifier: Apache-2.0
 * The file formats of the programs: what is written is read back, and the bytes are those that the
 * formats prescribe. */
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "arrays/json_writer.h"
#include "arrays/npy.h"
#include "arrays/npz.h"
#include "arrays/safetensors.h"
#include "check.h"
#include "files/atomic_file.h"
#include "images/image_file.h"
#include "scratch_folder.h"

static tool_error err;

void setUp(void) {
  scratch_begin();
  err.text[0] = '\0';
}

void tearDown(void) {
  scratch_end();
}

static void check_same(const tensor_view *expected, const tensor_view *actual) {
  size_t elements, bytes;
  CHECK_INT(expected->type, actual->type);
  CHECK_INT(expected->dims, actual->dims);
  for (size_t i = 0; i < expected->dims; i++) CHECK_INT(expected->shape[i], actual->shape[i]);
  CHECK_INT(0, tensor_size(expected, &elements, &bytes));
  CHECK_MEM(expected->data, actual->data, bytes);
}

static const float floats[6] = {1, -2.5f, 3e-30f, 4, 5, 1e38f};
static const double doubles[5] = {0.1, -1e300, 3, 5e-324, 7};
static const int64_t rows[3] = {0, -1, INT64_MAX};
static const unsigned char pixels[7] = {0, 1, 2, 253, 254, 255, 7};

static void all_kinds(tensor_view views[4]) {
  views[0] = tensor_of("W1", TENSOR_F32, 2, 3, floats);
  views[1] = tensor_of("layer.2.weight", TENSOR_F64, 5, 1, doubles);
  views[2] = tensor_of_vector("rows_stats", TENSOR_I64, 3, rows);
  views[3] = tensor_of_vector("x", TENSOR_U8, 7, pixels);
}

void test_npy_is_read_back(void) {
  tensor_view views[4], back;
  file_bytes bytes;
  all_kinds(views);
  for (int i = 0; i < 4; i++) {
    CHECK_INT(0, npy_save(in_folder("a.npy"), &views[i], &err));
    CHECK_INT(0, npy_load(in_folder("a.npy"), &bytes, &back, &err));
    check_same(&views[i], &back);
    file_free(&bytes);
  }
}

void test_npy_header_is_that_of_numpy(void) {
  static const char expected[] =
      "\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  const tensor_view view = tensor_of("W", TENSOR_F32, 2, 3, floats);
  const tensor_view vector = tensor_of_vector("v", TENSOR_F64, 5, doubles);
  char header[NPY_HEADER_BYTES];
  CHECK_INT(128, npy_header(&view, header));
  CHECK_MEM(expected, header, sizeof expected - 1);
  CHECK_INT('\n', header[127]);
  CHECK_INT(' ', header[126]);
  CHECK_INT(128, npy_header(&vector, header));
  CHECK(strstr(header + 10, "'shape': (5,), }") != NULL);
}

void test_npz_is_read_back_and_has_crcs(void) {
  tensor_view views[4];
  npz_file npz;
  all_kinds(views);
  CHECK_INT(0, npz_save(in_folder("a.npz"), views, 4, &err));
  CHECK_INT(0, npz_load(in_folder("a.npz"), &npz, &err));
  CHECK_INT(4, npz.count);
  for (int i = 0; i < 4; i++) {
    CHECK(npz_find(&npz, views[i].name) != NULL);
    check_same(&views[i], npz_find(&npz, views[i].name));
  }
  CHECK(npz_find(&npz, "absent") == NULL);
  npz_free(&npz);
}

/* A one-member archive, the member deflated, as numpy.savez_compressed writes it. */
static size_t make_deflated(unsigned char *out) {
  unsigned char member[512], packed[512];
  char header[NPY_HEADER_BYTES];
  const tensor_view view = tensor_of_vector("v", TENSOR_F64, 5, doubles);
  const size_t head = npy_header(&view, header), size = head + sizeof doubles;
  memcpy(member, header, head);
  memcpy(member + head, doubles, sizeof doubles);
  z_stream z;
  memset(&z, 0, sizeof z);
  CHECK_INT(Z_OK, deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY));
  z.next_in = member;
  z.avail_in = (uInt)size;
  z.next_out = packed;
  z.avail_out = sizeof packed;
  CHECK_INT(Z_STREAM_END, deflate(&z, Z_FINISH));
  const size_t length = z.total_out;
  CHECK_INT(Z_OK, deflateEnd(&z));
  unsigned char *local = out, *entry = out + 35 + length, *end = entry + 51;
  memset(out, 0, 35 + length + 51 + 22);
  memcpy(local, "PK\3\4", 4);
  local[8] = 8;
  local[26] = 5;
  memcpy(local + 30, "v.npy", 5);
  memcpy(local + 35, packed, length);
  memcpy(entry, "PK\1\2", 4);
  entry[10] = 8;
  write_u32_little(entry + 16, (uint32_t)crc32(0, member, (uInt)size));
  write_u32_little(entry + 20, (uint32_t)length);
  write_u32_little(entry + 24, (uint32_t)size);
  entry[28] = 5;
  memcpy(entry + 46, "v.npy", 5);
  memcpy(end, "PK\5\6", 4);
  end[8] = end[10] = 1;
  end[12] = 51;
  write_u32_little(end + 16, (uint32_t)(entry - out));
  return (size_t)(end - out) + 22;
}

void test_npz_reads_deflated_members(void) {
  unsigned char archive[1024];
  const tensor_view expected = tensor_of_vector("v", TENSOR_F64, 5, doubles);
  npz_file npz;
  const size_t size = make_deflated(archive);
  CHECK_INT(0, atomic_save(in_folder("d.npz"), archive, size, &err));
  CHECK_INT(0, npz_load(in_folder("d.npz"), &npz, &err));
  check_same(&expected, npz_find(&npz, "v"));
  npz_free(&npz);
  archive[40] ^= 0xff; /* within the packed bytes */
  CHECK_INT(0, atomic_save(in_folder("d.npz"), archive, size, &err));
  CHECK_INT(-1, npz_load(in_folder("d.npz"), &npz, &err));
  npz_free(&npz);
}

void test_safetensors_is_read_back(void) {
  tensor_view views[4];
  safetensors_file file;
  all_kinds(views);
  CHECK_INT(0, safetensors_save(in_folder("a.safetensors"), views, 4, NULL, &err));
  CHECK_INT(0, safetensors_load(in_folder("a.safetensors"), &file, &err));
  CHECK_INT(4, file.count);
  CHECK_INT(0, read_u32_little(file.content.data) % 8); /* so the first array is aligned */
  for (int i = 0; i < 4; i++) {
    CHECK(safetensors_find(&file, views[i].name) != NULL);
    check_same(&views[i], safetensors_find(&file, views[i].name));
  }
  safetensors_free(&file);
}

void test_safetensors_reads_a_header_of_another_writer(void) {
  static const char header[] =
      "{\"b\" : {\"shape\":[ 2 ],\"data_offsets\":[4,12],\n\"dtype\":\"F32\"},"
      "\"__metadata__\":{\"a\":\"b \\\" c\"},\"s\":{\"dtype\":\"F32\",\"shape\":[],"
      "\"data_offsets\":[0,4]}}";
  unsigned char bytes[512] = {(unsigned char)(sizeof header - 1)};
  kfix_real got[2];
  safetensors_file file;
  memcpy(bytes + 8, header, sizeof header - 1);
  memcpy(bytes + 8 + sizeof header - 1, floats, 12);
  CHECK_INT(0, atomic_save(in_folder("o.st"), bytes, 8 + sizeof header - 1 + 12, &err));
  CHECK_INT(0, safetensors_load(in_folder("o.st"), &file, &err));
  CHECK_INT(2, file.count);
  CHECK_INT(0, tensor_read(safetensors_find(&file, "b"), 0, 2, got, "o.st", &err));
  CHECK_NEAR(0, -2.5, got[0]);
  CHECK_NEAR(0, 3e-30f, got[1]);
  CHECK_INT(0, safetensors_find(&file, "s")->dims);
  safetensors_free(&file);
}

void test_values_that_are_not_finite_are_refused_with_their_place(void) {
  const double values[6] = {1, 2, 3, 4, HUGE_VAL, 6};
  const tensor_view view = tensor_of("W1", TENSOR_F64, 3, 2, values);
  kfix_real out[6];
  CHECK_INT(-1, tensor_read(&view, 0, 6, out, "w.npz", &err));
  CHECK(strstr(err.text, "w.npz: W1 row 2, column 0 holds inf") != NULL);
  CHECK_INT(0, tensor_read(&view, 0, 4, out, "w.npz", &err));
}

void test_json_says_every_number_and_null_for_nan(void) {
  char *text;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  json_writer json = json_to(stream);
  json_object(&json, NULL);
  json_string(&json, "name", "a\"b\\\n");
  json_string(&json, "path", "\xc3\xa4\xe4\xf0\x9f\x98\x80\xe2\x82");
  json_array(&json, "pi");
  json_double(&json, NULL, 0.1);
  json_double(&json, NULL, (double)NAN);
  json_real(&json, NULL, (kfix_real)0.25);
  json_end(&json);
  json_array(&json, "none");
  json_end(&json);
  json_integer(&json, "step", -7);
  json_unsigned(&json, "seed", UINT64_MAX);
  json_bool(&json, "momentum", 1);
  json_null(&json, "mu");
  json_end(&json);
  CHECK_INT(0, fclose(stream));
  CHECK_STR(
      "{\"name\": \"a\\\"b\\\\\\u000a\", \"path\": "
      "\"\xc3\xa4\\ufffd\xf0\x9f\x98\x80\\ufffd\\ufffd\", \"pi\": [0.10000000000000001, null, "
      "0.25], \"none\": [], "
      "\"step\": -7, \"seed\": 18446744073709551615, \"momentum\": true, \"mu\": null}\n",
      text);
  free(text);
}

void test_an_abandoned_file_leaves_the_old_one(void) {
  atomic_file file;
  file_bytes bytes;
  CHECK_INT(0, atomic_save(in_folder("f"), "old", 3, &err));
  CHECK_INT(0, atomic_open(&file, in_folder("f"), &err));
  (void)fputs("new", file.stream);
  char temporary[ATOMIC_PATH_BYTES];
  strcpy(temporary, file.temporary);
  CHECK_INT(0, access(temporary, F_OK));
  atomic_abandon(&file);
  CHECK_INT(-1, access(temporary, F_OK));
  CHECK_INT(0, file_read(in_folder("f"), &bytes, &err));
  CHECK_STR("old", (const char *)bytes.data);
  file_free(&bytes);
}

void test_a_full_disk_is_an_error(void) {
  if (access("/dev/full", W_OK) != 0) SKIP("no /dev/full");
  CHECK_INT(-1, atomic_save("/dev/full", "data", 4, &err));
  CHECK(strstr(err.text, "/dev/full: not written") != NULL);
  CHECK_INT(-1, atomic_save(in_folder("absent/f"), "data", 4, &err));
  CHECK(strstr(err.text, "absent/f") != NULL);
  CHECK_INT(-1, atomic_save(scratch_folder, "data", 4, &err));
}

void test_folders_are_made_with_their_parents(void) {
  CHECK_INT(0, make_folder(in_folder("a/b/c"), &err));
  CHECK_INT(0, make_folder(in_folder("a/b/c"), &err));
  CHECK_INT(0, atomic_save(in_folder("a/file"), "x", 1, &err));
  CHECK_INT(-1, make_folder(in_folder("a/file/c"), &err));
}

void test_png_holds_the_pixels(void) {
  file_bytes bytes;
  unsigned char rows_back[8];
  uLongf size = sizeof rows_back;
  CHECK_INT(0, image_save(in_folder("i.png"), pixels, 3, 2, &err));
  CHECK_INT(0, file_read(in_folder("i.png"), &bytes, &err));
  CHECK_MEM("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\3\0\0\0\2\x08\0\0\0\0", bytes.data, 29);
  const uint32_t packed = read_u32_big(bytes.data + 33);
  CHECK_INT(Z_OK, uncompress(rows_back, &size, bytes.data + 41, packed));
  CHECK_MEM("\0\0\1\2\0\xfd\xfe\xff", rows_back, 8); /* a filter byte before each row */
  CHECK_U64(crc32(0, bytes.data + 37, packed + 4), read_u32_big(bytes.data + 41 + packed));
  file_free(&bytes);
  CHECK_INT(0, image_save(in_folder("i.pgm"), pixels, 3, 2, &err));
  CHECK_INT(0, file_read(in_folder("i.pgm"), &bytes, &err));
  CHECK_INT(17, bytes.size);
  CHECK_MEM("P5\n3 2\n255\n\0\1\2\xfd\xfe\xff", bytes.data, 17);
  file_free(&bytes);
  CHECK_INT(-1, image_save(in_folder("i.jpg"), pixels, 3, 2, &err));
}
