/* SPDX-License-Identifier: Apache-2.0
 * Smaller images by exact area averaging: lengths are counted in 1/side of a source pixel, where
 * every edge is a whole number. */
#include "area_average.h"

#include <stdint.h>

/* How much of source pixel s lies in output pixel o, along one axis. */
static uint64_t overlap(size_t s, size_t o, size_t from, size_t side) {
  const size_t low = s * side > o * from ? s * side : o * from;
  const size_t s_end = (s + 1) * side, o_end = (o + 1) * from, high = s_end < o_end ? s_end : o_end;
  return high > low ? high - low : 0;
}

static unsigned char mean(const unsigned char *image, size_t from, size_t side, size_t y,
                          size_t x) {
  const size_t y1 = ((y + 1) * from + side - 1) / side, x1 = ((x + 1) * from + side - 1) / side;
  uint64_t sum = 0;
  for (size_t sy = y * from / side; sy < y1; sy++) {
    uint64_t row = 0;
    for (size_t sx = x * from / side; sx < x1; sx++)
      row += overlap(sx, x, from, side) * image[sy * from + sx];
    sum += overlap(sy, y, from, side) * row;
  }
  const uint64_t area = (uint64_t)from * from;
  return (unsigned char)((sum + area / 2) / area);
}

void area_average(const unsigned char *image, size_t from, unsigned char *out, size_t side) {
  for (size_t y = 0; y < side; y++)
    for (size_t x = 0; x < side; x++) out[y * side + x] = mean(image, from, side, y, x);
}
