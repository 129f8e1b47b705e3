/* SPDX-License-Identifier: Apache-2.0
 * Damaged files: every reader, with its file cut at each length and with each byte changed, answers
 * with a message or with data, and stays within the file (run with the sanitizers to see it). */
#include <stdlib.h>
#include <unistd.h>

#include "arrays/npy.h"
#include "arrays/npz.h"
#include "arrays/safetensors.h"
#include "check.h"
#include "data/idx.h"
#include "data/table_csv.h"
#include "files/atomic_file.h"
#include "scratch_folder.h"

static tool_error err;

/* Reads everything that a reader says is there, so that the sanitizers see a wrong length. */
static unsigned touch(const unsigned char *data, size_t bytes) {
  unsigned sum = 0;
  for (size_t i = 0; i < bytes; i++) sum += data[i];
  return sum;
}

static void touch_views(const tensor_view *views, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t elements, bytes;
    CHECK_INT(0, tensor_size(&views[i], &elements, &bytes));
    (void)touch(views[i].data, bytes);
  }
}

/* One reader on a copy of exactly these bytes; 0 or -1. */
typedef int (*reader)(file_bytes *content);

static int read_idx(file_bytes *content) {
  idx_array array = {.content = *content};
  const int answer = idx_parse("f", &array, &err);
  if (answer == 0) (void)touch(array.data, array.shape[0]);
  return answer;
}

static int read_npy(file_bytes *content) {
  tensor_view view;
  const int answer = npy_parse("f", content->data, content->size, &view, &err);
  if (answer == 0) touch_views(&view, 1);
  return answer;
}

static int read_npz(file_bytes *content) {
  npz_file npz = {.archive = *content};
  const int answer = npz_parse("f", &npz, &err);
  touch_views(npz.views, npz.count);
  *content = (file_bytes){NULL, 0};
  npz_free(&npz);
  return answer;
}

static int read_safetensors(file_bytes *content) {
  safetensors_file file = {.content = *content};
  const int answer = safetensors_parse("f", &file, &err);
  touch_views(file.views, file.count);
  *content = (file_bytes){NULL, 0};
  safetensors_free(&file);
  return answer;
}

static int read_csv(file_bytes *content) {
  csv_table table;
  const int answer = csv_parse("f", content, &table, &err);
  csv_free(&table);
  return answer;
}

/* A copy with its NUL, in memory of its own so that the sanitizers guard its end. */
static int run(reader read, const unsigned char *data, size_t size) {
  file_bytes copy = {malloc(size + 1), size};
  CHECK(copy.data != NULL);
  memcpy(copy.data, data, size);
  copy.data[size] = '\0';
  err.text[0] = '\0';
  const int answer = read(&copy);
  file_free(&copy);
  CHECK_MSG(answer == 0 || err.text[0] != '\0', "a failure without a message");
  CHECK_MSG(strchr(err.text, '\n') == NULL, "a message of more than one line");
  return answer;
}

/* must_fail: no shorter file is a valid one. */
static void damage(reader read, file_bytes *content, int must_fail) {
  CHECK_INT(0, run(read, content->data, content->size));
  for (size_t size = 0; size < content->size; size++) {
    const int answer = run(read, content->data, size);
    CHECK_MSG(!must_fail || answer != 0, "a cut-off file was taken");
  }
  static const unsigned char changes[4] = {0x01, 0x80, 0xff, 0x20};
  for (size_t i = 0; i < content->size; i++)
    for (size_t c = 0; c < 4; c++) {
      content->data[i] ^= changes[c];
      (void)run(read, content->data, content->size);
      content->data[i] ^= changes[c];
    }
  file_free(content);
}

void setUp(void) {
  scratch_begin();
}

void tearDown(void) {
  scratch_end();
}

static const double numbers[6] = {1, 2, 3, 4, 5, 6};
static const size_t image_shape[3] = {2, 3, 4};
static const unsigned char image[24] = {1, 2, 3};

void test_idx(void) {
  file_bytes content;
  CHECK_INT(0, idx_save(in_folder("i.gz"), 3, image_shape, image, &err));
  CHECK_INT(0, file_read(in_folder("i.gz"), &content, &err));
  CHECK_INT(16 + 24, content.size);
  damage(read_idx, &content, 1);
}

void test_npy(void) {
  file_bytes content;
  const tensor_view view = tensor_of("a", TENSOR_F64, 3, 2, numbers);
  CHECK_INT(0, npy_save(in_folder("a.npy"), &view, &err));
  CHECK_INT(0, file_read(in_folder("a.npy"), &content, &err));
  damage(read_npy, &content, 1);
}

void test_npz(void) {
  file_bytes content;
  const tensor_view views[2] = {tensor_of("a", TENSOR_F64, 3, 2, numbers),
                                tensor_of_vector("b", TENSOR_U8, 24, image)};
  CHECK_INT(0, npz_save(in_folder("a.npz"), views, 2, &err));
  CHECK_INT(0, file_read(in_folder("a.npz"), &content, &err));
  damage(read_npz, &content, 1);
}

void test_npz_data_are_under_a_checksum(void) {
  file_bytes content;
  const tensor_view view = tensor_of("a", TENSOR_F64, 3, 2, numbers);
  CHECK_INT(0, npz_save(in_folder("a.npz"), &view, 1, &err));
  CHECK_INT(0, file_read(in_folder("a.npz"), &content, &err));
  const size_t first = 30 + 5; /* local header and name */
  for (size_t i = first; i < first + 128 + sizeof numbers; i++) {
    content.data[i] ^= 4;
    CHECK_INT(-1, run(read_npz, content.data, content.size));
    CHECK(strstr(err.text, "checksum") != NULL);
    content.data[i] ^= 4;
  }
  file_free(&content);
}

void test_safetensors(void) {
  file_bytes content;
  const tensor_view views[2] = {tensor_of("a", TENSOR_F64, 3, 2, numbers),
                                tensor_of_vector("b", TENSOR_U8, 24, image)};
  CHECK_INT(0, safetensors_save(in_folder("a.st"), views, 2, NULL, &err));
  CHECK_INT(0, file_read(in_folder("a.st"), &content, &err));
  damage(read_safetensors, &content, 1);
}

void test_csv(void) {
  static const char text[] = "a,b,c\n1,2,3\r\n4.5,-6e3,.7\n\n 7 , 8,9\n";
  file_bytes content = {malloc(sizeof text), sizeof text - 1};
  memcpy(content.data, text, sizeof text);
  damage(read_csv, &content, 0);
}

/* The bytes of a small gzip file; returns how many. */
static size_t packed_bytes(unsigned char bytes[256]) {
  CHECK_INT(0, idx_save(in_folder("i.gz"), 3, image_shape, image, &err));
  FILE *stream = fopen(in_folder("i.gz"), "rb");
  const size_t size = fread(bytes, 1, 256, stream);
  (void)fclose(stream);
  return size;
}

static int read_as_file(const unsigned char *bytes, size_t size, file_bytes *out) {
  CHECK_INT(0, atomic_save(in_folder("damaged.gz"), bytes, size, &err));
  return file_read(in_folder("damaged.gz"), out, &err);
}

void test_gzip_cut_off(void) {
  unsigned char bytes[256];
  file_bytes content;
  const size_t size = packed_bytes(bytes);
  CHECK_INT(-1, read_as_file(bytes, 0, &content));
  CHECK(strstr(err.text, "empty") != NULL);
  for (size_t i = 2; i < size; i++) { /* one byte is not yet a gzip file */
    CHECK_INT(-1, read_as_file(bytes, i, &content));
    CHECK(strstr(err.text, "too early") != NULL);
  }
}

void test_gzip_changed(void) {
  unsigned char bytes[256];
  file_bytes content, changed;
  const size_t size = packed_bytes(bytes);
  CHECK_INT(0, read_as_file(bytes, size, &content));
  for (size_t i = 10; i < size; i++) { /* behind the header: under the checksum */
    bytes[i] ^= 0x10;
    if (read_as_file(bytes, size, &changed) == 0) /* bits that fill up the last byte */
      CHECK_MEM(content.data, changed.data, content.size);
    else
      CHECK(strstr(err.text, "corrupted") != NULL || strstr(err.text, "too early") != NULL);
    file_free(&changed);
    bytes[i] ^= 0x10;
  }
  file_free(&content);
}

/* Tapes and block devices pad with zeros, which gzip takes; anything else was meant to be there. */
void test_what_follows_a_gzip_file(void) {
  static const size_t paddings[] = {1, 2, 511, 10000};
  unsigned char bytes[3 * 256 + 10000] = {0};
  file_bytes alone, content;
  const size_t size = packed_bytes(bytes);
  CHECK_INT(0, read_as_file(bytes, size, &alone));
  for (int i = 0; i < 4; i++) {
    CHECK_MSG(read_as_file(bytes, size + paddings[i], &content) == 0, err.text);
    CHECK_INT(alone.size, content.size);
    CHECK_MEM(alone.data, content.data, alone.size);
    file_free(&content);
  }
  memcpy(bytes + size, bytes, size); /* another one, joined on, then padding */
  CHECK_MSG(read_as_file(bytes, 2 * size + 9, &content) == 0, err.text);
  CHECK_INT(2 * alone.size, content.size);
  CHECK_MEM(alone.data, content.data + alone.size, alone.size);
  file_free(&content);
  CHECK_INT(-1, read_as_file(bytes, 2 * size - 1, &content)); /* the second is cut off */
  CHECK_MSG(strstr(err.text, "too early") != NULL, err.text);
  bytes[size] = 'x';
  CHECK_INT(-1, read_as_file(bytes, size + 7, &content));
  CHECK_MSG(strstr(err.text, "7 bytes that are no gzip data follow it") != NULL, err.text);
  memset(bytes + size, 0, 5);
  bytes[size + 5] = 0x1f; /* behind padding nothing more is read */
  bytes[size + 6] = 0x8b;
  CHECK_INT(-1, read_as_file(bytes, size + 7, &content));
  CHECK_MSG(strstr(err.text, "7 bytes that are no gzip data follow it") != NULL, err.text);
  file_free(&alone);
}

void test_each_trouble_with_a_file_has_its_own_line(void) {
  file_bytes content;
  CHECK_INT(-1, file_read(in_folder("absent"), &content, &err));
  CHECK(strstr(err.text, "absent: cannot open") != NULL);
  CHECK_INT(-1, file_read(scratch_folder, &content, &err));
  CHECK(strstr(err.text, "is a folder") != NULL);
  FILE *stream = fopen(in_folder("f.xz"), "wb");
  (void)fwrite(
      "\xfd"
      "7zXZ\0\0",
      1, 7, stream);
  (void)fclose(stream);
  CHECK_INT(-1, file_read(in_folder("f.xz"), &content, &err));
  CHECK(strstr(err.text, "unxz") != NULL);
  content = (file_bytes){malloc(8), 4};
  memcpy(content.data, "\0\0\x0d\3", 5);
  CHECK_INT(-1, run(read_idx, content.data, 4));
  CHECK(strstr(err.text, "0x00000d03") != NULL);
  file_free(&content);
}
