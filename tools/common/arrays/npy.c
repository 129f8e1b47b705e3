/* SPDX-License-Identifier: Apache-2.0
 * NumPy's .npy: writer and reader. */
#include "npy.h"

#include <stdio.h>
#include <string.h>

#include "files/atomic_file.h"
#include "npy_header.h"

#define MAGIC       "\x93NUMPY"
#define MAGIC_BYTES 6

size_t npy_header(const tensor_view *view, char out[NPY_HEADER_BYTES]) {
  const size_t size = NPY_HEADER_BYTES;
  size_t at = 10;
  at += (size_t)snprintf(out + at, size - at, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                         tensor_type_npy(view->type));
  for (size_t i = 0; i < view->dims; i++)
    at += (size_t)snprintf(out + at, size - at, i == 0 ? "%zu" : ", %zu", view->shape[i]);
  at += (size_t)snprintf(out + at, size - at, view->dims == 1 ? ",), }" : "), }");
  const size_t length = KFIX_ROUND_UP(at + 1, (size_t)64);
  memset(out + at, ' ', length - at - 1);
  out[length - 1] = '\n';
  memcpy(out, MAGIC "\x01\x00", 8);
  out[8] = (char)((length - 10) & 255);
  out[9] = (char)((length - 10) >> 8);
  return length;
}

void npy_write(FILE *stream, const tensor_view *view) {
  char header[NPY_HEADER_BYTES];
  size_t elements, bytes;
  (void)fwrite(header, 1, npy_header(view, header), stream);
  if (tensor_size(view, &elements, &bytes) == 0 && bytes > 0)
    (void)fwrite(view->data, 1, bytes, stream);
}

int npy_save(const char *path, const tensor_view *view, tool_error *err) {
  size_t elements, bytes;
  atomic_file file;
  if (view->dims > TENSOR_DIMS || tensor_size(view, &elements, &bytes) != 0)
    return tool_fail(err, "%s: an array of this shape cannot be written", path);
  if (atomic_open(&file, path, err) != 0) return -1;
  npy_write(file.stream, view);
  return atomic_commit(&file, err);
}

/* The header's text, and where the data start. */
static int find_header(const char *name, const unsigned char *bytes, size_t size, size_t *start,
                       size_t *length, tool_error *err) {
  if (size < 10 || memcmp(bytes, MAGIC, MAGIC_BYTES) != 0)
    return tool_fail(err, "%s: not a .npy file (the first bytes are not \\x93NUMPY)", name);
  const unsigned version = bytes[6];
  if (version < 1 || version > 3)
    return tool_fail(err, "%s: .npy version %u is not known here; save it again with numpy.save",
                     name, version);
  *start = version == 1 ? 10 : 12;
  if (size < *start) return tool_fail(err, "%s: ends within the .npy header", name);
  *length = version == 1 ? (size_t)bytes[8] | (size_t)bytes[9] << 8 : read_u32_little(bytes + 8);
  if (*length > size - *start) return tool_fail(err, "%s: ends within the .npy header", name);
  return 0;
}

int npy_parse(const char *name, const unsigned char *bytes, size_t size, tensor_view *view,
              tool_error *err) {
  size_t start, length, elements, wanted;
  memset(view, 0, sizeof *view);
  strncpy(view->name, name, sizeof view->name - 1);
  if (find_header(name, bytes, size, &start, &length, err) != 0 ||
      npy_header_parse(name, (const char *)bytes + start, length, view, err) != 0)
    return -1;
  start += length;
  if (tensor_size(view, &elements, &wanted) != 0)
    return tool_fail(err, "%s: the shape in the .npy header is impossibly large", name);
  if (size - start != wanted)
    return tool_fail(err, "%s: holds %zu bytes of data, its shape needs %zu; get it again", name,
                     size - start, wanted);
  view->data = bytes + start;
  return 0;
}

int npy_load(const char *path, file_bytes *bytes, tensor_view *view, tool_error *err) {
  if (file_read(path, bytes, err) != 0) return -1;
  const int answer = npy_parse(path, bytes->data, bytes->size, view, err);
  if (answer != 0) file_free(bytes);
  return answer;
}
