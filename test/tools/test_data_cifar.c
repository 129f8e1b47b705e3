/* SPDX-License-Identifier: Apache-2.0
 * CIFAR's binary records: what is read of them, in which order, and what is refused. */
#include <stdlib.h>

#include "check.h"
#include "dataset_case.h"
#include "files/file_bytes.h"
#include "images/area_average.h"

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
  CHECK(strchr(err.text, '\n') == NULL);
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

/* Of a net whose input is an image; channels, height, width. */
static int open_image(uint32_t channels, uint32_t height, uint32_t width, size_t outputs) {
  const dataset_request request = {.source = scratch_folder,
                                   .inputs = (size_t)channels * height * width,
                                   .outputs = outputs,
                                   .image = {height, width, channels},
                                   .target = DATASET_CLASS};
  return dataset_open(&data, &request, &err);
}

/* Number j of record i: by row, column, channel of an image net, by channel, row, column of another. */
void test_an_image_net_sees_channels_last_another_one_planes(void) {
  kfix_real image[3072], planes[3072];
  save_cifar("train.bin", 3, 1);
  CHECK_INT(0, open_image(3, 32, 32, 10));
  dataset_fetch(&data, NULL, 2, 1, image, 3072, NULL, 0);
  dataset_free(&data);
  CHECK_INT(0, open_as(DATASET_CLASS, 3072, 10));
  dataset_fetch(&data, NULL, 2, 1, planes, 3072, NULL, 0);
  for (size_t c = 0; c < 3; c++)
    for (size_t i = 0; i < 1024; i++) {
      const kfix_real wanted = (kfix_real)((2 + c * 1024 + i) % 256) / (kfix_real)255;
      CHECK_NEAR(0, wanted, image[3 * i + c]);
      CHECK_NEAR(0, wanted, planes[1024 * c + i]);
    }
}

void test_images_are_averaged_down_for_an_image_net(void) {
  unsigned char plane[1024], small[64];
  kfix_real image[192];
  save_cifar("train.bin", 3, 1);
  CHECK_INT(0, open_image(3, 8, 8, 10));
  dataset_fetch(&data, NULL, 1, 1, image, 192, NULL, 0);
  for (size_t c = 0; c < 3; c++) {
    for (size_t i = 0; i < 1024; i++) plane[i] = (unsigned char)(1 + c * 1024 + i);
    area_average(plane, 32, small, 8);
    for (size_t i = 0; i < 64; i++)
      CHECK_NEAR(0, (kfix_real)small[i] / (kfix_real)255, image[3 * i + c]);
  }
}

void test_a_label_beyond_the_outputs_is_said_with_file_and_record(void) {
  save_cifar("train.bin", 3, 1);
  refused(DATASET_CLASS, 3072, 2, "train.bin: record 2: label 2, the net has 2 outputs");
  save_cifar("train.bin", 3, 2);
  refused(DATASET_CLASS, 3072, 10,
          "record 0: label 10, the net has 10 outputs: use a config with 100");
  CHECK_INT(0, open_as(DATASET_INPUT, 3072, 3072)); /* nobody asks for labels */
}

void test_files_that_are_no_whole_records(void) {
  static const char zeros[3073];
  save_cifar("train.bin", 2, 1);
  CHECK_INT(0, atomic_save(in_folder("train_2.bin"), zeros, 3072, &err));
  refused(DATASET_CLASS, 3072, 10, "train_2.bin: 3072 bytes are no whole");
  save_cifar("train_2.bin", 2, 2);
  refused(DATASET_CLASS, 3072, 100,
          "train_2.bin: records of 2 label bytes, in files before it of 1");
}

void test_a_packed_file_beside_the_same_unpacked_is_not_read_twice(void) {
  static const unsigned char zeros[3073];
  const file_part part = {zeros, sizeof zeros};
  save_cifar("train.bin", 3, 1);
  CHECK_INT(0, gzip_save(in_folder("train.bin.gz"), &part, 1, &err));
  save_text("train.bin.xz", "x");
  CHECK_INT(0, gzip_save(in_folder("test.bin.gz"), &part, 1, &err));
  CHECK_INT(0, open_as(DATASET_CLASS, 3072, 10));
  CHECK_INT(3, data.train_rows);
  CHECK_INT(1, data.valid_rows);
  dataset_free(&data);
  save_text("more-test.bin.xz", "x");
  refused(DATASET_CLASS, 3072, 10, "more-test.bin.xz: packed with xz");
}

void test_packed_with_xz_is_said(void) {
  save_text("cifar10-train.bin.xz", "x");
  refused(DATASET_CLASS, 3072, 10, "unxz");
}
