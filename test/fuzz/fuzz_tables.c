/* SPDX-License-Identifier: Apache-2.0
 * CSV tables, gzip files, CIFAR records, logs of a run that is resumed. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "data/dataset.h"
#include "data/table_csv.h"
#include "fuzz_target.h"
#include "tools/train/step_table.h"

void fuzz_csv(const unsigned char *data, size_t size) {
  file_bytes bytes = {malloc(size + 1), size};
  csv_table table;
  tool_error err = {{0}};
  FUZZ_REQUIRE(bytes.data != NULL);
  if (size > 0) memcpy(bytes.data, data, size);
  bytes.data[size] = '\0';
  if (csv_parse("file", &bytes, &table, &err) == 0) {
    for (size_t i = 0; i < table.rows * table.cols; i++) FUZZ_REQUIRE(isfinite(table.values[i]));
    csv_free(&table);
  } else {
    fuzz_require_message(&err);
  }
  const csv_wish words = {1, NULL, 0};
  if (csv_parse_as("file", &bytes, &words, &table, &err) == 0) {
    for (size_t i = 0; i < table.rows * table.cols; i++) FUZZ_REQUIRE(isfinite(table.values[i]));
    csv_free(&table);
  } else {
    fuzz_require_message(&err);
  }
  file_free(&bytes);
}

void fuzz_gzip(const unsigned char *data, size_t size) {
  file_bytes bytes;
  tool_error err = {{0}};
  if (file_read(fuzz_file("any", data, size), &bytes, &err) == 0) {
    FUZZ_REQUIRE(bytes.data[bytes.size] == '\0');
    file_free(&bytes);
  } else {
    fuzz_require_message(&err);
    FUZZ_REQUIRE(bytes.data == NULL);
  }
}

/* A few records are made of a few bytes: how many bytes they lack or have too many, what the net
 * wants of them, then the bytes themselves, over and over. */
void fuzz_cifar(const unsigned char *data, size_t size) {
  static unsigned char records[4 * 3074 + 4];
  static const size_t inputs[] = {0, 3072, 768, 192, 3, 75, 3071};
  fuzz_bytes b = {data, size};
  const size_t count = fuzz_u8(&b) % 5, bytes_each = 3073 + fuzz_u8(&b) % 2;
  const size_t length = count * bytes_each + fuzz_u8(&b) % 4;
  const dataset_request request = {.source = fuzz_folder(),
                                   .inputs = inputs[fuzz_u8(&b) % 7],
                                   .outputs = (size_t[]){0, 10, 20, 100}[fuzz_u8(&b) % 4],
                                   .target = DATASET_CLASS,
                                   .limit = fuzz_u8(&b) % 5};
  for (size_t i = 0; i < length; i++) records[i] = b.left ? b.at[i % b.left] : 0;
  (void)fuzz_file("data_batch_1.bin", records, length);
  dataset set;
  tool_error err = {{0}};
  kfix_real x[3072], y[512];
  if (dataset_open(&set, &request, &err) != 0) {
    fuzz_require_message(&err);
    return;
  }
  FUZZ_REQUIRE(set.inputs <= 3072 && set.classes <= 256);
  for (size_t row = 0; row < set.train_rows + set.valid_rows; row++) {
    const size_t outputs = request.outputs ? request.outputs : set.outputs;
    FUZZ_REQUIRE(outputs <= 512);
    dataset_fetch(&set, NULL, row, 1, x, set.inputs, y, outputs);
    for (size_t i = 0; i < set.inputs; i++) FUZZ_REQUIRE(x[i] >= 0 && x[i] <= 1);
  }
  dataset_free(&set);
}

/* Input: a log. Of one with the right columns, whole lines up to the step are kept, and the next
 * line follows them. */
void fuzz_log(const unsigned char *data, size_t size) {
  step_table log;
  file_bytes bytes;
  tool_error err = {{0}};
  const char *path = fuzz_file("log.csv", data, size);
  if (step_table_open(&log, path, "step,a", 1, &err) != 0) {
    fuzz_require_message(&err);
    return;
  }
  FUZZ_REQUIRE(step_table_begin(&log, 2, &err) == 0);
  step_table_start(&log, 3);
  step_table_real(&log, 0.5);
  FUZZ_REQUIRE(step_table_end(&log, &err) == 0 && step_table_close(&log, &err) == 0);
  FUZZ_REQUIRE(file_read(path, &bytes, &err) == 0);
  FUZZ_REQUIRE(bytes.size >= 13 && memcmp(bytes.data, "step,a\n", 7) == 0);
  FUZZ_REQUIRE(strcmp((const char *)bytes.data + bytes.size - 7, "\n3,0.5\n") == 0);
  file_free(&bytes);
}
