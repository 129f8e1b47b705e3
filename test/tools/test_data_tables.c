/* SPDX-License-Identifier: Apache-2.0
 * Data sets of numbers in tables: scaled, split and refused as dataset.h says. */
#include <stdlib.h>

#include "check.h"
#include "dataset_case.h"

void setUp(void) {
  dataset_begin();
}

void tearDown(void) {
  dataset_end();
}

void test_csv_is_standardised_by_its_training_rows(void) {
  kfix_real x[10 * 3], y[10];
  double sum[2] = {0, 0}, squares[2] = {0, 0};
  save_text("t.csv",
            "a,b,c,t\n1,2,7,0\n2,8,7,1\n3,1,7,1\n4,5,7,0\n100,100,8,1\n"
            "5,0,7,0\n6,9,7,1\n7,1,7,1\n8,3,7,0\n-9,-9,9,0\n");
  const dataset_request request = {
      .source = in_folder("t.csv"), .inputs = 3, .outputs = 1, .target = DATASET_CLASS};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(8, data.train_rows);
  CHECK_INT(2, data.valid_rows);
  dataset_fetch(&data, NULL, 0, 10, x, 3, y, 1);
  for (size_t i = 0; i < 8; i++)
    for (size_t j = 0; j < 2; j++) {
      sum[j] += (double)x[3 * i + j];
      squares[j] += (double)x[3 * i + j] * (double)x[3 * i + j];
    }
  for (size_t j = 0; j < 2; j++) {
    CHECK_NEAR(16 * KFIX_REAL_EPS, 0, sum[j]);
    CHECK_NEAR(64 * KFIX_REAL_EPS, 8, squares[j]);
  }
  CHECK_NEAR(0, 0, x[2]); /* a column that does not vary in the training rows */
  CHECK(x[8 * 3] > 10);   /* the outlier, row 4 of the file, is the first validation row */
  CHECK_NEAR(0, 1, y[8]);
  CHECK_NEAR(0, 0, y[9]);
}

/* The mean of four times 0.1 is not 0.1. */
void test_a_constant_column_becomes_0_whatever_its_mean_rounds_to(void) {
  kfix_real x[10 * 2], y[10];
  save_text("t.csv",
            "1,0.1,3\n2,0.1,3\n3,0.1,4\n4,0.1,3\n5,0.2,3\n6,0.1,3\n7,0.1,3\n8,0.1,5\n9,0.1,"
            "3\n10,0.1,3\n");
  const dataset_request request = {.source = in_folder("t.csv"), .target = DATASET_VALUES};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  dataset_fetch(&data, NULL, 0, 10, x, 2, y, 1);
  for (size_t i = 0; i < 10; i++) CHECK_NEAR(0, 0, x[2 * i + 1]);
}

static void heading_rows(const char *text, size_t rows, double first) {
  save_text("t.csv", text);
  const dataset_request request = {
      .source = in_folder("t.csv"), .target = DATASET_INPUT, .range = DATASET_UNIT};
  kfix_real x[1];
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(rows, data.train_rows);
  dataset_fetch(&data, NULL, 0, 1, x, 1, NULL, 0);
  CHECK_NEAR(KFIX_REAL_EPS, first, x[0]);
  dataset_free(&data);
}

void test_a_heading_has_no_number_and_a_byte_order_mark_is_none(void) {
  heading_rows("0.5,1\n0.25,0\n", 2, 0.5);
  heading_rows(
      "\xef\xbb\xbf"
      "0.5,1\n0.25,0\n",
      2, 0.5);
  heading_rows(
      "\xef\xbb\xbf"
      "a,b\n0.5,1\n",
      1, 0.5);
  heading_rows(",b\n0.5,1\n", 1, 0.5);
  heading_rows("1x,2x\r\n0.5,1\r\n", 1, 0.5);
}

static void open_labels(const char *text, size_t outputs) {
  save_text("t.csv", text);
  const dataset_request request = {
      .source = in_folder("t.csv"), .outputs = outputs, .target = DATASET_CLASS};
  (void)dataset_open(&data, &request, &err);
}

void test_one_output_gets_the_class_itself(void) {
  kfix_real x[1], y[1];
  open_labels("1,0\n2,0\n3,0\n", 1);
  CHECK_INT(3, data.train_rows);
  for (size_t i = 0; i < 3; i++) {
    dataset_fetch(&data, NULL, i, 1, x, 1, y, 1);
    CHECK_NEAR(0, 0, y[0]);
  }
}

void test_labels_that_do_not_begin_at_0(void) {
  open_labels("1,1\n2,2\n3,3\n", 3);
  CHECK_MSG(strstr(err.text, "labels from 1 to 3") != NULL, err.text);
  CHECK_MSG(strstr(err.text, "subtract 1 from each") != NULL, err.text);
  open_labels("1,1\n2,2\n", 1);
  CHECK_MSG(strstr(err.text, "labels count from 0") != NULL, err.text);
  open_labels("1,0\n2,3\n", 3);
  CHECK_MSG(strstr(err.text, "has 4 classes, the net has 3 outputs") != NULL, err.text);
}

void test_digits_are_scaled_by_sixteenths(void) {
  kfix_real x[2], y[10];
  FILE *stream = fopen(in_folder("digits.csv"), "w");
  for (int i = 0; i < 1510; i++) (void)fprintf(stream, "%d,16,%d\n", i % 17, i % 10);
  (void)fclose(stream);
  const dataset_request request = {
      .source = in_folder("digits.csv"), .outputs = 10, .target = DATASET_CLASS};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(1500, data.train_rows);
  CHECK_INT(10, data.valid_rows);
  dataset_fetch(&data, NULL, 1503, 1, x, 2, y, 10);
  CHECK_NEAR(0, 1503 % 17 / 16.0, x[0]);
  CHECK_NEAR(0, 1, x[1]);
  CHECK_NEAR(0, 1, y[3]);
}

void test_another_name_that_ends_so_is_a_table_like_others(void) {
  kfix_real x[1];
  save_text("mydigits.csv", "0,0\n16,1\n");
  const dataset_request request = {.source = in_folder("mydigits.csv"), .target = DATASET_CLASS};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  dataset_fetch(&data, NULL, 0, 1, x, 1, NULL, 0);
  CHECK_NEAR(0, -1, x[0]);
}

static void csv_refused(const char *text, const char *part) {
  save_text("t.csv", text);
  const dataset_request request = {.source = in_folder("t.csv"), .target = DATASET_CLASS};
  CHECK_INT(-1, dataset_open(&data, &request, &err));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
}

void test_bad_tables_are_refused_with_the_line(void) {
  csv_refused("1,2,0\n3,nan,1\n", "line 2, field 2 is no finite number: 'nan'");
  csv_refused("1,2,0\n3,1e999,1\n", "line 2, field 2 is no finite number: '1e999'");
  csv_refused("1,2,0\n3,,1\n", "line 2, field 2 is no finite number: ''");
  csv_refused("1,2,0\n3,1\n", "line 2 has fewer fields than the first (3)");
  csv_refused("1,2,0\n3,1,1,1\n", "line 2 has more fields than the first (3)");
  csv_refused("1,2,0\n3,1x,1\n", "line 2, field 2: 'x' follows the number");
  csv_refused("a,b\n", "holds no rows");
  csv_refused("1\n2\n", "has one column");
  csv_refused("a,b\n1,2\n\n1,0.5\n", "line 4: 0.5 is no class");
  csv_refused("a,2,0\n3,1,1\n", "line 1, field 1 is no finite number: 'a'");
  csv_refused(",2,0\n3,1,1\n", "line 1, field 1 is no finite number: ''");
}

void test_targets_that_must_lie_in_a_range_are_not_standardised(void) {
  kfix_real x[1], y[1];
  save_text("t.csv", "5,0.25\n7,0.5\n9,1\n");
  dataset_request request = {
      .source = in_folder("t.csv"), .target = DATASET_VALUES, .range = DATASET_UNIT};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  dataset_fetch(&data, NULL, 1, 1, x, 1, y, 1);
  CHECK_NEAR(0, 0, x[0]);
  CHECK_NEAR(0, 0.5, y[0]);
  dataset_free(&data);
  request.target = DATASET_INPUT;
  CHECK_INT(-1, dataset_open(&data, &request, &err));
  CHECK_MSG(strstr(err.text, "line 1: 5: the bernoulli loss takes") != NULL, err.text);
}
