/* SPDX-License-Identifier: Apache-2.0
 * Augmentation of images. */
#include "image_augment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"

#define PAD_MOST 999

/* ---- as text ---- */

/* P behind the colon; 0: it is none. */
static uint32_t read_pad(const char *digits, size_t length) {
  uint32_t pad = 0;
  if (length == 0 || length > 3) return 0;
  for (size_t i = 0; i < length; i++) {
    if (digits[i] < '0' || digits[i] > '9') return 0;
    pad = 10 * pad + (uint32_t)(digits[i] - '0');
  }
  return pad;
}

static int read_word(const char *word, size_t length, image_augment *out) {
  if (length == 4 && memcmp(word, "flip", 4) == 0 && !out->flips) {
    out->flips = 1;
    return 0;
  }
  if (length < 4 || memcmp(word, "crop", 4) != 0 || out->pad > 0) return -1;
  if (length > 4 && word[4] != ':') return -1;
  out->pad = length == 4 ? AUGMENT_PAD : read_pad(word + 5, length - 5);
  return out->pad > 0 ? 0 : -1;
}

int augment_read(const char *text, image_augment *out) {
  *out = (image_augment){0, 0};
  for (;;) {
    const size_t length = strcspn(text, ",");
    if (read_word(text, length, out) != 0) return -1;
    if (text[length] == '\0') return 0;
    text += length + 1;
  }
}

void augment_text(const image_augment *a, char text[AUGMENT_TEXT_MAX]) {
  const int length = a->pad > 0 ? snprintf(text, AUGMENT_TEXT_MAX, "crop:%u", (unsigned)a->pad) : 0;
  (void)snprintf(text + length, AUGMENT_TEXT_MAX - (size_t)length, "%s%s",
                 length > 0 && a->flips ? "," : "", a->flips ? "flip" : "");
}

/* ---- to an image ---- */

image_change augment_draw(const image_augment *a, uint64_t seed, uint32_t epoch, uint32_t number) {
  const kfix_draw_key key = {seed, KFIX_DRAW_DATA, epoch, AUGMENT_STREAM};
  const uint32_t places = 2 * a->pad + 1;
  const int pad = (int)a->pad;
  return (image_change){(int)kfix_below(&key, 0, number, places) - pad,
                        (int)kfix_below(&key, 1, number, places) - pad,
                        a->flips && kfix_below(&key, 2, number, 2) == 1};
}

/* A line of `count` groups of `width` numbers: group i becomes group i + by, or zeros. */
static void shift_line(kfix_real *line, size_t count, size_t width, int by) {
  const size_t away = (size_t)abs(by) < count ? (size_t)abs(by) : count;
  const size_t kept = (count - away) * width, lost = away * width;
  if (by > 0) memmove(line, line + lost, kept * sizeof *line);
  if (by < 0) memmove(line + lost, line, kept * sizeof *line);
  memset(by > 0 ? line + kept : line, 0, lost * sizeof *line);
}

static void mirror_line(kfix_real *line, size_t count, size_t width) {
  for (size_t i = 0; i < count / 2; i++)
    for (size_t c = 0; c < width; c++) {
      kfix_real *left = line + i * width + c, *right = line + (count - 1 - i) * width + c;
      const kfix_real held = *left;
      *left = *right;
      *right = held;
    }
}

void augment_apply(const image_change *change, const kfix_image *shape, kfix_real *x) {
  const size_t row = (size_t)shape->width * shape->channels;
  shift_line(x, shape->height, row, change->down);
  for (size_t i = 0; i < shape->height; i++) {
    shift_line(x + i * row, shape->width, shape->channels, change->right);
    if (change->mirrored) mirror_line(x + i * row, shape->width, shape->channels);
  }
}
