/* SPDX-License-Identifier: Apache-2.0
 * Element types, sizes and conversion of arrays in files. */
#include "tensor_view.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct type_entry {
  size_t bytes;
  const char *npy, *safetensors;
} type_entry;

static const type_entry types[TENSOR_TYPE_COUNT] = {
#define TENSOR_TYPE_ENTRY(name, bytes, npy, safetensors) {bytes, npy, safetensors},
    TENSOR_TYPE_LIST(TENSOR_TYPE_ENTRY)
#undef TENSOR_TYPE_ENTRY
};

size_t tensor_type_bytes(tensor_type type) {
  return types[type].bytes;
}

const char *tensor_type_npy(tensor_type type) {
  return types[type].npy;
}

const char *tensor_type_safetensors(tensor_type type) {
  return types[type].safetensors;
}

int tensor_type_find(const char *text, size_t length, int is_npy) {
  for (int i = 0; i < TENSOR_TYPE_COUNT; i++) {
    const char *name = is_npy ? types[i].npy : types[i].safetensors;
    if (strlen(name) == length && memcmp(name, text, length) == 0) return i;
  }
  return -1;
}

int tensor_size(const tensor_view *view, size_t *elements, size_t *bytes) {
  size_t product = 1;
  const size_t width = types[view->type].bytes;
  for (size_t i = 0; i < view->dims; i++) {
    if (view->shape[i] != 0 && product > SIZE_MAX / width / view->shape[i]) return -1;
    product *= view->shape[i];
  }
  *elements = product;
  *bytes = product * width;
  return 0;
}

tensor_view tensor_of(const char *name, tensor_type type, size_t rows, size_t cols,
                      const void *data) {
  tensor_view view = {.type = type, .dims = 2, .shape = {rows, cols}, .data = data};
  strncpy(view.name, name, sizeof view.name - 1);
  return view;
}

tensor_view tensor_of_vector(const char *name, tensor_type type, size_t length, const void *data) {
  tensor_view view = tensor_of(name, type, length, 0, data);
  view.dims = 1;
  return view;
}

/* Through memcpy: a file owes no alignment. The host is little endian, as the formats are. */
static double element(const tensor_view *view, size_t index) {
  const unsigned char *at = view->data + index * types[view->type].bytes;
  float f;
  double d;
  int64_t i;
  switch (view->type) {
    case TENSOR_F32:
      memcpy(&f, at, sizeof f);
      return f;
    case TENSOR_F64:
      memcpy(&d, at, sizeof d);
      return d;
    case TENSOR_I64:
      memcpy(&i, at, sizeof i);
      return (double)i;
    default:
      return at[0];
  }
}

int tensor_read(const tensor_view *view, size_t first, size_t count, kfix_real *out,
                const char *path, tool_error *err) {
  for (size_t i = 0; i < count; i++) {
    const double value = element(view, first + i);
    out[i] = (kfix_real)value;
    if (isfinite(out[i])) continue;
    const size_t cols = view->dims > 1 ? view->shape[view->dims - 1] : 1;
    return tool_fail(err, "%s: %s row %zu, column %zu holds %g, which is not a finite %s", path,
                     view->name, (first + i) / (cols == 0 ? 1 : cols),
                     (first + i) % (cols == 0 ? 1 : cols), value, KFIX_REAL_NAME);
  }
  return 0;
}
