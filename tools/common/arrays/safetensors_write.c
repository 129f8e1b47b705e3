/* SPDX-License-Identifier: Apache-2.0
 * Writes .safetensors files. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "files/atomic_file.h"
#include "json_writer.h"
#include "safetensors.h"

static void write_entry(json_writer *json, const tensor_view *view, size_t first, size_t end) {
  json_object(json, view->name);
  json_string(json, "dtype", tensor_type_safetensors(view->type));
  json_array(json, "shape");
  for (size_t i = 0; i < view->dims; i++) json_unsigned(json, NULL, view->shape[i]);
  json_end(json);
  json_array(json, "data_offsets");
  json_unsigned(json, NULL, first);
  json_unsigned(json, NULL, end);
  json_end(json);
  json_end(json);
}

/* The JSON header, in memory because its length comes first. Ends with a line feed. */
static int make_header(const tensor_view *views, size_t count, const char *metadata, char **text,
                       size_t *length) {
  FILE *stream = open_memstream(text, length);
  if (stream == NULL) return -1;
  json_writer json = json_to(stream);
  size_t elements, bytes, at = 0;
  int failed = 0;
  json_object(&json, NULL);
  json_object(&json, "__metadata__");
  json_string(&json, "format", "pt");
  if (metadata != NULL) json_string(&json, SAFETENSORS_KEY, metadata);
  json_end(&json);
  for (size_t i = 0; i < count; i++) {
    if (tensor_size(&views[i], &elements, &bytes) != 0) failed = 1;
    write_entry(&json, &views[i], at, at + bytes);
    at += bytes;
  }
  json_end(&json);
  if (ferror(stream)) failed = 1;
  if (fclose(stream) != 0) failed = 1;
  return failed ? -1 : 0;
}

static void write_all(FILE *stream, const char *header, size_t length, const tensor_view *views,
                      size_t count) {
  unsigned char size[8] = {0};
  const size_t padded = KFIX_ROUND_UP(length, (size_t)8);
  size_t elements, bytes;
  write_u32_little(size, (uint32_t)padded);
  (void)fwrite(size, 1, sizeof size, stream);
  (void)fwrite(header, 1, length, stream);
  (void)fwrite("       ", 1, padded - length, stream);
  for (size_t i = 0; i < count; i++)
    if (tensor_size(&views[i], &elements, &bytes) == 0 && bytes > 0)
      (void)fwrite(views[i].data, 1, bytes, stream);
}

int safetensors_save(const char *path, const tensor_view *views, size_t count, const char *metadata,
                     tool_error *err) {
  char *header = NULL;
  size_t length = 0;
  atomic_file file;
  if (make_header(views, count, metadata, &header, &length) != 0) {
    free(header);
    return tool_fail(err, "%s: no memory for the header of %zu arrays", path, count);
  }
  header[length - 1] = ' '; /* the line feed: padding is to be spaces */
  int answer = atomic_open(&file, path, err);
  if (answer == 0) {
    write_all(file.stream, header, length, views, count);
    answer = atomic_commit(&file, err);
  }
  free(header);
  return answer;
}
