/* SPDX-License-Identifier: Apache-2.0
 * The .safetensors format: 8 bytes of header length, a JSON header, then the arrays, little endian,
 * C order. */
#ifndef KFIX_TOOLS_SAFETENSORS_H
#define KFIX_TOOLS_SAFETENSORS_H

#include "files/file_bytes.h"
#include "tensor_view.h"

/* The key of __metadata__ that is written and read, besides "format". */
#define SAFETENSORS_KEY "kfix"

/* Header padded with spaces to a multiple of 8, so that arrays of doubles are aligned in the file.
 * The metadata say {"format": "pt"}, which loaders of other frameworks ask for, and, unless it is
 * NULL, `metadata` under the key above. */
int safetensors_save(const char *path, const tensor_view *views, size_t count, const char *metadata,
                     tool_error *err);

typedef struct safetensors_file {
  tensor_view *views;
  size_t count;
  file_bytes content;
  char *names;
  const char *metadata; /* what __metadata__ has under the key above, or NULL */
} safetensors_file;

/* Release with safetensors_free, also after failure. An array whose elements are not read (complex,
 * or of 8 bits and less with a scale kept elsewhere) is there as a view in trouble. Refused is what
 * two readers could take for two things: a name that is there twice, arrays that overlap or leave
 * gaps, bytes that belong to none, a header that is not exactly one JSON object. */
int safetensors_load(const char *path, safetensors_file *out, tool_error *err);
int safetensors_parse(const char *path, safetensors_file *out,
                      tool_error *err); /* content is set */
void safetensors_free(safetensors_file *file);

/* The array of that name, or NULL. */
const tensor_view *safetensors_find(const safetensors_file *file, const char *name);

#endif
