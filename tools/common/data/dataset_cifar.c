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

/* Appends the records of one file: `rows` is how many there are before. */
static int append(dataset *out, const dataset_request *request, const char *path,
                  const file_bytes *content, size_t *rows, tool_error *err) {
  const int hundred = content->size % (PIXELS + 1) != 0 && content->size % (PIXELS + 2) == 0;
  const size_t record = PIXELS + (hundred ? 2 : 1), count = content->size / record;
  const size_t label_at = hundred && request->outputs != COARSE_LABELS;
  if (content->size % record != 0)
    return tool_fail(err, "%s: %zu bytes are no whole CIFAR-10 or -100 records; get it again", path,
                     content->size);
  unsigned char *pixels = realloc(out->pixels, (*rows + count) * PIXELS);
  if (pixels != NULL) out->pixels = pixels;
  uint32_t *labels = realloc(out->labels, (*rows + count) * sizeof *labels);
  if (labels != NULL) out->labels = labels;
  if (pixels == NULL || labels == NULL)
    return tool_fail(err, "%s: too large for this machine's memory", path);
  for (size_t i = 0; i < count; i++) {
    const unsigned char *at = content->data + i * record;
    labels[*rows + i] = at[label_at];
    memcpy(pixels + (*rows + i) * PIXELS, at + record - PIXELS, PIXELS);
  }
  *rows += count;
  return 0;
}

/* All files of one part, in the order of their names. */
static int append_part(dataset *out, const dataset_request *request, const char *folder,
                       struct dirent **files, int count, int is_test, size_t *rows,
                       tool_error *err) {
  for (int i = 0; i < count; i++) {
    char path[DATASET_PATH_BYTES];
    file_bytes content;
    if ((strstr(files[i]->d_name, "test") != NULL) != is_test) continue;
    dataset_join(path, folder, files[i]->d_name);
    if (file_read(path, &content, err) != 0) return -1;
    const int answer = append(out, request, path, &content, rows, err);
    file_free(&content);
    if (answer != 0) return -1;
  }
  return 0;
}

static int is_binary(const struct dirent *file) {
  return dataset_named(file->d_name, ".bin");
}

int dataset_load_cifar(dataset *out, const dataset_request *request, const char *folder,
                       tool_error *err) {
  struct dirent **files;
  size_t rows = 0;
  const int count = scandir(folder, &files, is_binary, alphasort);
  if (count < 0) return tool_fail(err, "%s: cannot list this folder", folder);
  out->channels = 3;
  out->height = out->width = SIDE;
  out->inputs = PIXELS;
  int answer = append_part(out, request, folder, files, count, 0, &rows, err);
  out->train_rows = rows;
  if (answer == 0) answer = append_part(out, request, folder, files, count, 1, &rows, err);
  out->valid_rows = rows - out->train_rows;
  for (int i = 0; i < count; i++) free(files[i]);
  free(files);
  if (answer == 0 && out->train_rows == 0)
    answer = tool_fail(err, "%s: only test files are here; add the training files", folder);
  return answer;
}
