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

static int is_text(const char *name, const char *text, size_t length) {
  return length > 0 && strlen(name) == length && memcmp(name, text, length) == 0;
}

int tensor_type_find(const char *text, size_t length) {
  for (int i = 0; i < TENSOR_TYPE_COUNT; i++)
    if (is_text(types[i].safetensors, text, length)) return i;
  return -1;
}

int tensor_type_find_npy(const char *text, size_t length, int *big_endian) {
  const size_t order = length > 0 && strchr("<>=|", *text) != NULL;
  *big_endian = order == 1 && *text == '>';
  for (int i = 0; i < TENSOR_TYPE_COUNT; i++)
    if (types[i].npy[0] != '\0' && is_text(types[i].npy + 1, text + order, length - order))
      return i;
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

tensor_view tensor_in_trouble(const tool_error *trouble) {
  return (tensor_view){.dims = 1, .trouble = *trouble};
}

/* The bits of an element, byte by byte: a file owes neither alignment nor byte order. */
static uint64_t element_bits(const tensor_view *view, size_t stored) {
  const size_t width = types[view->type].bytes;
  const unsigned char *at = view->data + stored * width;
  uint64_t bits = 0;
  for (size_t i = 0; i < width; i++) bits = bits << 8 | at[view->big_endian ? i : width - 1 - i];
  return bits;
}

static double float_of(uint32_t bits) {
  float f;
  memcpy(&f, &bits, sizeof f);
  return f;
}

static double double_of(uint64_t bits) {
  double d;
  memcpy(&d, &bits, sizeof d);
  return d;
}

/* IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
static double half_of(unsigned bits) {
  const int exponent = (int)(bits >> 10 & 31), fraction = (int)(bits & 1023);
  double size =
      ldexp(exponent == 0 ? fraction : 1024 + fraction, exponent == 0 ? -24 : exponent - 25);
  if (exponent == 31) size = fraction == 0 ? (double)INFINITY : (double)NAN;
  return bits >> 15 ? -size : size;
}

static double signed_of(uint64_t bits, size_t width) {
  const uint64_t sign = (uint64_t)1 << (8 * width - 1);
  return (double)(int64_t)((bits ^ sign) - sign);
}

static double element(const tensor_view *view, size_t stored) {
  const uint64_t bits = element_bits(view, stored);
  switch (view->type) {
    case TENSOR_F32:
      return float_of((uint32_t)bits);
    case TENSOR_F64:
      return double_of(bits);
    case TENSOR_F16:
      return half_of((unsigned)bits);
    case TENSOR_BF16: /* the upper half of a float */
      return float_of((uint32_t)bits << 16);
    case TENSOR_I8:
    case TENSOR_I16:
    case TENSOR_I32:
    case TENSOR_I64:
      return signed_of(bits, types[view->type].bytes);
    case TENSOR_BOOL:
      return bits != 0;
    default:
      return (double)bits;
  }
}

/* Where the element of this index in C order is stored: in Fortran order the first index runs
 * fastest. */
static size_t place(const tensor_view *view, size_t index) {
  if (!view->fortran) return index;
  size_t step = 1, at = 0;
  for (size_t i = 0; i < view->dims; i++) step *= view->shape[i];
  for (size_t i = view->dims; i-- > 0;) {
    step /= view->shape[i];
    at += index % view->shape[i] * step;
    index /= view->shape[i];
  }
  return at;
}

int tensor_read(const tensor_view *view, size_t first, size_t count, kfix_real *out,
                const char *path, tool_error *err) {
  if (view->trouble.text[0] != '\0') return tool_fail(err, "%s", view->trouble.text);
  for (size_t i = 0; i < count; i++) {
    const double value = element(view, place(view, first + i));
    out[i] = (kfix_real)value;
    if (isfinite(out[i])) continue;
    const size_t cols = view->dims > 1 ? view->shape[view->dims - 1] : 1;
    return tool_fail(err, "%s: %s row %zu, column %zu holds %g, which is not a finite %s", path,
                     view->name, (first + i) / (cols == 0 ? 1 : cols),
                     (first + i) % (cols == 0 ? 1 : cols), value, KFIX_REAL_NAME);
  }
  return 0;
}
