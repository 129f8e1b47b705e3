/* SPDX-License-Identifier: Apache-2.0
 * Data sets of numbers in .npy arrays: split, scaled and refused as dataset.h says. */
#include <stdlib.h>

#include "arrays/npy.h"
#include "check.h"
#include "dataset_case.h"

void setUp(void) {
  dataset_begin();
}

void tearDown(void) {
  dataset_end();
}

static int open_as(dataset_target target, size_t inputs, size_t outputs) {
  const dataset_request request = {
      .source = scratch_folder, .inputs = inputs, .outputs = outputs, .target = target};
  return dataset_open(&data, &request, &err);
}

static void refused(dataset_target target, size_t inputs, size_t outputs, const char *part) {
  CHECK_INT(-1, open_as(target, inputs, outputs));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
}

static void save_npy(const char *name, tensor_type type, size_t rows, size_t cols,
                     const void *values) {
  const tensor_view view = tensor_of(name, type, rows, cols, values);
  CHECK_INT(0, npy_save(in_folder(name), &view, &err));
}

void test_npy_folders(void) {
  static const double x[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  static const float y[18] = {0.5f, 1, 2};
  kfix_real got_x[2], got_y[3];
  save_npy("x.npy", TENSOR_F64, 6, 2, x);
  save_npy("y.npy", TENSOR_F32, 6, 3, y);
  CHECK_INT(0, open_as(DATASET_VALUES, 2, 3));
  CHECK_INT(5, data.train_rows);
  CHECK_INT(1, data.valid_rows);
  dataset_fetch(&data, NULL, 5, 1, got_x, 2, got_y, 3); /* every fifth row: row 4 */
  CHECK_NEAR(0, 8, got_x[0]);
  dataset_fetch(&data, NULL, 4, 1, got_x, 2, got_y, 3);
  CHECK_NEAR(0, 10, got_x[0]);
  dataset_free(&data);
  save_npy("x_valid.npy", TENSOR_F64, 2, 2, x);
  save_npy("y_valid.npy", TENSOR_F32, 2, 3, y);
  CHECK_INT(0, open_as(DATASET_VALUES, 2, 3));
  CHECK_INT(6, data.train_rows);
  CHECK_INT(2, data.valid_rows);
  dataset_fetch(&data, NULL, 6, 1, got_x, 2, got_y, 3);
  CHECK_NEAR(0, 0.5, got_y[0]);
  dataset_free(&data);
  save_npy("y_valid.npy", TENSOR_F32, 1, 3, y);
  refused(DATASET_VALUES, 2, 3, "1 targets for 2 rows");
  refused(DATASET_INPUT, 4, 4, "has 2 inputs, the net takes 4");
}

void test_npy_values_that_are_not_finite_are_refused(void) {
  const double x[4] = {0, 1, (double)NAN, 3};
  save_npy("x.npy", TENSOR_F64, 2, 2, x);
  refused(DATASET_INPUT, 2, 2, "row 1, column 0 holds");
}

static void range_refused(dataset_target target, dataset_range range, const char *part) {
  const dataset_request request = {.source = scratch_folder, .target = target, .range = range};
  CHECK_INT(-1, dataset_open(&data, &request, &err));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
}

void test_targets_outside_their_range_are_refused(void) {
  static const double x[4] = {0, 1, 1, 10}, shares[4] = {0.25, 0.75, 1, 0.5};
  save_npy("x.npy", TENSOR_F64, 2, 2, x);
  save_npy("y.npy", TENSOR_F64, 2, 2, shares);
  range_refused(DATASET_INPUT, DATASET_UNIT, "row 1: 10: the bernoulli loss takes");
  range_refused(DATASET_VALUES, DATASET_SHARES, "row 1: 1.5: the categorical loss takes");
  const dataset_request fine = {
      .source = scratch_folder, .target = DATASET_VALUES, .range = DATASET_UNIT};
  CHECK_INT(0, dataset_open(&data, &fine, &err));
  dataset_free(&data);
  save_npy("x_valid.npy", TENSOR_F64, 2, 2, shares);
  save_npy("y_valid.npy", TENSOR_F64, 2, 2, x);
  range_refused(DATASET_VALUES, DATASET_UNIT, "validation row 1: 10: the bernoulli");
}

/* 6 rows of 2 inputs, and their classes in this form. */
static void save_classes(tensor_type type, size_t cols, const void *classes) {
  static const float x[12] = {0, 1, 2, 3};
  save_npy("x.npy", TENSOR_F32, 6, 2, x);
  save_npy("y.npy", type, 6, cols, classes);
}

static void classes_are_read(size_t outputs) {
  static const size_t classes[6] = {2, 0, 1, 1, 2, 0};
  kfix_real x[2], y[3];
  CHECK_MSG(open_as(DATASET_CLASS, 2, outputs) == 0, err.text);
  CHECK_INT(3, data.outputs);
  for (size_t i = 0; i < 6; i++) {
    const size_t row = i == 5 ? 4 : i + (i == 4); /* row 4 validates, and so comes last */
    dataset_fetch(&data, NULL, i, 1, x, 2, y, 3);
    for (size_t j = 0; j < 3; j++) CHECK_NEAR(0, classes[row] == j, y[j]);
  }
  dataset_free(&data);
}

void test_classes_are_numbers_of_any_type_or_one_hot_rows(void) {
  static const double numbers[6] = {2, 0, 1, 1, 2, 0};
  static const int32_t integers[6] = {2, 0, 1, 1, 2, 0};
  static const unsigned char bytes[6] = {2, 0, 1, 1, 2, 0};
  static const unsigned char hot[18] = {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
  float floats[18];
  for (int i = 0; i < 18; i++) floats[i] = hot[i];
  for (size_t outputs = 0; outputs <= 3; outputs += 3) {
    save_classes(TENSOR_F64, 1, numbers);
    classes_are_read(outputs);
    save_classes(TENSOR_I32, 1, integers);
    classes_are_read(outputs);
    save_classes(TENSOR_U8, 1, bytes);
    classes_are_read(outputs);
    save_classes(TENSOR_BOOL, 3, hot);
    classes_are_read(outputs);
    save_classes(TENSOR_U8, 3, hot);
    classes_are_read(outputs);
    save_classes(TENSOR_F32, 3, floats);
    classes_are_read(outputs);
  }
}

void test_rows_that_are_not_one_hot_are_refused(void) {
  static const float bad[][3] = {{0, 0, 0}, {1, 1, 0},  {0.5f, 0.5f, 0},
                                 {0, 2, 0}, {1, 0, -1}, {1, 0.25f, 0}};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    float y[18] = {1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1};
    memcpy(y + 9, bad[i], sizeof bad[i]);
    save_classes(TENSOR_F32, 3, y);
    refused(DATASET_CLASS, 2, 3, "y.npy: row 3 is not one-hot");
  }
}

/* One-hot rows say how many classes there are, also those that no row is of. */
void test_one_hot_rows_fit_a_net_with_as_many_outputs(void) {
  static const float y[18] = {1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0};
  static const float pairs[12] = {1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1};
  kfix_real x[2], got[1];
  save_classes(TENSOR_F32, 3, y);
  CHECK_INT(0, open_as(DATASET_CLASS, 2, 3));
  CHECK_INT(3, data.classes);
  dataset_free(&data);
  refused(DATASET_CLASS, 2, 2, "has 3 classes, the net has 2 outputs");
  refused(DATASET_CLASS, 2, 4, "has 3 classes, the net has 4 outputs");
  save_classes(TENSOR_F32, 2, pairs);
  CHECK_INT(0, open_as(DATASET_CLASS, 2, 1)); /* one output gets the class itself */
  dataset_fetch(&data, NULL, 1, 1, x, 2, got, 1);
  CHECK_NEAR(0, 1, got[0]);
}

void test_inputs_in_bytes_are_pixels_in_both_parts_or_none(void) {
  static const unsigned char bytes[4] = {0, 255, 51, 102};
  static const float numbers[4] = {0, 1, 0.25f, 2};
  kfix_real x[2];
  save_npy("x.npy", TENSOR_U8, 2, 2, bytes);
  save_npy("x_valid.npy", TENSOR_U8, 2, 2, bytes);
  CHECK_INT(0, open_as(DATASET_INPUT, 2, 2));
  dataset_fetch(&data, NULL, 3, 1, x, 2, NULL, 0);
  CHECK_NEAR(KFIX_REAL_EPS, 0.2, x[0]);
  dataset_free(&data);
  save_npy("x_valid.npy", TENSOR_F32, 2, 2, numbers);
  refused(DATASET_INPUT, 2, 2, "x_valid.npy: holds numbers, the training rows bytes");
  save_npy("x.npy", TENSOR_I16, 2, 1, numbers);
  save_npy("x_valid.npy", TENSOR_U8, 2, 1, bytes);
  refused(DATASET_INPUT, 1, 1, "x_valid.npy: holds bytes (pixels), the training rows numbers");
}

static void pack(const char *name) {
  char command[2 * SCRATCH_BYTES + 16];
  (void)snprintf(command, sizeof command, "gzip -f '%s'", in_folder(name));
  CHECK_INT(0, system(command));
}

void test_packed_arrays_are_not_overlooked(void) {
  static const double x[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  kfix_real got_x[1], got_y[1];
  save_npy("x.npy", TENSOR_F64, 10, 1, x);
  save_npy("y.npy", TENSOR_F64, 10, 1, x);
  save_npy("x_valid.npy", TENSOR_F64, 2, 1, x + 5);
  save_npy("y_valid.npy", TENSOR_F64, 2, 1, x + 7);
  pack("x.npy");
  pack("x_valid.npy");
  pack("y_valid.npy");
  CHECK_MSG(open_as(DATASET_VALUES, 1, 1) == 0, err.text);
  CHECK_INT(10, data.train_rows);
  CHECK_INT(2, data.valid_rows);
  dataset_fetch(&data, NULL, 11, 1, got_x, 1, got_y, 1);
  CHECK_NEAR(0, 6, got_x[0]);
  CHECK_NEAR(0, 8, got_y[0]);
}
