/* SPDX-License-Identifier: Apache-2.0
 * What dataset_open.c asks of the readers of each kind of source: fill pixels or values, labels or
 * wanted, the row counts, the shape and the text. They may leave `out` half filled on failure; the
 * caller frees it. */
#ifndef KFIX_TOOLS_DATASET_LOAD_H
#define KFIX_TOOLS_DATASET_LOAD_H

#include "dataset.h"

#define DATASET_PATH_BYTES 2048
#define DATASET_ROW_BYTES  40

typedef enum dataset_kind {
  DATASET_KIND_CURVES,
  DATASET_KIND_IDX,
  DATASET_KIND_FACES,
  DATASET_KIND_CIFAR,
  DATASET_KIND_CSV,
  DATASET_KIND_NPY
} dataset_kind;

/* Which kind a source is and where its files are; checks that they are there. */
int dataset_find(const dataset_request *request, dataset_kind *kind, char path[DATASET_PATH_BYTES],
                 tool_error *err);

/* Everything into memory, divided into training and validation rows, not yet fitted to a net. */
int dataset_load(dataset *out, const dataset_request *request, tool_error *err);

int dataset_load_curves(dataset *out, const dataset_request *request, tool_error *err);
int dataset_load_idx(dataset *out, const dataset_request *request, const char *folder,
                     tool_error *err);
int dataset_load_faces(dataset *out, const dataset_request *request, const char *folder,
                       tool_error *err);
int dataset_load_cifar(dataset *out, const dataset_request *request, const char *folder,
                       tool_error *err);
int dataset_load_csv(dataset *out, const dataset_request *request, const char *path,
                     tool_error *err);
int dataset_load_npy(dataset *out, const dataset_request *request, const char *path,
                     tool_error *err);

/* out->pixels for so many rows of so many pixels. */
int dataset_reserve_pixels(dataset *out, size_t rows, size_t pixels, tool_error *err);

/* Divides `rows` stored rows that have no validation part of their own: every fifth, or as the
 * request says. */
int dataset_split_rows(dataset *out, const dataset_request *request, size_t rows, tool_error *err);
/* Draws the request's fraction of the training rows of a source that has a validation part, which is
 * left unused. */
int dataset_split_again(dataset *out, const dataset_request *request, tool_error *err);
/* The training rows of `other`, as it was loaded, become the validation part of out. */
int dataset_split_join(dataset *out, const dataset *other, const char *name, tool_error *err);
/* Fills out->how. */
void dataset_split_describe(dataset *out, const dataset_request *request);

/* Moves pixels as the request wants it, or as those of its `as` were moved; `out` is fitted to the net
 * and knows its training rows. cost: reads them twice. */
int dataset_standardise(dataset *out, const dataset_request *request, tool_error *err);

/* 1 where the net's input is an image. */
int dataset_wants_image(const dataset_request *request);

/* Labels out of wanted: one column of whole numbers >= 0, or one-hot rows; `path` for the message. */
int dataset_labels_from_wanted(dataset *out, const char *path, tool_error *err);

/* What a message calls a stored row: "line 7" of a text file, else "row 6", counted from 0 in its
 * part; `text` filled. Where the parts lie apart, stored_train must be set. */
const char *dataset_row_text(const dataset *data, size_t stored, char text[DATASET_ROW_BYTES]);

/* Answers -1 and says what to do with a file, or a folder of files, packed with xz. */
int dataset_fail_xz(const char *path, tool_error *err);

/* folder/name, cut to the buffer. */
void dataset_join(char path[DATASET_PATH_BYTES], const char *folder, const char *name);

/* 1 if text ends with tail or with tail.gz. */
int dataset_named(const char *text, const char *tail);

#endif
