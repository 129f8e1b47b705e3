/* SPDX-License-Identifier: Apache-2.0
 * Data sets: each kind of source is opened, fitted to the net and fetched, on small files made
 * here; and what does not fit is said. */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "core/digest.h"
#include "data/idx.h"
#include "dataset_case.h"
#include "images/area_average.h"
#include "images/faces.h"

void setUp(void) {
  dataset_begin();
}

void tearDown(void) {
  dataset_end();
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
      .source = scratch_folder, .inputs = inputs, .outputs = outputs, .target = target};
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
  const dataset_request request = {.source = scratch_folder, .limit = 2};
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

/* Into a folder below. */
static void move_idx_to(const char *name) {
  static const char *files[4] = {"train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz",
                                 "train-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz"};
  for (int i = 0; i < 4; i++) {
    char from[SCRATCH_BYTES], to[64];
    (void)snprintf(from, sizeof from, "%.4000s", in_folder(files[i]));
    (void)snprintf(to, sizeof to, "%s/%s", name, files[i]);
    CHECK_INT(0, rename(from, in_folder(to)));
  }
}

void test_names_are_looked_up_under_the_root(void) {
  const dataset_request request = {.source = "mnist", .root = scratch_folder};
  CHECK_INT(-1, dataset_open(&data, &request, &err));
  CHECK(strstr(err.text, "mnist: found neither under") != NULL);
  make_idx(4);
  CHECK_INT(0, make_folder(in_folder("mnist"), &err));
  move_idx_to("mnist");
  CHECK_INT(0, dataset_open(&data, &request, &err));
  CHECK_STR("mnist: 6 + 4 images of 4x4, pixels / 255", data.text);
  const dataset_request unknown = {.source = "mnits"};
  dataset_free(&data);
  CHECK_INT(-1, dataset_open(&data, &unknown, &err));
  CHECK(strstr(err.text, "nor the name of a data set") != NULL);
}

/* Of a net whose input is an image; channels, height, width. */
static int open_image(uint32_t channels, uint32_t height, uint32_t width, size_t outputs) {
  const dataset_request request = {.source = scratch_folder,
                                   .inputs = (size_t)channels * height * width,
                                   .outputs = outputs,
                                   .image = {height, width, channels},
                                   .target = DATASET_CLASS};
  return dataset_open(&data, &request, &err);
}

static void refused_image(uint32_t channels, uint32_t height, uint32_t width, const char *part) {
  CHECK_INT(-1, open_image(channels, height, width, 3));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
  CHECK(strchr(err.text, '\n') == NULL);
}

void test_images_of_another_shape_are_refused_with_both(void) {
  make_idx(4);
  CHECK_INT(0, open_image(1, 4, 4, 3));
  dataset_free(&data);
  CHECK_INT(0, open_image(1, 2, 2, 3));
  dataset_free(&data);
  refused_image(4, 2, 2,
                "has images of (1, 4, 4), channels, height and width, the net takes (4, 2, 2)");
  refused_image(1, 2, 8, "the net takes (1, 2, 8)");
  refused_image(1, 8, 8, "the net takes (1, 8, 8)");
  refused_image(3, 4, 4,
                "the net takes (3, 4, 4): use a config with that KFIX_INPUT_SHAPE, or a smaller");
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
  const dataset_request request = {.source = scratch_folder, .crops = 2, .inputs = 625};
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
      .source = "fashion-mnist", .root = scratch_folder, .outputs = 10, .target = DATASET_CLASS};
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
