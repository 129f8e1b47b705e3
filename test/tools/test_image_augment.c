/* SPDX-License-Identifier: Apache-2.0
 * Augmentation: its words, crops and mirror images by hand, and that the draw is a function of seed, epoch
 * and number alone. */
#include "check.h"
#include "images/image_augment.h"

static void reads(const char *text, uint32_t pad, int flips, const char *again) {
  image_augment a = {9, 9};
  char said[AUGMENT_TEXT_MAX];
  CHECK_INT(0, augment_read(text, &a));
  CHECK_INT(pad, a.pad);
  CHECK_INT(flips, a.flips);
  augment_text(&a, said);
  CHECK_STR(again, said);
}

void test_words(void) {
  static const char *const wrong[] = {"",        "crops",     "crop:",     "crop:0", "crop:1000",
                                      "crop:+4", "crop:4x",   "crop:4.0",  "flip,",  ",flip",
                                      "flip:2",  "flip,flip", "crop,crop", "Flip",   "crop flip"};
  image_augment a;
  reads("crop", 4, 0, "crop:4");
  reads("flip", 0, 1, "flip");
  reads("flip,crop", 4, 1, "crop:4,flip");
  reads("crop:999,flip", 999, 1, "crop:999,flip");
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    CHECK_MSG(augment_read(wrong[i], &a) == -1, wrong[i]);
  a = (image_augment){0, 0};
  char said[AUGMENT_TEXT_MAX];
  augment_text(&a, said);
  CHECK_STR("", said);
}

/* 2 x 3 pixels of 2 channels: number 10 r + c of pixel (r, c), and the same with 100 added. */
static void by_hand(image_change change, const int first[6]) {
  const kfix_image shape = {2, 3, 2};
  kfix_real x[12];
  for (int i = 0; i < 6; i++) {
    x[2 * i] = (kfix_real)(11 + 10 * (i / 3) + i % 3);
    x[2 * i + 1] = x[2 * i] + 100;
  }
  augment_apply(&change, &shape, x);
  for (int i = 0; i < 6; i++) {
    CHECK_NEAR(0, first[i], x[2 * i]);
    CHECK_NEAR(0, first[i] == 0 ? 0 : first[i] + 100, x[2 * i + 1]);
  }
}

void test_changes_by_hand(void) {
  by_hand((image_change){0, 0, 0}, (int[]){11, 12, 13, 21, 22, 23});
  by_hand((image_change){0, 0, 1}, (int[]){13, 12, 11, 23, 22, 21});
  by_hand((image_change){1, 0, 0}, (int[]){21, 22, 23, 0, 0, 0});
  by_hand((image_change){-1, 0, 0}, (int[]){0, 0, 0, 11, 12, 13});
  by_hand((image_change){0, 1, 0}, (int[]){12, 13, 0, 22, 23, 0});
  by_hand((image_change){0, -2, 0}, (int[]){0, 0, 11, 0, 0, 21});
  by_hand((image_change){1, -1, 1}, (int[]){22, 21, 0, 0, 0, 0}); /* mirrored after the crop */
  by_hand((image_change){-1, 1, 1}, (int[]){0, 0, 0, 0, 13, 12});
  by_hand((image_change){2, 0, 0}, (int[]){0, 0, 0, 0, 0, 0});
  by_hand((image_change){0, -5, 0}, (int[]){0, 0, 0, 0, 0, 0});
}

enum { PAD = 2, PLACES = 2 * PAD + 1, DRAWS = 8000 };

/* Counts are binomial: within five deviations of what they should be. */
static void check_count(double p, int count) {
  CHECK_NEAR(5 * sqrt(DRAWS * p * (1 - p)), DRAWS * p, count);
}

void test_every_window_and_mirror_image_is_as_likely_as_the_next(void) {
  const image_augment a = {PAD, 1};
  int counts[PLACES][PLACES][2] = {{{0}}};
  for (uint32_t i = 0; i < DRAWS; i++) {
    const image_change c = augment_draw(&a, 3, i % 7, i);
    CHECK(c.down >= -PAD && c.down <= PAD && c.right >= -PAD && c.right <= PAD);
    counts[c.down + PAD][c.right + PAD][c.mirrored]++;
  }
  for (int y = 0; y < PLACES; y++)
    for (int x = 0; x < PLACES; x++)
      for (int m = 0; m < 2; m++) check_count(1.0 / (2 * PLACES * PLACES), counts[y][x][m]);
}

static int same(image_change a, image_change b) {
  return a.down == b.down && a.right == b.right && a.mirrored == b.mirrored;
}

void test_a_draw_depends_on_seed_epoch_and_number_alone(void) {
  const image_augment both = {PAD, 1}, crop = {PAD, 0}, flip = {0, 1};
  int equal[3] = {0};
  for (uint32_t i = 0; i < DRAWS; i++) {
    const image_change c = augment_draw(&both, 3, 5, i);
    CHECK(same(c, augment_draw(&both, 3, 5, i)));
    const image_change placed = augment_draw(&crop, 3, 5, i), mirror = augment_draw(&flip, 3, 5, i);
    CHECK(placed.down == c.down && placed.right == c.right && placed.mirrored == 0);
    CHECK(mirror.down == 0 && mirror.right == 0 && mirror.mirrored == c.mirrored);
    equal[0] += same(c, augment_draw(&both, 4, 5, i));
    equal[1] += same(c, augment_draw(&both, 3, 6, i));
    equal[2] += same(c, augment_draw(&both, 3, 5, i + 1));
  }
  for (int k = 0; k < 3; k++) check_count(1.0 / (2 * PLACES * PLACES), equal[k]);
}

/* The first draws, which every machine has. */
void test_known_draws(void) {
  const image_augment a = {4, 1};
  static const image_change wanted[4] = {{4, 1, 1}, {1, -4, 0}, {3, -4, 0}, {4, 4, 0}};
  for (uint32_t i = 0; i < 4; i++) CHECK(same(wanted[i], augment_draw(&a, 1, 2, i)));
}
