/* SPDX-License-Identifier: Apache-2.0
 * NumPy's .npy. Written as version 1.0, C order, little endian; read in versions 1 to 3, in either
 * order, of floating-point numbers, integers and booleans. */
#ifndef KFIX_TOOLS_NPY_H
#define KFIX_TOOLS_NPY_H

#include <stdio.h>

#include "files/file_bytes.h"
#include "tensor_view.h"

#define NPY_HEADER_BYTES 384 /* the longest header of TENSOR_DIMS dimensions, padded to 64 */

/* The header of a file that holds such an array; returns its length, a multiple of 64. */
size_t npy_header(const tensor_view *view, char out[NPY_HEADER_BYTES]);

/* Header and data to a stream, whose errors are left for atomic_commit to find; the shape must fit
 * (tensor_size). */
void npy_write(FILE *stream, const tensor_view *view);

int npy_save(const char *path, const tensor_view *view, tool_error *err);

/* Makes view look at the array within bytes. `name` appears in messages (a path, or an archive and
 * its member) and, cut, as the name of the view. */
int npy_parse(const char *name, const unsigned char *bytes, size_t size, tensor_view *view,
              tool_error *err);

/* Reads a file; view looks into bytes, which file_free releases. */
int npy_load(const char *path, file_bytes *bytes, tensor_view *view, tool_error *err);

#endif
