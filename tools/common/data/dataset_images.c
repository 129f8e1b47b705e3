/* SPDX-License-Identifier: Apache-2.0
 * Data sets of images: CURVES, FACES and folders of IDX files. */
#include <stdlib.h>
#include <string.h>

#include "dataset_load.h"
#include "idx.h"
#include "images/curves.h"
#include "images/faces.h"

#define FACES_PEOPLE       40
#define FACES_TRAIN_PEOPLE 25
#define FACES_VALID_FIRST  30

static void set_shape(dataset *out, size_t channels, size_t height, size_t width) {
  out->channels = channels;
  out->height = height;
  out->width = width;
  out->inputs = channels * height * width;
}

/* No more images are made than are used; a part for validation is drawn from all of them. */
static int is_limited(const dataset_request *request, size_t rows) {
  return request->limit > 0 && request->limit < rows && !request->divided;
}

int dataset_load_curves(dataset *out, const dataset_request *request, tool_error *err) {
  out->train_rows = request->train_rows == 0 ? CURVES_TRAIN_ROWS : request->train_rows;
  out->valid_rows = request->valid_rows == 0 ? CURVES_VALID_ROWS : request->valid_rows;
  if (is_limited(request, out->train_rows)) out->train_rows = request->limit;
  set_shape(out, 1, CURVES_SIDE, CURVES_SIDE);
  if (out->train_rows > UINT32_MAX / 2 || out->valid_rows > UINT32_MAX / 2)
    return tool_fail(err, "curves: too many images; 2147483647 are the most");
  if (dataset_reserve_pixels(out, out->train_rows + out->valid_rows, CURVES_PIXELS, err) != 0)
    return -1;
  unsigned char *at = out->pixels;
  for (size_t i = 0; i < out->train_rows; i++, at += CURVES_PIXELS)
    curves_draw(request->seed, DATA_TRAIN, (uint32_t)i, at);
  for (size_t i = 0; i < out->valid_rows; i++, at += CURVES_PIXELS)
    curves_draw(request->seed, DATA_VALID, (uint32_t)i, at);
  return 0;
}

/* `count` crops of the pictures first .. first + pictures - 1, all pictures before the next crop.
 */
static unsigned char *crop_pictures(const idx_array *source, uint64_t seed, size_t first,
                                    size_t pictures, size_t count, unsigned char *at) {
  const size_t bytes = (size_t)FACES_SOURCE_SIDE * FACES_SOURCE_SIDE;
  for (size_t i = 0; i < count; i++, at += FACES_PIXELS) {
    const size_t original = first + i % pictures;
    faces_crop(seed, (uint32_t)original, (uint32_t)(i / pictures), source->data + original * bytes,
               at);
  }
  return at;
}

int dataset_load_faces(dataset *out, const dataset_request *request, const char *folder,
                       tool_error *err) {
  char path[DATASET_PATH_BYTES];
  idx_array source;
  const size_t crops = request->crops == 0 ? FACES_PER_ORIGINAL : request->crops;
  const size_t train = FACES_TRAIN_PEOPLE * FACES_PER_PERSON;
  const size_t valid = (FACES_PEOPLE - FACES_VALID_FIRST) * FACES_PER_PERSON;
  dataset_join(path, folder, "olivetti-images-idx3-ubyte");
  if (crops > 1000000) return tool_fail(err, "faces: %zu crops of a picture are too many", crops);
  if (idx_load(path, 3, &source, err) != 0) return -1;
  set_shape(out, 1, FACES_SIDE, FACES_SIDE);
  out->train_rows = train * crops;
  out->valid_rows = valid * crops;
  if (is_limited(request, out->train_rows)) out->train_rows = request->limit;
  int answer = 0;
  if (source.shape[0] != FACES_PEOPLE * FACES_PER_PERSON || source.shape[1] != FACES_SOURCE_SIDE ||
      source.shape[2] != FACES_SOURCE_SIDE)
    answer = tool_fail(err, "%s: not the 400 Olivetti pictures of 64 x 64", path);
  if (answer == 0)
    answer = dataset_reserve_pixels(out, out->train_rows + out->valid_rows, FACES_PIXELS, err);
  if (answer == 0) {
    unsigned char *at =
        crop_pictures(&source, request->seed, 0, train, out->train_rows, out->pixels);
    (void)crop_pictures(&source, request->seed, FACES_VALID_FIRST * FACES_PER_PERSON, valid,
                        out->valid_rows, at);
  }
  file_free(&source.content);
  return answer;
}

/* One part of a folder of IDX files behind the rows that are there; *rows gets its number. */
static int append_labels(dataset *out, const char *folder, const char *name, size_t before,
                         size_t rows, tool_error *err) {
  char path[DATASET_PATH_BYTES];
  idx_array labels;
  dataset_join(path, folder, name);
  if (idx_load(path, 1, &labels, err) != 0) return -1;
  int answer = 0;
  uint32_t *all = NULL;
  if (labels.shape[0] != rows)
    answer = tool_fail(err, "%s: holds %zu labels for %zu images; get both again", path,
                       labels.shape[0], rows);
  else if ((all = realloc(out->labels, (before + rows) * sizeof *all)) == NULL)
    answer = tool_fail(err, "%s: no memory for its labels", path);
  if (answer == 0) {
    out->labels = all;
    for (size_t i = 0; i < rows; i++) all[before + i] = labels.data[i];
  }
  file_free(&labels.content);
  return answer;
}

/* Both parts have been read: checks that they belong together and joins them. */
static int join_parts(dataset *out, const idx_array *train, const idx_array *valid,
                      const char *folder, tool_error *err) {
  if (train->shape[1] != valid->shape[1] || train->shape[2] != valid->shape[2])
    return tool_fail(err, "%s: images of %zux%zu train and of %zux%zu validate; they must agree",
                     folder, train->shape[1], train->shape[2], valid->shape[1], valid->shape[2]);
  set_shape(out, 1, train->shape[1], train->shape[2]);
  out->train_rows = train->shape[0];
  out->valid_rows = valid->shape[0];
  if (dataset_reserve_pixels(out, out->train_rows + out->valid_rows, out->inputs, err) != 0)
    return -1;
  memcpy(out->pixels, train->data, out->train_rows * out->inputs);
  memcpy(out->pixels + out->train_rows * out->inputs, valid->data, out->valid_rows * out->inputs);
  return 0;
}

int dataset_load_idx(dataset *out, const dataset_request *request, const char *folder,
                     tool_error *err) {
  char train_path[DATASET_PATH_BYTES], valid_path[DATASET_PATH_BYTES];
  idx_array train, valid;
  dataset_join(train_path, folder, "train-images-idx3-ubyte");
  dataset_join(valid_path, folder, "t10k-images-idx3-ubyte");
  if (idx_load(train_path, 3, &train, err) != 0) return -1;
  int answer = idx_load(valid_path, 3, &valid, err);
  if (answer == 0) {
    answer = join_parts(out, &train, &valid, folder, err);
    file_free(&valid.content);
  }
  file_free(&train.content);
  if (answer != 0 || request->target != DATASET_CLASS || request->without_targets) return answer;
  answer = append_labels(out, folder, "train-labels-idx1-ubyte", 0, out->train_rows, err);
  if (answer != 0) return answer;
  return append_labels(out, folder, "t10k-labels-idx1-ubyte", out->train_rows, out->valid_rows,
                       err);
}
