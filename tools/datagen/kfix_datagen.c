/* SPDX-License-Identifier: Apache-2.0
 * kfix-datagen: writes a generated or averaged-down image set as a folder of IDX files, and shows
 * what is in it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command_line.h"
#include "data/dataset.h"
#include "data/idx.h"
#include "files/atomic_file.h"
#include "files/standard_output.h"
#include "images/image_file.h"

#define SHEET_IMAGES  100
#define SHEET_COLUMNS 10

typedef struct settings {
  const char *set, *root, *out, *sheet;
  uint64_t seed;
  int64_t train, valid, crops, side;
  int labels;
} settings;

/* Images (one plane) of rows first .. first + rows - 1, in one block; NULL: no memory. */
static unsigned char *collect(const dataset *data, size_t first, size_t rows) {
  unsigned char *images = malloc(rows * data->inputs + 1);
  for (size_t i = 0; images != NULL && i < rows; i++)
    memcpy(images + i * data->inputs, dataset_pixels(data, first + i), data->inputs);
  return images;
}

static int write_images(const dataset *data, const char *path, size_t first, size_t rows,
                        tool_error *err) {
  unsigned char *images = collect(data, first, rows);
  const size_t shape[3] = {rows, data->height, data->width};
  if (images == NULL) return tool_fail(err, "%s: no memory for the images", path);
  const int answer = idx_save(path, 3, shape, images, err);
  free(images);
  return answer;
}

static int write_labels(const dataset *data, const char *path, size_t first, size_t rows,
                        tool_error *err) {
  unsigned char *labels = malloc(rows + 1);
  if (labels == NULL) return tool_fail(err, "%s: no memory for the labels", path);
  for (size_t i = 0; i < rows; i++) labels[i] = (unsigned char)dataset_label(data, first + i);
  const int answer = idx_save(path, 1, &rows, labels, err);
  free(labels);
  return answer;
}

/* One part of the set: images, and labels where there are some. */
static int write_part(const dataset *data, const settings *s, const char *part, size_t first,
                      size_t rows, tool_error *err) {
  char path[ATOMIC_PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%s-images-idx3-ubyte.gz", s->out, part);
  if (write_images(data, path, first, rows, err) != 0) return -1;
  if (data->labels == NULL) return 0;
  (void)snprintf(path, sizeof path, "%s/%s-labels-idx1-ubyte.gz", s->out, part);
  return write_labels(data, path, first, rows, err);
}

static int write_sheet(const dataset *data, const char *path, tool_error *err) {
  const size_t count = data->train_rows < SHEET_IMAGES ? data->train_rows : SHEET_IMAGES;
  unsigned char *images = collect(data, 0, count);
  if (images == NULL) return tool_fail(err, "%s: no memory for the contact sheet", path);
  const int answer =
      image_sheet(path, images, count, SHEET_COLUMNS, data->width, data->height, err);
  free(images);
  return answer;
}

static int write_set(dataset *data, const settings *s, tool_error *err) {
  if (data->pixels == NULL || data->channels != 1)
    return tool_fail(err, "%s: not a set of grey images; kfix-train reads it as it is", s->set);
  if (s->valid > 0 && (size_t)s->valid < data->valid_rows) data->valid_rows = (size_t)s->valid;
  if (data->valid_rows == 0) return tool_fail(err, "%s: has no validation part to write", s->set);
  if (s->out != NULL) {
    if (make_folder(s->out, err) != 0) return -1;
    if (write_part(data, s, "train", 0, data->train_rows, err) != 0) return -1;
    if (write_part(data, s, "t10k", data->train_rows, data->valid_rows, err) != 0) return -1;
  }
  if (s->sheet != NULL && write_sheet(data, s->sheet, err) != 0) return -1;
  (void)printf("%s: %zu training and %zu validation images of %zux%zu\n", s->set, data->train_rows,
               data->valid_rows, data->height, data->width);
  return 0;
}

static dataset_request request_of(const settings *s) {
  const dataset_request request = {.source = s->set,
                                   .root = s->root,
                                   .inputs = (size_t)(s->side * s->side),
                                   .target = s->labels ? DATASET_CLASS : DATASET_INPUT,
                                   .no_net = 1,
                                   .limit = (size_t)s->train,
                                   .seed = s->seed,
                                   .train_rows = (size_t)s->train,
                                   .valid_rows = (size_t)s->valid,
                                   .crops = (size_t)s->crops};
  return request;
}

static int run_program(int argc, char **argv) {
  settings s = {.set = "curves", .seed = 1, .crops = 100};
  option_spec table[] = {
      OPTION_STRING("set", s.set, "NAME",
                    "curves, faces, mnist, fashion-mnist, or a folder of IDX files"),
      OPTION_STRING("root", s.root, "DIR",
                    "folder that holds the original sets (default: $KFIX_DATA, then ./data)"),
      OPTION_STRING("out", s.out, "DIR", "folder to write the IDX files to; made if need be"),
      OPTION_STRING("sheet", s.sheet, "FILE",
                    "picture of the first 100 training images, .png or .pgm"),
      OPTION_U64("seed", s.seed, "S", "seed of what is generated"),
      OPTION_INT("train", s.train, 0, 1000000000, "N", "training images; 0: all, of curves 16000"),
      OPTION_INT("valid", s.valid, 0, 1000000000, "N", "validation images; 0: all, of curves 4000"),
      OPTION_INT("crops", s.crops, 1, 100000, "N",
                 "crops of each face; the literature's set has 414"),
      OPTION_INT("side", s.side, 0, 1024, "N", "average the images down to N x N; 0: as they are"),
      OPTION_FLAG("labels", s.labels, "write the class labels too"),
  };
  option_program program = {.name = "kfix-datagen",
                            .summary = "Writes an image set as IDX files that kfix-train reads.",
                            .usage = "--out DIR [--set NAME] [options]",
                            .options = table,
                            .count = OPTION_COUNT(table)};
  tool_error err;
  dataset data;
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome == OPTIONS_HELP ? 0 : 2;
  if (s.out == NULL && s.sheet == NULL) {
    (void)tool_fail(&err, "nothing to do: give --out DIR, --sheet FILE or both");
    return options_complain(&program, &err);
  }
  const dataset_request request = request_of(&s);
  if (s.out != NULL && dataset_reads(&request, s.out)) {
    (void)tool_fail(&err, "--out %s: the set itself is there: name another folder", s.out);
    return options_complain(&program, &err);
  }
  if (dataset_open(&data, &request, &err) != 0) return tool_report(program.name, &err);
  const int answer = write_set(&data, &s, &err);
  dataset_free(&data);
  return answer == 0 ? 0 : tool_report(program.name, &err);
}

int main(int argc, char **argv) {
  standard_output_begin();
  return standard_output_end("kfix-datagen", run_program(argc, argv));
}
