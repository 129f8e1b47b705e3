/* SPDX-License-Identifier: Apache-2.0
 * An array as it lies in a file: element type, shape, bytes. What .npy, .npz and .safetensors have
 * in common. C order, little endian. */
#ifndef KFIX_TOOLS_TENSOR_VIEW_H
#define KFIX_TOOLS_TENSOR_VIEW_H

#include <stddef.h>

#include "core/real.h"
#include "tool_error.h"

#define TENSOR_DIMS       8
#define TENSOR_NAME_BYTES 128

/* X(name, bytes, name in .npy, name in .safetensors) */
#define TENSOR_TYPE_LIST(X) \
  X(F32, 4, "<f4", "F32")   \
  X(F64, 8, "<f8", "F64")   \
  X(I64, 8, "<i8", "I64")   \
  X(U8, 1, "|u1", "U8")

typedef enum tensor_type {
#define TENSOR_TYPE_ENUM(name, bytes, npy, safetensors) TENSOR_##name,
  TENSOR_TYPE_LIST(TENSOR_TYPE_ENUM)
#undef TENSOR_TYPE_ENUM
      TENSOR_TYPE_COUNT
} tensor_type;

/* The type of a kfix_real, for writing. */
#define TENSOR_REAL (KFIX_REAL_BYTES == 4 ? TENSOR_F32 : TENSOR_F64)

typedef struct tensor_view {
  char name[TENSOR_NAME_BYTES];
  tensor_type type;
  size_t dims, shape[TENSOR_DIMS]; /* dims 0: a scalar */
  const unsigned char *data;       /* at any alignment */
} tensor_view;

size_t tensor_type_bytes(tensor_type type);
const char *tensor_type_npy(tensor_type type);
const char *tensor_type_safetensors(tensor_type type);

/* The type whose .npy or .safetensors name has these `length` characters; -1: none. */
int tensor_type_find(const char *text, size_t length, int is_npy);

/* Number of elements and bytes; -1 if they do not fit size_t (a made-up shape). */
int tensor_size(const tensor_view *view, size_t *elements, size_t *bytes);

/* A view on memory of the caller, for the writers. The name is cut to its field. */
tensor_view tensor_of(const char *name, tensor_type type, size_t rows, size_t cols,
                      const void *data);
tensor_view tensor_of_vector(const char *name, tensor_type type, size_t length, const void *data);

/* out[0 .. count) = elements first ... of the view, converted and rounded to nearest; the caller
 * keeps first + count within the view. A value that is not finite, or does not fit, is refused:
 * the message names `path`, the tensor and the index. */
int tensor_read(const tensor_view *view, size_t first, size_t count, kfix_real *out,
                const char *path, tool_error *err);

#endif
