/* SPDX-License-Identifier: Apache-2.0
 * Pixels standardised by channel, against sums in double; new data move as those moved that the weights
 * were trained on. */
#include <math.h>
#include <stdlib.h>

#include "arrays/npy.h"
#include "check.h"
#include "dataset_case.h"
#include "weights/weights_facts.h"

#define TRAIN  7
#define VALID  3
#define SIDE   32
#define PIXELS (3 * SIDE * SIDE)

void setUp(void) {
  dataset_begin();
}

void tearDown(void) {
  dataset_end();
}

/* Channels of different mean and spread; the last one is 77 throughout, in what trains. */
static unsigned char pixel(size_t row, size_t channel, size_t i) {
  const size_t noise = (row * 7919 + i * 104729 + channel * 31) % 101;
  if (channel == 2) return row < TRAIN ? 77 : (unsigned char)noise;
  return (unsigned char)(channel == 0 ? noise : 255 - 2 * noise);
}

static void save_records(const char *name, size_t first, size_t rows) {
  static unsigned char bytes[TRAIN * (PIXELS + 1)];
  unsigned char *at = bytes;
  for (size_t r = first; r < first + rows; r++) {
    *at++ = (unsigned char)(r % 10);
    for (size_t c = 0; c < 3; c++)
      for (size_t i = 0; i < SIDE * SIDE; i++) *at++ = pixel(r, c, i);
  }
  CHECK_INT(0, atomic_save(in_folder(name), bytes, (size_t)(at - bytes), &err));
}

static void save_cifar(void) {
  save_records("train.bin", 0, TRAIN);
  save_records("test.bin", TRAIN, VALID);
}

static dataset_request request_of(int is_image) {
  const kfix_image image = {SIDE, SIDE, 3}, none = {0, 0, 0};
  return (dataset_request){.source = scratch_folder,
                           .inputs = PIXELS,
                           .outputs = 10,
                           .target = DATASET_CLASS,
                           .image = is_image ? image : none,
                           .standard = 1};
}

static void open_records(int is_image, size_t limit) {
  dataset_request request = request_of(is_image);
  request.limit = limit;
  save_cifar();
  CHECK_INT(0, dataset_open(&data, &request, &err));
}

/* By the definition, from p / 255. */
static void brute(size_t channel, size_t rows, double *mean, double *deviation) {
  const double count = (double)(rows * SIDE * SIDE);
  double sum = 0, squares = 0;
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < SIDE * SIDE; i++) sum += pixel(r, channel, i) / 255.0;
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < SIDE * SIDE; i++)
      squares += pow(pixel(r, channel, i) / 255.0 - sum / count, 2);
  *mean = sum / count;
  *deviation = sqrt(squares / count);
}

/* p / 255 is rounded to a real, and so moves mean and deviation by less than eps; sums of n numbers below 1
 * add n double ones at most. The moved number z is rounded once more. */
static void check_rows(int is_image, size_t rows) {
  static kfix_real x[PIXELS];
  const double eps = (KFIX_REAL_BYTES == 4 ? 0x1p-23 : 0) + 0x1p-52 * (double)(rows * SIDE * SIDE);
  for (size_t c = 0; c < 2; c++) {
    double mean, deviation;
    brute(c, rows, &mean, &deviation);
    CHECK(deviation > 0.1);
    const dataset_stride s = dataset_channel(&data, c);
    CHECK_NEAR(eps, mean, data.facts.mean[s.first]);
    CHECK_NEAR(eps / deviation / deviation, 1 / deviation, data.facts.scale[s.first]);
    for (size_t r = 0; r < data.train_rows + VALID; r++) {
      const size_t stored = r < data.train_rows ? r : TRAIN + r - data.train_rows;
      dataset_fetch(&data, NULL, r, 1, x, PIXELS, NULL, 0);
      for (size_t i = 0; i < SIDE * SIDE; i++) {
        const double z = (pixel(stored, c, i) / 255.0 - mean) / deviation;
        CHECK_NEAR((2 + 2 * fabs(z)) * eps / deviation, z,
                   x[is_image ? 3 * i + c : SIDE * SIDE * c + i]);
      }
    }
  }
}

void test_mean_and_deviation_are_of_the_training_rows_by_channel(void) {
  for (int is_image = 0; is_image < 2; is_image++) {
    open_records(is_image, 0);
    check_rows(is_image, TRAIN);
    dataset_free(&data);
    open_records(is_image, 4);
    check_rows(is_image, 4);
    dataset_free(&data);
  }
}

void test_a_channel_that_does_not_vary_becomes_zero(void) {
  kfix_real x[PIXELS];
  open_records(1, 0);
  for (size_t r = 0; r < TRAIN + VALID; r++) {
    dataset_fetch(&data, NULL, r, 1, x, PIXELS, NULL, 0);
    for (size_t i = 0; i < SIDE * SIDE; i++) CHECK_NEAR(0, 0, x[3 * i + 2]);
  }
}

void test_bytes_in_an_array_are_moved_to_the_same_bits(void) {
  static unsigned char bytes[TRAIN * PIXELS];
  static kfix_real from_records[TRAIN * PIXELS], from_array[TRAIN * PIXELS];
  static int64_t labels[TRAIN];
  dataset_request request = request_of(1);
  open_records(1, 0);
  dataset_fetch(&data, NULL, 0, TRAIN, from_records, PIXELS, NULL, 0);
  dataset_free(&data);
  for (size_t r = 0; r < TRAIN; r++)
    for (size_t i = 0; i < PIXELS; i++) bytes[r * PIXELS + i] = pixel(r, i % 3, i / 3);
  const tensor_view x = tensor_of("x", TENSOR_U8, TRAIN, PIXELS, bytes);
  const tensor_view y = tensor_of_vector("y", TENSOR_I64, TRAIN, labels);
  CHECK_INT(0, make_folder(in_folder("arrays"), &err));
  CHECK_INT(0, npy_save(in_folder("arrays/x.npy"), &x, &err));
  CHECK_INT(0, npy_save(in_folder("arrays/y.npy"), &y, &err));
  char folder[SCRATCH_BYTES + 8];
  (void)snprintf(folder, sizeof folder, "%s/arrays", scratch_folder);
  request.source = folder;
  request.divided = 1; /* all train */
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(TRAIN, data.train_rows);
  dataset_fetch(&data, NULL, 0, TRAIN, from_array, PIXELS, NULL, 0);
  CHECK_MEM(from_records, from_array, sizeof from_array);
}

/* ---- arrays that say their shape ---- */

/* Two images of h x w x c numbers 0, 1, ... as an array of this shape; opened for a net that takes them. */
static int open_shaped(const size_t shape[4], kfix_image net) {
  static double numbers[64];
  tensor_view x = tensor_of("x", TENSOR_F64, 2, shape[1] * shape[2] * shape[3], numbers);
  const dataset_request request = {
      .source = in_folder("x.npy"), .image = net, .inputs = net.channels * net.height * net.width};
  for (int i = 0; i < 64; i++) numbers[i] = i;
  x.dims = 4;
  for (int i = 0; i < 4; i++) x.shape[i] = shape[i];
  CHECK_INT(0, npy_save(in_folder("x.npy"), &x, &err));
  return dataset_open(&data, &request, &err);
}

void test_channels_may_stand_first_or_last(void) {
  const kfix_image net = {2, 3, 4};
  kfix_real x[24];
  CHECK_INT(0, open_shaped((size_t[]){2, 2, 3, 4}, net));
  dataset_fetch(&data, NULL, 1, 1, x, 24, NULL, 0);
  for (int i = 0; i < 24; i++) CHECK_NEAR(0, 24 + i, x[i]);
  dataset_free(&data);
  CHECK_INT(0, open_shaped((size_t[]){2, 4, 2, 3}, net));
  dataset_fetch(&data, NULL, 1, 1, x, 24, NULL, 0);
  for (int c = 0; c < 4; c++)
    for (int i = 0; i < 6; i++) CHECK_NEAR(0, 24 + 6 * c + i, x[4 * i + c]);
}

void test_other_shapes_and_two_meanings_are_refused(void) {
  CHECK_INT(-1, open_shaped((size_t[]){2, 3, 2, 4}, (kfix_image){2, 3, 4}));
  CHECK_MSG(strstr(err.text, "rows are 3 x 2 x 4, the net takes images of 2 rows") != NULL,
            err.text);
  CHECK_INT(-1, open_shaped((size_t[]){2, 2, 2, 2}, (kfix_image){2, 2, 2}));
  CHECK_MSG(strstr(err.text, "may have their channels first or last") != NULL, err.text);
}

/* ---- what an export says, and new data ---- */

static const kfix_node_spec nodes[] = {KFIX_DENSE_NODE("out", 0, PIXELS, 10, KFIX_SOFTMAX)};
static const kfix_net net = {.name = "pixels",
                             .nodes = nodes,
                             .node_count = 1,
                             .block_count = 1,
                             .inputs = PIXELS,
                             .loss = KFIX_CATEGORICAL,
                             .target = KFIX_TARGET_CLASS,
                             .chunk = 16,
                             .row_block = 16,
                             .threads = 1};

/* Through the text of an export; facts_free releases *read. */
static void read_again(dataset_facts *read) {
  char *text = NULL;
  CHECK_INT(0, weights_facts_write(&net, &data.facts, "last", &text, &err));
  CHECK(strstr(text, "\"pixels\": true") != NULL);
  CHECK_INT(0, weights_facts_read("f", text, &net, read, &err));
  CHECK_INT(data.facts.channels, read->channels);
  CHECK_MEM(data.facts.mean, read->mean, PIXELS * sizeof *read->mean);
  CHECK_MEM(data.facts.scale, read->scale, PIXELS * sizeof *read->scale);
  free(text);
}

void test_new_data_move_as_the_export_says(void) {
  static kfix_real trained[VALID * PIXELS], fresh[VALID * PIXELS];
  for (int is_image = 0; is_image < 2; is_image++) {
    dataset_facts facts;
    dataset_request request = request_of(is_image);
    open_records(is_image, 0);
    CHECK_INT(is_image ? 3 : 0, data.facts.channels);
    dataset_fetch(&data, NULL, TRAIN, VALID, trained, PIXELS, NULL, 0);
    read_again(&facts);
    dataset_free(&data);
    save_records("train.bin", TRAIN, VALID); /* now in the place of what trained */
    request.as = &facts;
    CHECK_INT(0, dataset_open(&data, &request, &err));
    dataset_fetch(&data, NULL, 0, VALID, fresh, PIXELS, NULL, 0);
    CHECK_MEM(trained, fresh, sizeof fresh);
    dataset_free(&data);
    facts_free(&facts);
  }
}

static void damaged(const char *text) {
  dataset_facts facts;
  CHECK_INT(-1, weights_facts_read("f", text, &net, &facts, &err));
  CHECK_MSG(strstr(err.text, "f: its metadata cannot be read") != NULL, err.text);
  facts_free(&facts);
}

void test_damaged_channels_are_refused(void) {
  damaged("{\"input\": {\"channels\": 0}}");
  damaged("{\"input\": {\"channels\": 5}}");
  damaged("{\"input\": {\"channels\": 6144}}");
  damaged("{\"input\": {\"channels\": 3, \"mean\": [1, 2]}}");
  damaged("{\"input\": {\"channels\": 3, \"mean\": [1, 2, 3, 4]}}");
}

void test_targets_of_a_bernoulli_loss_stay_between_0_and_1(void) {
  dataset_request request = request_of(1);
  save_cifar();
  request.target = DATASET_INPUT;
  request.outputs = PIXELS;
  request.range = DATASET_UNIT;
  CHECK_INT(-1, dataset_open(&data, &request, &err));
  CHECK_MSG(strstr(err.text, "standardised are no targets for this loss") != NULL, err.text);
  request.range = DATASET_ANY;
  CHECK_INT(0, dataset_open(&data, &request, &err));
}
