/* SPDX-License-Identifier: Apache-2.0
 * An array as it lies in a file: element type, shape, bytes. What .npy, .npz and .safetensors have
 * in common. */
#ifndef KFIX_TOOLS_TENSOR_VIEW_H
#define KFIX_TOOLS_TENSOR_VIEW_H

#include <stddef.h>

#include "core/real.h"
#include "files/tool_error.h"

#define TENSOR_DIMS       8
#define TENSOR_NAME_BYTES 128

/* X(name, bytes, name in .npy or "", name in .safetensors) */
#define TENSOR_TYPE_LIST(X) \
  X(F32, 4, "<f4", "F32")   \
  X(F64, 8, "<f8", "F64")   \
  X(F16, 2, "<f2", "F16")   \
  X(BF16, 2, "", "BF16")    \
  X(I8, 1, "|i1", "I8")     \
  X(I16, 2, "<i2", "I16")   \
  X(I32, 4, "<i4", "I32")   \
  X(I64, 8, "<i8", "I64")   \
  X(U8, 1, "|u1", "U8")     \
  X(U16, 2, "<u2", "U16")   \
  X(U32, 4, "<u4", "U32")   \
  X(U64, 8, "<u8", "U64")   \
  X(BOOL, 1, "|b1", "BOOL")

typedef enum tensor_type {
#define TENSOR_TYPE_ENUM(name, bytes, npy, safetensors) TENSOR_##name,
  TENSOR_TYPE_LIST(TENSOR_TYPE_ENUM)
#undef TENSOR_TYPE_ENUM
      TENSOR_TYPE_COUNT
} tensor_type;

/* The type of a kfix_real, for writing. */
#define TENSOR_REAL (KFIX_REAL_BYTES == 4 ? TENSOR_F32 : TENSOR_F64)

/* Zeros but for name, type, shape and data: C order, little endian, readable. */
typedef struct tensor_view {
  char name[TENSOR_NAME_BYTES];
  tensor_type type;
  size_t dims, shape[TENSOR_DIMS]; /* dims 0: a scalar */
  const unsigned char *data;       /* at any alignment */
  int big_endian, fortran;         /* bytes of an element, order of the elements */
  tool_error trouble;              /* why it cannot be read; it then looks empty. No text: it can */
} tensor_view;

size_t tensor_type_bytes(tensor_type type);
const char *tensor_type_npy(tensor_type type);
const char *tensor_type_safetensors(tensor_type type);

/* The type that .safetensors calls by these `length` characters; -1: none. */
int tensor_type_find(const char *text, size_t length);

/* Of .npy: '<f4', '>f4', '=f4', 'f4'. Sets *big_endian. */
int tensor_type_find_npy(const char *text, size_t length, int *big_endian);

/* Number of elements and bytes; -1 if they do not fit size_t (a made-up shape). */
int tensor_size(const tensor_view *view, size_t *elements, size_t *bytes);

/* A view on memory of the caller, for the writers. The name is cut to its field. */
tensor_view tensor_of(const char *name, tensor_type type, size_t rows, size_t cols,
                      const void *data);
tensor_view tensor_of_vector(const char *name, tensor_type type, size_t length, const void *data);

/* A view of no elements that tensor_read refuses, with this message. */
tensor_view tensor_in_trouble(const tool_error *trouble);

/* out[0 .. count) = elements first ... of the view in C order, converted and rounded to nearest;
 * the caller keeps first + count within the view. A value that is not finite, or does not fit, is
 * refused: the message names `path`, the tensor and the index. So is a view in trouble. */
int tensor_read(const tensor_view *view, size_t first, size_t count, kfix_real *out,
                const char *path, tool_error *err);

#endif
