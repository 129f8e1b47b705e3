/* SPDX-License-Identifier: Apache-2.0
 * CIFAR-10 and CIFAR-100 in their binary form: records of one or two label bytes and 3 x 32 x 32
 * pixels. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "dataset_load.h"
#include "files/file_bytes.h"

#define SIDE          32
#define PIXELS        ((size_t)3 * SIDE * SIDE)
#define COARSE_LABELS 20
#define PACKED_TAIL   3 /* .gz, .xz */

/* A folder being read. */
typedef struct reading {
  dataset *out;
  const dataset_request *request;
  const char *folder;
  struct dirent **files; /* in the order of their names */
  int count;
  size_t rows;        /* so far */
  size_t label_bytes; /* of a record: 1 or 2; 0: no file yet */
} reading;

/* ---- one file ---- */

/* CIFAR-100's fine label, which comes second, unless the net has as many outputs as there are coarse
 * ones. */
static size_t label_place(const reading *r) {
  return r->label_bytes == 2 && r->request->outputs != COARSE_LABELS;
}

/* What a file's size says. A size that is whole records of either kind is taken for those before it. */
static int check_size(reading *r, const char *path, size_t size, tool_error *err) {
  const int ten = size > 0 && size % (PIXELS + 1) == 0;
  const int hundred = size > 0 && size % (PIXELS + 2) == 0;
  if (!ten && !hundred)
    return tool_fail(err, "%s: %zu bytes are no whole CIFAR-10 or -100 records; get it again", path,
                     size);
  if (r->label_bytes == 0) r->label_bytes = ten ? 1 : 2;
  if (r->label_bytes == 1 ? ten : hundred) return 0;
  return tool_fail(err,
                   "%s: records of %d label bytes, in files before it of %zu: give each of "
                   "CIFAR-10 and -100 a folder of its own",
                   path, ten ? 1 : 2, r->label_bytes);
}

/* Classes that the net has no output for are none of this set, or the file is damaged. */
static int check_label(const reading *r, const char *path, size_t record, unsigned label,
                       tool_error *err) {
  const dataset_request *q = r->request;
  if (q->target != DATASET_CLASS || q->without_targets || q->outputs < 2 || label < q->outputs)
    return 0;
  return tool_fail(err, "%s: record %zu: label %u, the net has %zu outputs: use a config with %s",
                   path, record, label, q->outputs,
                   r->label_bytes == 2 ? "100, or with 20 for the coarse labels"
                                       : "one for each class, or get the file again");
}

static int append(reading *r, const char *path, const file_bytes *content, tool_error *err) {
  dataset *out = r->out;
  if (check_size(r, path, content->size, err) != 0) return -1;
  const size_t record = PIXELS + r->label_bytes, count = content->size / record;
  unsigned char *pixels = realloc(out->pixels, (r->rows + count) * PIXELS);
  if (pixels != NULL) out->pixels = pixels;
  uint32_t *labels = realloc(out->labels, (r->rows + count) * sizeof *labels);
  if (labels != NULL) out->labels = labels;
  if (pixels == NULL || labels == NULL)
    return tool_fail(err, "%s: too large for this machine's memory", path);
  for (size_t i = 0; i < count; i++) {
    const unsigned char *at = content->data + i * record;
    labels[r->rows + i] = at[label_place(r)];
    if (check_label(r, path, i, at[label_place(r)], err) != 0) return -1;
    memcpy(pixels + (r->rows + i) * PIXELS, at + r->label_bytes, PIXELS);
  }
  r->rows += count;
  return 0;
}

/* ---- a folder ---- */

static int is_binary(const struct dirent *file) {
  return dataset_named(file->d_name, ".bin") || dataset_named(file->d_name, ".bin.xz");
}

static int is_packed(const char *name, const char *tail) {
  return strcmp(name + strlen(name) - PACKED_TAIL, tail) == 0;
}

/* 1 if the same file lies there unpacked. */
static int is_unpacked_too(const reading *r, const char *name) {
  const size_t length = strlen(name) - PACKED_TAIL;
  for (int i = 0; i < r->count; i++) {
    const char *other = r->files[i]->d_name;
    if (strlen(other) == length && memcmp(other, name, length) == 0) return 1;
  }
  return 0;
}

static int append_file(reading *r, const char *name, tool_error *err) {
  char path[DATASET_PATH_BYTES];
  file_bytes content;
  const int is_xz = is_packed(name, ".xz");
  if ((is_xz || is_packed(name, ".gz")) && is_unpacked_too(r, name)) return 0;
  dataset_join(path, r->folder, name);
  if (is_xz) return dataset_fail_xz(path, err);
  if (file_read(path, &content, err) != 0) return -1;
  const int answer = append(r, path, &content, err);
  file_free(&content);
  return answer;
}

static int append_part(reading *r, int is_test, tool_error *err) {
  for (int i = 0; i < r->count; i++) {
    const char *name = r->files[i]->d_name;
    if ((strstr(name, "test") != NULL) != is_test) continue;
    if (append_file(r, name, err) != 0) return -1;
  }
  return 0;
}

int dataset_load_cifar(dataset *out, const dataset_request *request, const char *folder,
                       tool_error *err) {
  reading r = {.out = out, .request = request, .folder = folder};
  r.count = scandir(folder, &r.files, is_binary, alphasort);
  if (r.count < 0) return tool_fail(err, "%s: cannot list this folder", folder);
  out->channels = 3;
  out->height = out->width = SIDE;
  out->inputs = PIXELS;
  int answer = append_part(&r, 0, err);
  out->train_rows = r.rows;
  if (answer == 0) answer = append_part(&r, 1, err);
  out->valid_rows = r.rows - out->train_rows;
  for (int i = 0; i < r.count; i++) free(r.files[i]);
  free(r.files);
  if (answer == 0 && out->train_rows == 0)
    answer = tool_fail(err, "%s: only test files are here; add the training files", folder);
  return answer;
}
