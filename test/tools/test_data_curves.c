/* SPDX-License-Identifier: Apache-2.0
 * The generated CURVES images: the same bytes everywhere, and curves to the eye of statistics. */
#include <stdlib.h>

#include "check.h"
#include "core/digest.h"
#include "data/dataset.h"
#include "images/curves.h"

static unsigned char image[CURVES_PIXELS], other[CURVES_PIXELS];

/* Digest of the first images of both parts. The value stands for every compiler, optimisation and
 * real type; it changes when the data set does, and every published result with it. */
void test_the_images_are_these_bytes(void) {
  kfix_digest_state digest;
  kfix_digest_begin(&digest, 0);
  for (uint32_t i = 0; i < 500; i++) {
    curves_draw(1, DATA_TRAIN, i, image);
    kfix_digest_add(&digest, image, sizeof image);
    curves_draw(1, DATA_VALID, i, image);
    kfix_digest_add(&digest, image, sizeof image);
  }
  CHECK_U64(0x07fa148f66925ad9ull, kfix_digest_end(&digest));
}

void test_an_image_depends_on_seed_part_and_index(void) {
  curves_draw(5, DATA_TRAIN, 3, image);
  curves_draw(5, DATA_TRAIN, 3, other);
  CHECK_MEM(image, other, sizeof image);
  curves_draw(6, DATA_TRAIN, 3, other);
  CHECK(memcmp(image, other, sizeof image) != 0);
  curves_draw(5, DATA_VALID, 3, other);
  CHECK(memcmp(image, other, sizeof image) != 0);
  curves_draw(5, DATA_TRAIN, 4, other);
  CHECK(memcmp(image, other, sizeof image) != 0);
}

/* A pen of width 2 over a stroke of some 5 to 35 pixels: 2 to 10 percent of 784. */
void test_mean_ink_is_that_of_a_thin_curve(void) {
  double sum = 0;
  for (uint32_t i = 0; i < 2000; i++) {
    double ink = 0;
    curves_draw(1, DATA_TRAIN, i, image);
    for (size_t j = 0; j < CURVES_PIXELS; j++) ink += image[j] / 255.0 / CURVES_PIXELS;
    CHECK(ink > 0.003 && ink < 0.15);
    sum += ink;
  }
  CHECK_NEAR(0.02, 0.05, sum / 2000);
}

/* The curve keeps 1.5 pixels from the frame, so the centre of a pixel at the border 1. */
void test_the_frame_cuts_no_curve(void) {
  for (uint32_t i = 0; i < 2000; i++) {
    curves_draw(2, DATA_TRAIN, i, image);
    for (size_t j = 0; j < CURVES_SIDE; j++) {
      CHECK(image[j] <= 128 && image[j * CURVES_SIDE] <= 128);
      CHECK(image[CURVES_PIXELS - 1 - j] <= 128);
      CHECK(image[j * CURVES_SIDE + CURVES_SIDE - 1] <= 128);
    }
  }
}

/* Marks what can be reached from a pixel with ink over pixels with ink; returns how many. */
static size_t flood(size_t start) {
  static size_t waiting[CURVES_PIXELS];
  size_t count = 0, reached = 0;
  waiting[count++] = start;
  image[start] = 0;
  while (count > 0) {
    const size_t at = waiting[--count];
    const size_t near[4] = {at - CURVES_SIDE, at + CURVES_SIDE, at - 1, at + 1};
    reached++;
    for (int i = 0; i < 4; i++)
      if (near[i] < CURVES_PIXELS && image[near[i]] > 0) {
        image[near[i]] = 0;
        waiting[count++] = near[i];
      }
  }
  return reached;
}

void test_each_image_is_one_stroke_with_soft_edges(void) {
  for (uint32_t i = 0; i < 500; i++) {
    size_t inked = 0, white = 0, start = 0;
    curves_draw(3, DATA_TRAIN, i, image);
    for (size_t j = 0; j < CURVES_PIXELS; j++) {
      inked += image[j] > 0;
      white += image[j] == 255;
      if (image[j] > 0) start = j;
    }
    CHECK(white > 0 && white < inked);
    CHECK_INT(inked, flood(start));
  }
}

void test_more_images_do_not_change_the_first(void) {
  dataset few, many;
  tool_error err;
  const dataset_request small = {.seed = 9, .train_rows = 10, .valid_rows = 3};
  const dataset_request large = {.source = "curves", .seed = 9, .train_rows = 50, .valid_rows = 7};
  CHECK_INT(0, dataset_open(&few, &small, &err));
  CHECK_INT(0, dataset_open(&many, &large, &err));
  for (size_t i = 0; i < 10; i++)
    CHECK_MEM(dataset_pixels(&many, i), dataset_pixels(&few, i), CURVES_PIXELS);
  for (size_t i = 0; i < 3; i++)
    CHECK_MEM(dataset_pixels(&many, 50 + i), dataset_pixels(&few, 10 + i), CURVES_PIXELS);
  dataset_free(&few);
  dataset_free(&many);
}
