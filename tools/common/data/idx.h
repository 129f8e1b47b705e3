/* SPDX-License-Identifier: Apache-2.0
 * The IDX format of MNIST: big-endian header, then unsigned bytes. */
#ifndef KFIX_TOOLS_IDX_H
#define KFIX_TOOLS_IDX_H

#include "files/file_bytes.h"

#define IDX_DIMS 4

typedef struct idx_array {
  size_t dims, shape[IDX_DIMS];
  const unsigned char *data; /* product of shape bytes */
  file_bytes content;        /* file_free releases it, and data with it */
} idx_array;

/* Looks into content, which is filled in; `path` is for messages. */
int idx_parse(const char *path, idx_array *array, tool_error *err);

/* Reads `path`, or `path`.gz when that is what is there. `dims` is what the caller needs: 1 for
 * labels, 3 for images. */
int idx_load(const char *path, size_t dims, idx_array *array, tool_error *err);

/* 1 if `path` or `path`.gz exists. */
int idx_exists(const char *path);

/* Writes gzip-packed; the name should end in .gz. */
int idx_save(const char *path, size_t dims, const size_t *shape, const unsigned char *data,
             tool_error *err);

#endif
