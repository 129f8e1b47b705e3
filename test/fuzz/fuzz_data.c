/* SPDX-License-Identifier: Apache-2.0
 * Data sets, from their files to rows for a network. */
#include <math.h>

#include "data/dataset.h"
#include "files/atomic_file.h"
#include "fuzz_target.h"

enum { ROWS_USED = 20, NOT_THERE = 0xffff };

/* A folder of its own for each target, as what lies in a folder says what it is. */
static const char *own_folder(const char *name) {
  static char path[2048];
  tool_error err;
  (void)snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
  FUZZ_REQUIRE(make_folder(path, &err) == 0);
  return path;
}

/* The next file of the input: its length, or NOT_THERE, then its bytes. The name is that in
 * fuzz_folder. */
static void put_file(fuzz_bytes *b, const char *name) {
  const size_t length = fuzz_u16(b), size = length < b->left ? length : b->left;
  const char *path = fuzz_file(name, b->at, size);
  b->at += size;
  b->left -= size;
  if (length == NOT_THERE) FUZZ_REQUIRE(remove(path) == 0);
}

/* What the net wants. */
static dataset_request request_of(fuzz_bytes *b, const char *source) {
  static const size_t outputs[] = {0, 1, 2, 3, 10};
  const dataset_request request = {.source = source,
                                   .target = (dataset_target)(fuzz_u8(b) % 3),
                                   .range = (dataset_range)(fuzz_u8(b) % 3),
                                   .outputs = outputs[fuzz_u8(b) % 5],
                                   .limit = fuzz_u8(b) % 5};
  return request;
}

static void require_target(const dataset *set, const kfix_real *y) {
  double sum = 0;
  for (size_t j = 0; j < set->outputs; j++) {
    FUZZ_REQUIRE(isfinite(y[j]));
    FUZZ_REQUIRE(set->target != DATASET_CLASS || y[j] == 0 || y[j] == 1);
    sum += (double)y[j];
  }
  FUZZ_REQUIRE(set->target != DATASET_CLASS || sum == 1 || set->outputs == 1);
}

/* Every number is finite, every class is one of the classes. */
static void use(const dataset_request *request) {
  dataset set;
  tool_error err = {{0}};
  if (dataset_open(&set, request, &err) != 0) {
    fuzz_require_message(&err);
    return;
  }
  kfix_real *x = malloc((set.inputs + set.outputs) * sizeof *x), *y = x + set.inputs;
  FUZZ_REQUIRE(x != NULL && set.train_rows > 0);
  const size_t rows = set.train_rows + set.valid_rows;
  for (size_t row = 0; row < rows && row < ROWS_USED; row++) {
    dataset_fetch(&set, NULL, row, 1, x, set.inputs, y, set.outputs);
    for (size_t i = 0; i < set.inputs; i++) FUZZ_REQUIRE(isfinite(x[i]));
    require_target(&set, y);
  }
  free(x);
  dataset_free(&set);
}

/* Input: what the net wants, then the table. */
void fuzz_table(const unsigned char *data, size_t size) {
  fuzz_bytes b = {data, size};
  dataset_request request = request_of(&b, NULL);
  request.source = fuzz_file("table.csv", b.at, b.left);
  use(&request);
}

/* Input: what the net wants, then four files. */
void fuzz_arrays(const unsigned char *data, size_t size) {
  fuzz_bytes b = {data, size};
  const dataset_request request = request_of(&b, own_folder("arrays"));
  put_file(&b, "arrays/x.npy");
  put_file(&b, "arrays/y.npy");
  put_file(&b, "arrays/x_valid.npy");
  put_file(&b, "arrays/y_valid.npy");
  use(&request);
}

/* The same, of images. */
void fuzz_images(const unsigned char *data, size_t size) {
  fuzz_bytes b = {data, size};
  const dataset_request request = request_of(&b, own_folder("images"));
  put_file(&b, "images/train-images-idx3-ubyte");
  put_file(&b, "images/train-labels-idx1-ubyte");
  put_file(&b, "images/t10k-images-idx3-ubyte");
  put_file(&b, "images/t10k-labels-idx1-ubyte");
  use(&request);
}
