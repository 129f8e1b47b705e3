/* SPDX-License-Identifier: Apache-2.0
 * The IDX format: reader and writer. */
#include "idx.h"

#include <stdio.h>
#include <string.h>

#include "files/atomic_file.h"

#define TYPE_U8 0x08

static int parse_header(const char *path, idx_array *array, tool_error *err) {
  const file_bytes *c = &array->content;
  if (c->size < 4) return tool_fail(err, "%s: too short to be an IDX file", path);
  if (c->data[0] != 0 || c->data[1] != 0 || c->data[2] != TYPE_U8 || c->data[3] == 0 ||
      c->data[3] > IDX_DIMS)
    return tool_fail(err,
                     "%s: not an IDX file of bytes: it begins with 0x%08x, not 0x00000801 (labels) "
                     "or 0x00000803 (images)",
                     path, read_u32_big(c->data));
  array->dims = c->data[3];
  if (c->size < 4 + 4 * array->dims) return tool_fail(err, "%s: ends within its header", path);
  for (size_t i = 0; i < array->dims; i++) array->shape[i] = read_u32_big(c->data + 4 + 4 * i);
  return 0;
}

int idx_parse(const char *path, idx_array *array, tool_error *err) {
  if (parse_header(path, array, err) != 0) return -1;
  const size_t start = 4 + 4 * array->dims, there = array->content.size - start;
  size_t wanted = 1;
  for (size_t i = 0; i < array->dims; i++) {
    if (array->shape[i] == 0) return tool_fail(err, "%s: says that it holds nothing", path);
    if (wanted > SIZE_MAX / array->shape[i])
      return tool_fail(err, "%s: its header states an impossible size", path);
    wanted *= array->shape[i];
  }
  if (there != wanted)
    return tool_fail(err, "%s: %s: holds %zu bytes of data, its header says %zu; get it again",
                     path, there < wanted ? "cut off" : "damaged", there, wanted);
  array->data = array->content.data + start;
  return 0;
}

static int packed_name(const char *path, char *out, size_t room) {
  return snprintf(out, room, "%s.gz", path) < (int)room;
}

int idx_exists(const char *path) {
  char packed[ATOMIC_PATH_BYTES];
  return file_exists(path) || (packed_name(path, packed, sizeof packed) && file_exists(packed));
}

int idx_load(const char *path, size_t dims, idx_array *array, tool_error *err) {
  char packed[ATOMIC_PATH_BYTES];
  const char *name = path;
  memset(array, 0, sizeof *array);
  if (!file_exists(path) && packed_name(path, packed, sizeof packed) && file_exists(packed))
    name = packed;
  if (!file_exists(name))
    return tool_fail(err, "%s: there is no such file, nor with .gz; name the folder that holds it",
                     path);
  if (file_read(name, &array->content, err) != 0) return -1;
  int answer = idx_parse(name, array, err);
  if (answer == 0 && array->dims != dims)
    answer = tool_fail(err, "%s: holds %s, %s were expected", name,
                       array->dims == 1 ? "labels" : "images", dims == 1 ? "labels" : "images");
  if (answer != 0) file_free(&array->content);
  return answer;
}

int idx_save(const char *path, size_t dims, const size_t *shape, const unsigned char *data,
             tool_error *err) {
  unsigned char header[4 + 4 * IDX_DIMS] = {0, 0, TYPE_U8, (unsigned char)dims};
  size_t bytes = 1;
  for (size_t i = 0; i < dims; i++) {
    write_u32_big(header + 4 + 4 * i, (uint32_t)shape[i]);
    bytes *= shape[i];
  }
  const file_part parts[2] = {{header, 4 + 4 * dims}, {data, bytes}};
  return gzip_save(path, parts, 2, err);
}
