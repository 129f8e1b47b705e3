/* SPDX-License-Identifier: Apache-2.0
 * Which rows of a data set validate: the fraction or the other data that a request asks for. */
#include <math.h>
#include <stdlib.h>

#include "arrays/npy.h"
#include "check.h"
#include "dataset_case.h"

enum { ROWS = 200, PATH_BYTES = 2 * SCRATCH_BYTES };

void setUp(void) {
  dataset_begin();
}

void tearDown(void) {
  dataset_end();
}

/* Row i is (i, i mod 3) for i from first on. */
static void save_table(const char *name, int first, int rows) {
  FILE *stream = fopen(in_folder(name), "w");
  (void)fprintf(stream, "x,class\n");
  for (int i = first; i < first + rows; i++) (void)fprintf(stream, "%d,%d\n", i, i % 3);
  (void)fclose(stream);
}

static void save_array(const char *name, int first, int rows) {
  double values[ROWS];
  for (int i = 0; i < rows; i++) values[i] = first + i;
  const tensor_view view = tensor_of(name, TENSOR_F64, (size_t)rows, 1, values);
  CHECK_INT(0, npy_save(in_folder(name), &view, &err));
}

static double value_of(size_t row) {
  kfix_real x;
  dataset_fetch(&data, NULL, row, 1, &x, 1, NULL, 0);
  return (double)x;
}

static int open_array(const char *name, int divided, double fraction) {
  char path[PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s", in_folder(name));
  const dataset_request request = {
      .source = path, .divided = divided, .fraction = fraction, .target = DATASET_INPUT};
  dataset_free(&data);
  return dataset_open(&data, &request, &err);
}

/* Every row once, each part in the order of the file. */
static void check_parts(size_t rows) {
  unsigned char seen[ROWS] = {0};
  CHECK_INT(rows, data.train_rows + data.valid_rows);
  for (size_t k = 0; k < rows; k++) {
    const double value = value_of(k);
    seen[(size_t)value]++;
    if (k > 0 && k != data.train_rows) CHECK(value > value_of(k - 1));
  }
  for (size_t i = 0; i < rows; i++) CHECK_INT(1, seen[i]);
}

void test_a_fraction_is_rounded_to_whole_rows(void) {
  save_array("a.npy", 0, 50);
  CHECK_INT(0, open_array("a.npy", 1, 0.25));
  CHECK_INT(13, data.valid_rows); /* 12.5 and a half */
  check_parts(50);
  CHECK_INT(0, open_array("a.npy", 1, 0.01));
  CHECK_INT(1, data.valid_rows);
  check_parts(50);
  CHECK_INT(-1, open_array("a.npy", 1, 0.009));
  CHECK_MSG(strstr(err.text, "0.009 of 50 rows for validation leaves one part empty") != NULL,
            err.text);
  CHECK_INT(-1, open_array("a.npy", 1, 0.99));
}

void test_a_fraction_of_0_leaves_all_rows_for_training(void) {
  save_array("a.npy", 0, 50);
  CHECK_INT(0, open_array("a.npy", 1, 0));
  CHECK_INT(50, data.train_rows);
  CHECK_INT(0, data.valid_rows);
  check_parts(50);
}

/* A class that comes round every k rows is in both parts about as often: the bound is four standard
 * deviations of a draw without replacement. */
void test_the_draw_has_no_rhythm(void) {
  save_array("a.npy", 0, ROWS);
  CHECK_INT(0, open_array("a.npy", 1, 0.2));
  CHECK_INT(40, data.valid_rows);
  for (int period = 2; period <= 10; period++) {
    int hits = 0;
    for (size_t k = data.train_rows; k < ROWS; k++) hits += (int)value_of(k) % period == 0;
    const double p = 1.0 / period, deviation = sqrt(40 * p * (1 - p) * (ROWS - 40) / (ROWS - 1));
    CHECK_NEAR(4 * deviation, 40 * p, hits);
  }
}

void test_a_source_that_brings_a_part_along_leaves_it_unused(void) {
  double first[3];
  save_array("x.npy", 0, 50);
  save_array("x_valid.npy", 100, 7);
  const dataset_request own = {.source = scratch_folder, .target = DATASET_INPUT};
  CHECK_INT(0, dataset_open(&data, &own, &err));
  CHECK_INT(7, data.valid_rows);
  CHECK_STR("the part that the data bring along", data.how);
  dataset_free(&data);
  const dataset_request drawn = {
      .source = scratch_folder, .target = DATASET_INPUT, .divided = 1, .fraction = 0.1};
  CHECK_INT(0, dataset_open(&data, &drawn, &err));
  CHECK_INT(45, data.train_rows);
  check_parts(50);
  for (size_t k = 0; k < 3; k++) first[k] = value_of(45 + k);
  CHECK_INT(0, open_array("x.npy", 1, 0.1)); /* alike for every run */
  for (size_t k = 0; k < 3; k++) CHECK_NEAR(0, first[k], value_of(45 + k));
}

void test_a_limit_takes_the_first_training_rows_of_the_split(void) {
  char path[PATH_BYTES];
  save_array("a.npy", 0, 50);
  (void)snprintf(path, sizeof path, "%s", in_folder("a.npy"));
  const dataset_request request = {.source = path, .limit = 20, .divided = 1, .fraction = 0.2};
  double all[20], valid[10];
  CHECK_INT(0, open_array("a.npy", 1, 0.2));
  for (size_t k = 0; k < 20; k++) all[k] = value_of(k);
  for (size_t k = 0; k < 10; k++) valid[k] = value_of(40 + k);
  dataset_free(&data);
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(20, data.train_rows);
  CHECK_INT(10, data.valid_rows);
  for (size_t k = 0; k < 20; k++) CHECK_NEAR(0, all[k], value_of(k));
  for (size_t k = 0; k < 10; k++) CHECK_NEAR(0, valid[k], value_of(20 + k));
}

/* Standardised: the mean of the training rows, of a table in any split, is 0, and their squares'
 * mean 1. */
static void check_moments(void) {
  double sum = 0, squares = 0;
  for (size_t k = 0; k < data.train_rows; k++) {
    sum += value_of(k);
    squares += value_of(k) * value_of(k);
  }
  const double n = (double)data.train_rows;
  CHECK_NEAR(n * KFIX_REAL_EPS, 0, sum);
  CHECK_NEAR(4 * n * KFIX_REAL_EPS, n, squares);
}

static int open_table(const char *other, int divided, double fraction) {
  char path[PATH_BYTES], validation[PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s", in_folder("t.csv"));
  (void)snprintf(validation, sizeof validation, "%s", in_folder(other == NULL ? "" : other));
  const dataset_request request = {.source = path,
                                   .target = DATASET_CLASS,
                                   .divided = divided,
                                   .fraction = fraction,
                                   .validation = other == NULL ? NULL : validation};
  dataset_free(&data);
  return dataset_open(&data, &request, &err);
}

void test_tables_are_standardised_by_the_rows_that_train(void) {
  save_table("t.csv", 0, ROWS);
  CHECK_INT(0, open_table(NULL, 1, 0.3));
  CHECK_INT(60, data.valid_rows);
  check_moments();
  CHECK_INT(0, open_table(NULL, 1, 0));
  check_moments();
}

void test_another_table_validates(void) {
  save_table("t.csv", 0, 100);
  save_table("v.csv", 100, 30);
  CHECK_INT(0, open_table("v.csv", 0, 0));
  CHECK_INT(100, data.train_rows);
  CHECK_INT(30, data.valid_rows);
  CHECK(strncmp(data.how, "those of ", 9) == 0);
  check_moments();
  /* scaled as the training rows are: mean 49.5, variance (100^2 - 1) / 12 */
  const double deviation = sqrt((100.0 * 100 - 1) / 12);
  for (size_t k = 0; k < 30; k++) {
    CHECK_NEAR(16 * KFIX_REAL_EPS, (100 + (double)k - 49.5) / deviation, value_of(100 + k));
    CHECK_INT((100 + k) % 3, dataset_label(&data, 100 + k));
  }
}

static void table_refused(const char *text, const char *part) {
  save_table("t.csv", 0, 10);
  CHECK_INT(0, atomic_save(in_folder("v.csv"), text, strlen(text), &err));
  CHECK_INT(-1, open_table("v.csv", 0, 0));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
}

void test_a_table_that_does_not_fit_is_refused(void) {
  table_refused("1,2,3\n", "has 3 columns, the training table 2");
  table_refused("x,1\n", "line 1, field 1 is no finite number: 'x'");
  table_refused("1,red\n", "its last column holds words, that of the training table numbers");
  table_refused("y,class\n1,0\n", "column 1 is 'y', in the training table 'x'");
  table_refused("1,0.5\n", "validation line 1: 0.5 is no class");
  save_array("v.npy", 0, 3);
  CHECK_INT(-1, open_table("v.npy", 0, 0));
  CHECK_MSG(strstr(err.text, "no table (.csv, .tsv), which the training data are") != NULL,
            err.text);
}

/* Words have the classes of the training table, whatever the order in which they come. */
void test_words_are_the_classes_of_the_training_table(void) {
  static const char train[] = "1,red\n2,blue\n3,green\n4,blue\n", valid[] = "1,red\n2,green\n";
  CHECK_INT(0, atomic_save(in_folder("t.csv"), train, sizeof train - 1, &err));
  CHECK_INT(0, atomic_save(in_folder("v.csv"), valid, sizeof valid - 1, &err));
  CHECK_INT(0, open_table("v.csv", 0, 0));
  CHECK_INT(4, data.train_rows);
  CHECK_INT(2, dataset_label(&data, 0));
  CHECK_INT(2, dataset_label(&data, 4));
  CHECK_INT(1, dataset_label(&data, 5));
  CHECK_INT(0, atomic_save(in_folder("v.csv"), "1,red\n2,pink\n", 13, &err));
  CHECK_INT(-1, open_table("v.csv", 0, 0));
  CHECK_MSG(strstr(err.text, "line 2: 'pink' is no class of the training table") != NULL, err.text);
  CHECK_INT(0, atomic_save(in_folder("v.csv"), "1,0\n2,1\n", 8, &err));
  CHECK_INT(-1, open_table("v.csv", 0, 0));
  CHECK_MSG(strstr(err.text, "holds numbers, that of the training table words") != NULL, err.text);
}

static int open_with(const char *name, const char *other) {
  char path[PATH_BYTES], validation[PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s", in_folder(name));
  (void)snprintf(validation, sizeof validation, "%s", in_folder(other));
  const dataset_request request = {
      .source = path, .validation = validation, .target = DATASET_INPUT};
  dataset_free(&data);
  return dataset_open(&data, &request, &err);
}

void test_another_array_validates(void) {
  save_array("a.npy", 0, 50);
  save_array("b.npy", 50, 9);
  CHECK_INT(0, open_with("a.npy", "b.npy"));
  CHECK_INT(50, data.train_rows);
  CHECK_INT(9, data.valid_rows);
  check_parts(59);
}

void test_bytes_do_not_validate_numbers(void) {
  unsigned char bytes[4] = {1, 2, 3, 4};
  const tensor_view view = tensor_of("b", TENSOR_U8, 4, 1, bytes);
  save_array("a.npy", 0, 50);
  CHECK_INT(0, npy_save(in_folder("b.npy"), &view, &err));
  CHECK_INT(-1, open_with("a.npy", "b.npy"));
  CHECK_MSG(strstr(err.text, "pixels in one of them, numbers in the other") != NULL, err.text);
}

void test_rows_of_another_width_do_not_validate(void) {
  double values[4] = {1, 2, 3, 4};
  const tensor_view view = tensor_of("b", TENSOR_F64, 2, 2, values);
  save_array("a.npy", 0, 50);
  CHECK_INT(0, npy_save(in_folder("b.npy"), &view, &err));
  CHECK_INT(-1, open_with("a.npy", "b.npy"));
  CHECK_MSG(strstr(err.text, "rows of 2 inputs validate, rows of 1 train") != NULL, err.text);
}

void test_generated_images_are_drawn_from_all_of_them(void) {
  const dataset_request request = {
      .train_rows = 40, .valid_rows = 5, .limit = 10, .divided = 1, .fraction = 0.25};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(10, data.train_rows);
  CHECK_INT(10, data.valid_rows);
}
