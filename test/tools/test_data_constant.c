/* SPDX-License-Identifier: Apache-2.0
 * The loss of a constant answer: against its formula by hand, and against other constants, none of which
 * is better. */
#include <math.h>

#include "arrays/npy.h"
#include "check.h"
#include "data/constant_loss.h"
#include "scratch_folder.h"

enum { ROWS = 150, TRAIN = 120, OUTPUTS = 3 };

static tool_error err;
static dataset data;
static double targets[ROWS * OUTPUTS];

void setUp(void) {
  scratch_begin();
  memset(&data, 0, sizeof data);
}

void tearDown(void) {
  dataset_free(&data);
  scratch_end();
}

/* More rows than are read at once; every fifth validates, and has targets that would show. */
static void open_targets(double (*target)(int row, int column)) {
  static double inputs[ROWS];
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < OUTPUTS; j++)
      targets[i * OUTPUTS + j] = i % 5 == 4 ? 1 : (double)(kfix_real)target(i, j);
  const tensor_view x = tensor_of("x", TENSOR_F64, ROWS, 1, inputs);
  const tensor_view y = tensor_of("y", TENSOR_F64, ROWS, OUTPUTS, targets);
  CHECK_INT(0, npy_save(in_folder("x.npy"), &x, &err));
  CHECK_INT(0, npy_save(in_folder("y.npy"), &y, &err));
  const dataset_request request = {.source = scratch_folder, .target = DATASET_VALUES};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(TRAIN, data.train_rows);
}

/* The mean loss of one answer to every training row. */
static double loss_of(kfix_loss loss, const double answer[OUTPUTS]) {
  double sum = 0;
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < OUTPUTS && i % 5 != 4; j++) {
      const double y = targets[i * OUTPUTS + j], p = answer[j];
      if (loss == KFIX_MSE) sum += (y - p) * (y - p) / 2;
      if (loss == KFIX_CATEGORICAL) sum -= y * log(p);
      if (loss == KFIX_BERNOULLI) sum -= y * log(p) + (1 - y) * log(1 - p);
    }
  return sum / TRAIN;
}

static void check_loss(kfix_loss loss) {
  double mean[OUTPUTS] = {0};
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < OUTPUTS && i % 5 != 4; j++) mean[j] += targets[i * OUTPUTS + j] / TRAIN;
  const double best = constant_loss(&data, loss), expected = loss_of(loss, mean);
  CHECK_NEAR(8 * ROWS * 2.3e-16 * expected, expected, best);
  for (int j = 0; j < OUTPUTS; j++) {
    double other[OUTPUTS];
    memcpy(other, mean, sizeof other);
    other[j] += 1e-3;
    if (loss == KFIX_CATEGORICAL) other[(j + 1) % OUTPUTS] -= 1e-3;
    CHECK(loss_of(loss, other) > best);
    other[j] -= 2e-3;
    if (loss == KFIX_CATEGORICAL) other[(j + 1) % OUTPUTS] += 2e-3;
    CHECK(loss_of(loss, other) > best);
  }
}

static double any_number(int row, int column) {
  return (row * 37 + column * 11) % 23 - 8.5;
}

static double unit_number(int row, int column) {
  return ((row * 37 + column * 11) % 24) / 24.0;
}

static double one_hot(int row, int column) {
  return row * row % 7 % OUTPUTS == column;
}

void test_squared_error(void) {
  open_targets(any_number);
  check_loss(KFIX_MSE);
}

void test_bernoulli(void) {
  open_targets(unit_number);
  check_loss(KFIX_BERNOULLI);
}

void test_categorical(void) {
  open_targets(one_hot);
  check_loss(KFIX_CATEGORICAL);
}

static double always_one(int row, int column) {
  (void)row;
  return column == 1;
}

void test_targets_that_never_change_leave_no_loss(void) {
  open_targets(always_one);
  CHECK_NEAR(0, 0, constant_loss(&data, KFIX_MSE));
  CHECK_NEAR(0, 0, constant_loss(&data, KFIX_BERNOULLI));
  CHECK_NEAR(0, 0, constant_loss(&data, KFIX_CATEGORICAL));
}
