/* SPDX-License-Identifier: Apache-2.0
 * Reading a data set: find it, hand it to the reader of its kind, divide it. */
#include "dataset_load.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int dataset_reserve_pixels(dataset *out, size_t rows, size_t pixels, tool_error *err) {
  if (rows == 0 || pixels == 0) return tool_fail(err, "the data set holds no images");
  if (rows <= SIZE_MAX / pixels) out->pixels = malloc(rows * pixels);
  if (out->pixels != NULL) return 0;
  return tool_fail(err, "%zu images of %zu pixels do not fit this machine's memory", rows, pixels);
}

static int load_kind(dataset *out, const dataset_request *request, dataset_kind kind,
                     const char *path, tool_error *err) {
  switch (kind) {
    case DATASET_KIND_IDX:
      return dataset_load_idx(out, request, path, err);
    case DATASET_KIND_FACES:
      return dataset_load_faces(out, request, path, err);
    case DATASET_KIND_CIFAR:
      return dataset_load_cifar(out, request, path, err);
    case DATASET_KIND_CSV:
      return dataset_load_csv(out, request, path, err);
    case DATASET_KIND_NPY:
      return dataset_load_npy(out, request, path, err);
    default:
      return dataset_load_curves(out, request, err);
  }
}

/* The other source's training rows, all of them, behind those of out. A table has taken them itself:
 * they are standardised as its own rows are. */
static int load_validation(dataset *out, const dataset_request *request, dataset_kind kind,
                           tool_error *err) {
  char path[DATASET_PATH_BYTES];
  dataset_kind other_kind;
  dataset other = {0};
  dataset_request all = *request;
  all.source = request->validation;
  all.validation = NULL;
  all.divided = 1;
  all.fraction = 0;
  all.limit = 0;
  if (kind == DATASET_KIND_CSV) return 0;
  int answer = dataset_find(&all, &other_kind, path, err);
  if (answer == 0 && other_kind == DATASET_KIND_CSV)
    answer = tool_fail(err, "%s: a table cannot validate what are no tables", all.source);
  if (answer == 0) answer = load_kind(&other, &all, other_kind, path, err);
  if (answer == 0) answer = dataset_split_join(out, &other, all.source, err);
  dataset_free(&other);
  return answer;
}

int dataset_load(dataset *out, const dataset_request *request, tool_error *err) {
  char path[DATASET_PATH_BYTES];
  dataset_kind kind;
  if (dataset_find(request, &kind, path, err) != 0) return -1;
  if (load_kind(out, request, kind, path, err) != 0) return -1;
  if (request->validation != NULL) return load_validation(out, request, kind, err);
  if (!request->divided || out->split != DATASET_TAIL) return 0;
  return dataset_split_again(out, request, err);
}

const char *dataset_row_text(const dataset *d, size_t stored, char text[DATASET_ROW_BYTES]) {
  const int apart = d->split == DATASET_TAIL && stored >= d->stored_train;
  if (d->lines != NULL)
    (void)snprintf(text, DATASET_ROW_BYTES, "%sline %zu", apart ? "validation " : "",
                   d->lines[stored]);
  else
    (void)snprintf(text, DATASET_ROW_BYTES, "%srow %zu", apart ? "validation " : "",
                   apart ? stored - d->stored_train : stored);
  return text;
}
