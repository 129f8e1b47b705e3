/* SPDX-License-Identifier: Apache-2.0
 * Reads .npz archives. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "npy.h"
#include "npz.h"
#include "zip_directory.h"

/* The name without its .npy; empty when it does not fit or holds a zero byte, and so is none that
 * anybody asks for. */
static void take_name(const zip_member *m, tensor_view *view) {
  const size_t length = m->name_length - 4;
  memset(view->name, 0, sizeof view->name);
  if (length < TENSOR_NAME_BYTES && memchr(m->name, '\0', length) == NULL)
    memcpy(view->name, m->name, length);
}

static int is_array(const zip_member *m) {
  return m->name_length >= 4 && memcmp(m->name + m->name_length - 4, ".npy", 4) == 0;
}

/* A member that is whole, but no array that is read here, is a view in trouble. */
static int read_member(const char *path, const zip_member *m, npz_file *out, tool_error *err) {
  tensor_view *view = &out->views[out->count];
  tool_error trouble = {{0}};
  char label[TENSOR_NAME_BYTES + 256];
  int damaged;
  (void)snprintf(label, sizeof label, "%.200s(%.*s)", path,
                 m->name_length < TENSOR_NAME_BYTES ? (int)m->name_length : TENSOR_NAME_BYTES,
                 m->name);
  const unsigned char *bytes = zip_unpack(path, m, &out->unpacked[out->count], &damaged, &trouble);
  if (damaged) return tool_fail(err, "%s", trouble.text);
  if (bytes == NULL || npy_parse(label, bytes, m->size, view, &trouble) != 0)
    *view = tensor_in_trouble(&trouble);
  take_name(m, view);
  out->count++;
  return 0;
}

static int by_name(const void *a, const void *b) {
  const zip_member *x = a, *y = b;
  if (x->name_length != y->name_length) return x->name_length < y->name_length ? -1 : 1;
  return memcmp(x->name, y->name, x->name_length);
}

static int check_names(const char *path, zip_directory *zip, tool_error *err) {
  if (zip->count > 1) qsort(zip->members, zip->count, sizeof *zip->members, by_name);
  for (size_t i = 1; i < zip->count; i++)
    if (by_name(&zip->members[i - 1], &zip->members[i]) == 0)
      return tool_fail(err, "%s: two members have the name '%.*s'; save the archive again", path,
                       zip->members[i].name_length < 128 ? (int)zip->members[i].name_length : 128,
                       zip->members[i].name);
  return 0;
}

static int read_members(const char *path, zip_directory *zip, npz_file *out, tool_error *err) {
  if (check_names(path, zip, err) != 0) return -1;
  out->views = calloc(zip->count + 1, sizeof *out->views);
  out->unpacked = calloc(zip->count + 1, sizeof *out->unpacked);
  if (out->views == NULL || out->unpacked == NULL)
    return tool_fail(err, "%s: no memory for its %zu members", path, zip->count);
  for (size_t i = 0; i < zip->count; i++)
    if (is_array(&zip->members[i]) && read_member(path, &zip->members[i], out, err) != 0) return -1;
  return 0;
}

int npz_parse(const char *path, npz_file *out, tool_error *err) {
  zip_directory zip;
  if (zip_list(path, &out->archive, &zip, err) != 0) return -1;
  const int answer = read_members(path, &zip, out, err);
  free(zip.members);
  return answer;
}

int npz_load(const char *path, npz_file *out, tool_error *err) {
  memset(out, 0, sizeof *out);
  if (file_read(path, &out->archive, err) != 0) return -1;
  return npz_parse(path, out, err);
}

void npz_free(npz_file *npz) {
  for (size_t i = 0; npz->unpacked != NULL && i < npz->count; i++) free(npz->unpacked[i]);
  free(npz->unpacked);
  free(npz->views);
  file_free(&npz->archive);
  memset(npz, 0, sizeof *npz);
}

const tensor_view *npz_find(const npz_file *npz, const char *name) {
  for (size_t i = 0; i < npz->count; i++)
    if (strcmp(npz->views[i].name, name) == 0) return &npz->views[i];
  return NULL;
}
