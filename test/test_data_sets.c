/* SPDX-License-Identifier: Apache-2.0
 * Data sets: each kind of source is opened, fitted to the net and fetched, on small files made
 * here; and what does not fit is said. */
#include <stdlib.h>
#include <unistd.h>

#include "area_average.h"
#include "atomic_file.h"
#include "check.h"
#include "core/digest.h"
#include "dataset.h"
#include "faces.h"
#include "idx.h"
#include "npy.h"

static char folder[64];
static tool_error err;
static dataset data;

void setUp(void) {
  strcpy(folder, "/tmp/kfix-sets-XXXXXX");
  CHECK(mkdtemp(folder) != NULL);
  err.text[0] = '\0';
  memset(&data, 0, sizeof data);
}

void tearDown(void) {
  char command[128];
  dataset_free(&data);
  (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
  CHECK_INT(0, system(command));
}

static const char *in_folder(const char *name) {
  static char path[128];
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void save_text(const char *name, const char *text) {
  CHECK_INT(0, atomic_save(in_folder(name), text, strlen(text), &err));
}

static unsigned char pixel_of(size_t i) {
  return (unsigned char)(i * 37 + i / 50 * 11);
}

/* 6 + 4 images of side x side; label of image i: i mod 3. */
static void make_idx(size_t side) {
  static unsigned char pixels[6 * 28 * 28];
  unsigned char labels[6];
  const size_t train[3] = {6, side, side}, valid[3] = {4, side, side};
  for (size_t i = 0; i < sizeof pixels; i++) pixels[i] = pixel_of(i);
  for (size_t i = 0; i < 6; i++) labels[i] = (unsigned char)(i % 3);
  CHECK_INT(0, idx_save(in_folder("train-images-idx3-ubyte.gz"), 3, train, pixels, &err));
  CHECK_INT(0, idx_save(in_folder("t10k-images-idx3-ubyte.gz"), 3, valid, pixels + 1, &err));
  CHECK_INT(0, idx_save(in_folder("train-labels-idx1-ubyte.gz"), 1, train, labels, &err));
  CHECK_INT(0, idx_save(in_folder("t10k-labels-idx1-ubyte.gz"), 1, valid, labels, &err));
}

static int open_as(dataset_target target, size_t inputs, size_t outputs) {
  const dataset_request request = {
      .source = folder, .inputs = inputs, .outputs = outputs, .target = target};
  return dataset_open(&data, &request, &err);
}

void test_idx_rows_are_fetched_in_order_and_by_order(void) {
  static const uint32_t order[4] = {9, 0, 5, 6};
  kfix_real x[3 * 20], y[3 * 4];
  make_idx(4);
  CHECK_INT(0, open_as(DATASET_CLASS, 16, 3));
  CHECK_INT(6, data.train_rows);
  CHECK_INT(4, data.valid_rows);
  for (size_t i = 0; i < 60; i++) x[i] = -1;
  dataset_fetch(&data, NULL, 1, 3, x, 20, y, 4);
  for (size_t r = 0; r < 3; r++) {
    for (size_t j = 0; j < 16; j++)
      CHECK_NEAR(0, (kfix_real)pixel_of((1 + r) * 16 + j) / (kfix_real)255, x[r * 20 + j]);
    CHECK_NEAR(0, -1, x[r * 20 + 16]); /* padding is left alone */
    for (size_t j = 0; j < 3; j++) CHECK_NEAR(0, (1 + r) % 3 == j, y[r * 4 + j]);
  }
  dataset_fetch(&data, order, 1, 3, x, 20, NULL, 0);
  CHECK_NEAR(0, (kfix_real)pixel_of(0) / (kfix_real)255, x[0]);
  CHECK_NEAR(0, (kfix_real)pixel_of(80) / (kfix_real)255, x[20]);
  CHECK_NEAR(0, (kfix_real)pixel_of(1) / (kfix_real)255, x[40]); /* first validation row */
}

void test_an_autoencoder_wants_its_input(void) {
  kfix_real x[16], y[16];
  make_idx(4);
  CHECK_INT(0, open_as(DATASET_INPUT, 16, 16));
  dataset_fetch(&data, NULL, 7, 1, x, 16, y, 16);
  CHECK_MEM(x, y, sizeof x);
}

void test_limit_keeps_the_validation_part(void) {
  kfix_real a[16], b[16];
  make_idx(4);
  const dataset_request request = {.source = folder, .limit = 2};
  CHECK_INT(0, open_as(DATASET_INPUT, 0, 0));
  dataset_fetch(&data, NULL, 6, 1, a, 16, NULL, 0);
  dataset_free(&data);
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(2, data.train_rows);
  CHECK_INT(4, data.valid_rows);
  dataset_fetch(&data, NULL, 2, 1, b, 16, NULL, 0);
  CHECK_MEM(a, b, sizeof a);
}

/* Against the definition: each image made 16 times as large, so that every edge falls on a pixel
 * edge, then plain means; and rounded as the header says. */
static unsigned char brute_mean(const unsigned char *image, size_t from, size_t side, size_t y,
                                size_t x) {
  double sum = 0;
  for (size_t fy = y * from; fy < (y + 1) * from; fy++)
    for (size_t fx = x * from; fx < (x + 1) * from; fx++)
      sum += image[fy / side * from + fx / side];
  return (unsigned char)floor(sum / (double)(from * from) + 0.5);
}

void test_averaging_is_the_mean_over_area(void) {
  static const size_t sides[][2] = {{28, 16}, {28, 28}, {28, 14}, {28, 1}, {7, 5}, {13, 11}};
  unsigned char image[28 * 28], small[28 * 28];
  for (size_t i = 0; i < sizeof image; i++) image[i] = pixel_of(i);
  for (size_t c = 0; c < 6; c++) {
    const size_t from = sides[c][0], side = sides[c][1];
    area_average(image, from, small, side);
    for (size_t y = 0; y < side; y++)
      for (size_t x = 0; x < side; x++)
        CHECK_INT(brute_mean(image, from, side, y, x), small[y * side + x]);
  }
}

void test_a_smaller_net_gets_averaged_images(void) {
  unsigned char image[28 * 28], small[16 * 16];
  make_idx(28);
  CHECK_INT(0, open_as(DATASET_INPUT, 256, 256));
  CHECK_INT(16, data.width);
  for (size_t row = 0; row < 6; row += 5) {
    for (size_t i = 0; i < sizeof image; i++) image[i] = pixel_of(row * sizeof image + i);
    area_average(image, 28, small, 16);
    CHECK_MEM(small, dataset_pixels(&data, row), sizeof small);
  }
}

static void refused(dataset_target target, size_t inputs, size_t outputs, const char *part) {
  CHECK_INT(-1, open_as(target, inputs, outputs));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
  CHECK(strchr(err.text, '\n') == NULL);
}

void test_what_does_not_fit_is_said_with_both_numbers(void) {
  make_idx(4);
  refused(DATASET_INPUT, 15, 15, "has 16 inputs (1 x 4 x 4), the net takes 15");
  refused(DATASET_INPUT, 25, 25, "has 16 inputs (1 x 4 x 4), the net takes 25");
  refused(DATASET_INPUT, 16, 10, "has 16 inputs to reconstruct, the net has 10 outputs");
  refused(DATASET_CLASS, 16, 2, "has 3 classes, the net has 2 outputs");
  refused(DATASET_VALUES, 16, 2, "has no target values");
  CHECK_INT(0, unlink(in_folder("t10k-labels-idx1-ubyte.gz")));
  refused(DATASET_CLASS, 16, 3, "t10k-labels-idx1-ubyte: there is no such file");
  CHECK_INT(0, unlink(in_folder("t10k-images-idx3-ubyte.gz")));
  refused(DATASET_INPUT, 16, 16, "t10k-images-idx3-ubyte: there is no such file");
  CHECK_INT(0, unlink(in_folder("train-images-idx3-ubyte.gz")));
  refused(DATASET_INPUT, 16, 16, "holds no known data set");
}

void test_names_are_looked_up_under_the_root(void) {
  const dataset_request request = {.source = "mnist", .root = folder};
  char command[256];
  CHECK_INT(-1, dataset_open(&data, &request, &err));
  CHECK(strstr(err.text, "mnist: found neither under") != NULL);
  make_idx(4);
  (void)snprintf(command, sizeof command, "mkdir %s/mnist && mv %s/*.gz %s/mnist", folder, folder,
                 folder);
  CHECK_INT(0, system(command));
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_STR("mnist: 6 + 4 images of 4x4, pixels / 255", data.text);
  const dataset_request unknown = {.source = "mnits"};
  dataset_free(&data);
  CHECK_INT(-1, dataset_open(&data, &unknown, &err));
  CHECK(strstr(err.text, "nor the name of a data set") != NULL);
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
  csv_refused("1,2\n1,0.5\n", "is no class");
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

/* Records of `labels` label bytes and 3072 pixels: pixel j of record i is i + j. */
static void save_cifar(const char *name, size_t records, size_t labels) {
  static unsigned char bytes[5 * 3074];
  unsigned char *at = bytes;
  for (size_t i = 0; i < records; i++) {
    for (size_t l = 0; l < labels; l++) *at++ = (unsigned char)(i + 10 * l);
    for (size_t j = 0; j < 3072; j++) *at++ = (unsigned char)(i + j);
  }
  CHECK_INT(0, atomic_save(in_folder(name), bytes, (size_t)(at - bytes), &err));
}

void test_cifar_records(void) {
  save_cifar("data_batch_2.bin", 2, 1);
  save_cifar("data_batch_1.bin", 3, 1);
  save_cifar("test_batch.bin", 4, 1);
  CHECK_INT(0, open_as(DATASET_CLASS, 3072, 10));
  CHECK_INT(5, data.train_rows);
  CHECK_INT(4, data.valid_rows);
  CHECK_INT(1, dataset_label(&data, 4)); /* batch 1 comes first */
  CHECK_INT(3, dataset_label(&data, 8));
  CHECK_INT(3 + 7, dataset_pixels(&data, 8)[7]);
  dataset_free(&data);
  CHECK_INT(0, open_as(DATASET_INPUT, 3 * 8 * 8, 3 * 8 * 8));
  CHECK_INT(8, data.width);
  dataset_free(&data);
  save_text("test_batch.bin", "short");
  refused(DATASET_CLASS, 3072, 10, "5 bytes are no whole CIFAR-10 or -100 records");
}

void test_cifar100_has_fine_and_coarse_labels(void) {
  save_cifar("train.bin", 3, 2);
  save_cifar("test.bin", 2, 2);
  CHECK_INT(0, open_as(DATASET_CLASS, 3072, 100));
  CHECK_INT(12, dataset_label(&data, 2));
  dataset_free(&data);
  CHECK_INT(0, open_as(DATASET_CLASS, 3072, 20));
  CHECK_INT(2, dataset_label(&data, 2));
}

void test_packed_with_xz_is_said(void) {
  save_text("cifar10-train.bin.xz", "x");
  refused(DATASET_CLASS, 3072, 10, "unxz");
}

/* A picture of horizontal grey steps: crops keep its range, differ, and are the same bytes on every
 * machine. */
void test_face_crops(void) {
  static unsigned char picture[64 * 64], a[FACES_PIXELS], b[FACES_PIXELS];
  kfix_digest_state digest;
  kfix_digest_begin(&digest, 0);
  for (size_t i = 0; i < sizeof picture; i++) picture[i] = (unsigned char)(40 + i / 64 * 2);
  for (uint32_t crop = 0; crop < 200; crop++) {
    faces_crop(1, 7, crop, picture, a);
    kfix_digest_add(&digest, a, sizeof a);
    double mean = 0;
    for (size_t i = 0; i < FACES_PIXELS; i++) {
      CHECK(a[i] >= 40 && a[i] <= 40 + 63 * 2);
      mean += a[i] / (double)FACES_PIXELS;
    }
    CHECK_NEAR(2 * 4 + 1, 40 + 31.5 * 2, mean); /* centred within 4 pixels; grey is linear */
  }
  CHECK_U64(0x5c8666e9357f063bull, kfix_digest_end(&digest));
  faces_crop(1, 8, 199, picture, b);
  CHECK(memcmp(a, b, sizeof a) != 0);
}

void test_faces_split_by_person(void) {
  static unsigned char pictures[400 * 4096];
  const size_t shape[3] = {400, 64, 64};
  for (size_t i = 0; i < sizeof pictures; i++) pictures[i] = (unsigned char)(i / 40960);
  CHECK_INT(0, idx_save(in_folder("olivetti-images-idx3-ubyte.gz"), 3, shape, pictures, &err));
  const dataset_request request = {.source = folder, .crops = 2, .inputs = 625};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(500, data.train_rows);
  CHECK_INT(200, data.valid_rows);
  for (size_t i = 0; i < 500; i += 83) CHECK_INT(i % 250 / 10, dataset_pixels(&data, i)[300]);
  for (size_t i = 0; i < 200; i += 33)
    CHECK_INT(30 + i % 100 / 10, dataset_pixels(&data, 500 + i)[300]);
}

void test_fashion_mnist_of_debian(void) {
  if (access("/usr/share/datasets/fashion-mnist", R_OK) != 0) SKIP("dataset-fashion-mnist");
  const dataset_request request = {
      .source = "fashion-mnist", .root = folder, .outputs = 10, .target = DATASET_CLASS};
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_INT(60000, data.train_rows);
  CHECK_INT(10000, data.valid_rows);
  size_t counts[10] = {0};
  double sum = 0;
  for (size_t i = 0; i < 60000; i++) counts[dataset_label(&data, i)]++;
  for (size_t c = 0; c < 10; c++) CHECK_INT(6000, counts[c]);
  for (size_t i = 0; i < 60000 * (size_t)784; i++) sum += data.pixels[i];
  CHECK_NEAR(5e-5, 0.2860, sum / 255 / 60000 / 784); /* the published mean */
}
