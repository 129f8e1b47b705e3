/* SPDX-License-Identifier: Apache-2.0
 * Readers of arrays: idx, .npy, .npz, .safetensors. What they accept lies within the file and can be
 * read to its last element; what they refuse they refuse in one line. */
#include <stdint.h>
#include <string.h>

#include "arrays/npy.h"
#include "arrays/npz.h"
#include "arrays/safetensors.h"
#include "data/idx.h"
#include "fuzz_target.h"

static file_bytes copy_of(const unsigned char *data, size_t size) {
  file_bytes bytes = {malloc(size + 1), size};
  FUZZ_REQUIRE(bytes.data != NULL);
  if (size > 0) memcpy(bytes.data, data, size);
  bytes.data[size] = '\0';
  return bytes;
}

/* Reads all of it, as numbers. */
static void use(const tensor_view *view) {
  kfix_real piece[16];
  size_t elements, bytes;
  tool_error err = {{0}};
  FUZZ_REQUIRE(memchr(view->name, '\0', sizeof view->name) != NULL);
  FUZZ_REQUIRE(view->dims <= TENSOR_DIMS && (unsigned)view->type < TENSOR_TYPE_COUNT);
  FUZZ_REQUIRE(tensor_size(view, &elements, &bytes) == 0);
  if (view->trouble.text[0] != '\0') {
    FUZZ_REQUIRE(elements == 0 && tensor_read(view, 0, 0, piece, "file", &err) != 0);
    fuzz_require_message(&err);
  }
  for (size_t i = 0; i < elements; i += 16) {
    const size_t count = elements - i < 16 ? elements - i : 16;
    if (tensor_read(view, i, count, piece, "file", &err) != 0) fuzz_require_message(&err);
  }
}

/* The whole of the view lies in these bytes. */
static void require_inside(const tensor_view *view, const unsigned char *data, size_t size) {
  size_t elements, bytes;
  FUZZ_REQUIRE(tensor_size(view, &elements, &bytes) == 0);
  FUZZ_REQUIRE(view->data >= data && bytes <= size);
  FUZZ_REQUIRE((size_t)(view->data - data) <= size - bytes);
}

void fuzz_idx(const unsigned char *data, size_t size) {
  idx_array array = {.content = copy_of(data, size)};
  tool_error err = {{0}};
  if (idx_parse("file", &array, &err) == 0) {
    size_t bytes = 1;
    unsigned sum = 0;
    FUZZ_REQUIRE(array.dims <= IDX_DIMS);
    for (size_t i = 0; i < array.dims; i++) bytes *= array.shape[i];
    FUZZ_REQUIRE(bytes <= size);
    for (size_t i = 0; i < bytes; i++) sum += array.data[i];
    FUZZ_REQUIRE(sum <= 255 * bytes);
  } else {
    fuzz_require_message(&err);
  }
  file_free(&array.content);
}

/* Written again, it is read as the same array. */
static void npy_round_trip(const tensor_view *view) {
  char header[NPY_HEADER_BYTES];
  tensor_view again;
  size_t elements, bytes;
  tool_error err = {{0}};
  const size_t length = npy_header(view, header);
  FUZZ_REQUIRE(length % 64 == 0 && length <= sizeof header);
  FUZZ_REQUIRE(tensor_size(view, &elements, &bytes) == 0);
  unsigned char *file = malloc(length + bytes);
  FUZZ_REQUIRE(file != NULL);
  memcpy(file, header, length);
  memcpy(file + length, view->data, bytes);
  FUZZ_REQUIRE(npy_parse("again", file, length + bytes, &again, &err) == 0);
  FUZZ_REQUIRE(again.type == view->type && again.dims == view->dims);
  FUZZ_REQUIRE(memcmp(again.shape, view->shape, view->dims * sizeof view->shape[0]) == 0);
  free(file);
}

void fuzz_npy(const unsigned char *data, size_t size) {
  file_bytes bytes = copy_of(data, size);
  tensor_view view;
  tool_error err = {{0}};
  if (npy_parse("file", bytes.data, bytes.size, &view, &err) == 0) {
    require_inside(&view, bytes.data, bytes.size);
    use(&view);
    npy_round_trip(&view);
  } else {
    fuzz_require_message(&err);
  }
  file_free(&bytes);
}

void fuzz_npz(const unsigned char *data, size_t size) {
  npz_file file = {.archive = copy_of(data, size)};
  tool_error err = {{0}};
  if (npz_parse("file", &file, &err) == 0) {
    for (size_t i = 0; i < file.count; i++) use(&file.views[i]);
    for (size_t i = 0; i < file.count; i++)
      FUZZ_REQUIRE(npz_find(&file, file.views[i].name) != NULL);
  } else {
    fuzz_require_message(&err);
  }
  npz_free(&file);
}

void fuzz_safetensors(const unsigned char *data, size_t size) {
  safetensors_file file = {.content = copy_of(data, size)};
  tool_error err = {{0}};
  if (safetensors_parse("file", &file, &err) == 0) {
    for (size_t i = 0; i < file.count; i++) {
      require_inside(&file.views[i], file.content.data, file.content.size);
      use(&file.views[i]);
    }
  } else {
    fuzz_require_message(&err);
  }
  safetensors_free(&file);
}
