/* SPDX-License-Identifier: Apache-2.0
 * A data set in memory: n rows of d inputs, and what is wanted of each: the input itself, a class,
 * or values. Rows 0 .. train_rows - 1 are for training, the next valid_rows for validation.
 *
 * Sources, by name or by path:
 *   curves          generated (curves.h); needs no file
 *   mnist, fashion-mnist, or a folder with {train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz]
 *                   train is the training part, t10k the validation part
 *   faces, or a folder with olivetti-images-idx3-ubyte[.gz]
 *                   crops (faces.h): people 0-24 train, people 30-39 validate; row i is crop i / n
 *                   of picture i mod n, so that the first rows show everybody
 *   digits, or a file of just the name digits.csv[.gz]
 *                   inputs / 16; first 1500 rows train, the rest validate; last column: the class
 *   a file *.csv[.gz] or *.tsv[.gz] (table_csv.h)
 *                   last column: the target; inputs (and a target of values) are standardised:
 *                   minus the mean, over the standard deviation, both of the training part; what
 *                   does not vary there becomes 0. Targets that must lie in a range stay as they are
 *   cifar10, cifar100, or a folder with *.bin[.gz] of CIFAR records; files with "test" in their
 *                   name validate; of CIFAR-100 the fine label, or the coarse one for 20 outputs
 *   a file *.npy or a folder with x.npy [y.npy] [x_valid.npy [y_valid.npy]], or .npy.gz
 *                   as it is; inputs in bytes are pixels; classes are numbers or one-hot rows; rows of
 *                   three dimensions for a net that takes images: their channels first or last
 * Where a source has no validation part of its own, every fifth row (4, 9, 14, ...) is it. A request
 * may want another split: a part of the training rows, drawn at random but alike for every seed and
 * request (its rows stay in their order), or the training rows of another source.
 *
 * A name is looked up under `root`, else in the folder that the environment variable KFIX_DATA
 * names, else in ./data; fashion-mnist also where Debian's package dataset-fashion-mnist puts it.
 *
 * Pixels become p / 255, and may be standardised: minus the mean, over the standard deviation, both
 * of all training pixels of their channel. A square image larger than the net takes is averaged down: a
 * net of 256 inputs sees MNIST as 16 x 16 (area_average.h), one of 3 x r x r inputs sees CIFAR so.
 *
 * A net whose config says that its input is an image (KFIX_INPUT_SHAPE) sees one: a row is (row, column,
 * channel). Any other net sees the planes of the channels one after the other, as they are stored. */
#ifndef KFIX_TOOLS_DATASET_H
#define KFIX_TOOLS_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "core/net_spec.h"
#include "core/real.h"
#include "dataset_facts.h"
#include "files/tool_error.h"

#define DATASET_CHANNELS_MAX 3 /* of pixels in bytes */

typedef enum dataset_target {
  DATASET_INPUT, /* an autoencoder: y is x */
  DATASET_CLASS, /* y is one-hot; with one output, the class 0 or 1 itself */
  DATASET_VALUES /* y is a row of numbers */
} dataset_target;

typedef enum dataset_range {
  DATASET_ANY,   /* any finite number */
  DATASET_UNIT,  /* 0 to 1 each */
  DATASET_SHARES /* not negative, each row adds up to 1 */
} dataset_range;

/* Zero means the default, except target. */
typedef struct dataset_request {
  const char *source;     /* NULL: curves */
  const char *root;       /* NULL: $KFIX_DATA, then ./data */
  size_t inputs, outputs; /* of the net; 0: as the source has them */
  kfix_image image;       /* of the net's inputs; none, or one place of channels alone: no image */
  dataset_target target;
  dataset_range range; /* what the loss takes as targets; others are refused with file and row */
  int no_net;          /* 1: nobody's network, so messages do not speak of a config */
  size_t limit;        /* use the first so many training rows; 0: all */
  int divided;     /* 1: `fraction` of the training rows validate, none of the source's own part */
  double fraction; /* 0 to < 1, rounded to whole rows */
  const char *validation; /* another source, whose training rows validate instead; NULL: none */
  uint64_t seed;          /* of generated sets */
  size_t train_rows;      /* of curves; 0: 16000 */
  size_t valid_rows;      /* of curves; 0: 4000 */
  size_t crops;           /* of faces, per original; 0: 100. The literature has 414 */
  int standard;           /* 1: pixels are standardised by channel */
  /* New data for weights that were trained on others: numbers are moved as theirs were, columns and
   * classes must have their names; NULL: data to train on. */
  const dataset_facts *as;
  int without_targets; /* with `as`: none are read, nor need they be there */
} dataset_request;

typedef enum dataset_split {
  DATASET_TAIL,  /* validation rows are stored after the training rows */
  DATASET_FIFTH, /* every fifth row is a validation row */
  DATASET_DRAWN  /* `order` has the places of the training rows, then of the validation rows */
} dataset_split;

typedef struct dataset {
  size_t train_rows, valid_rows, inputs, outputs;
  dataset_target target;
  size_t channels, height, width; /* of rows that are images; else 0 */
  int interleaved;                /* a row is (row, column, channel); else planes */
  size_t classes;                 /* largest label and one; 0: no labels */
  char text[160];                 /* "mnist: 60000 + 10000 images of 28x28, pixels / 255" */
  char how[160];                  /* which rows validate: "every fifth row (4, 9, 14, ...)" */

  /* How it is stored; for the loaders. Exactly one of pixels and values is there. */
  dataset_split split;
  size_t stored_train;   /* training rows before `limit` */
  size_t *order;         /* of DATASET_DRAWN, else NULL */
  size_t comments;       /* lines of a table that were skipped as comments */
  unsigned char *pixels; /* planes one after the other */
  kfix_real *values;
  uint32_t *labels;  /* one per stored row, or NULL */
  size_t *lines;     /* of each stored row in its text file, or NULL; for messages */
  kfix_real *wanted; /* stored rows x wanted_cols, or NULL */
  size_t wanted_cols;
  kfix_real grey[DATASET_CHANNELS_MAX][256]; /* what the net sees of a byte: p / 255, moved */
  dataset_facts facts;                       /* what was done to numbers, and names */
} dataset;

/* Reads or generates everything; free with dataset_free. -1: the message is one line with what to
 * do, and *out is empty. Values that are not finite are refused with file and row. */
int dataset_open(dataset *out, const dataset_request *request, tool_error *err);
void dataset_free(dataset *data);

/* The numbers of one channel within a row: count of them, the first at `first`, `step` apart. Of rows that
 * are no images everything is one channel. */
typedef struct dataset_stride {
  size_t first, step, count;
} dataset_stride;
size_t dataset_channels(const dataset *data);
dataset_stride dataset_channel(const dataset *data, size_t channel);

/* Where a row is stored. */
size_t dataset_place(const dataset *data, size_t row);

/* 1 if path is the place of that set: its file, its folder, or a file of it in that folder. */
int dataset_reads(const dataset_request *request, const char *path);

/* x (rows x inputs) and y (rows x outputs; NULL: not wanted) of rows order[first ..], or of rows
 * first ... when order is NULL. Padding columns are left alone. Row numbers are trusted. */
void dataset_fetch(const dataset *data, const uint32_t *order, size_t first, size_t rows,
                   kfix_real *x, size_t ldx, kfix_real *y, size_t ldy);

/* Makes every row a training row, in the order in which they are stored: in one file, that of the
 * file. */
void dataset_take_all(dataset *data);

/* A kfix_fetch over rows of a set: row i is row order[first + i], or first + i where order is NULL. */
typedef struct dataset_rows {
  const dataset *data;
  const uint32_t *order;
  size_t first;
} dataset_rows;
int dataset_fetch_rows(void *rows, size_t first, size_t count, kfix_real *x, size_t ldx,
                       kfix_real *y, size_t ldy);

/* The bytes of one image, planes one after the other; NULL if the source is not of pixels. */
const unsigned char *dataset_pixels(const dataset *data, size_t row);
/* The label of a row; the set has classes. */
uint32_t dataset_label(const dataset *data, size_t row);

#endif
