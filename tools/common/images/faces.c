/* SPDX-License-Identifier: Apache-2.0
 * Random crops of face pictures. */
#include "faces.h"

#include <math.h>
#include <stddef.h>

#include "core/philox.h"

#define JITTER     4.0
#define ANGLES_MAX 16 /* tries; all fail for one crop in 5e10, which then stands upright */

typedef struct view {
  double x, y;   /* centre */
  double dx, dy; /* one crop pixel to the right, in source pixels */
} view;

static double unit(uint32_t word) {
  return (double)word / 4294967296.0;
}

/* A uniform direction in the right half plane, without a sine: a uniform point in the half disc. */
static void direction(const kfix_draw_key *key, uint32_t row, double *c, double *s) {
  uint32_t words[4];
  for (uint32_t i = 1; i <= ANGLES_MAX; i++) {
    kfix_draw(key, i, row, words);
    const double x = unit(words[0]), y = 2.0 * unit(words[1]) - 1.0, r2 = x * x + y * y;
    if (r2 > 1.0 || r2 < 1e-4) continue;
    const double r = sqrt(r2);
    *c = x / r;
    *s = y / r;
    return;
  }
  *c = 1.0;
  *s = 0.0;
}

static view choose_view(uint64_t seed, uint32_t original, uint32_t crop) {
  const kfix_draw_key key = {seed, KFIX_DRAW_DATA, original, 1};
  uint32_t words[4];
  double c, s;
  kfix_draw(&key, 0, crop, words);
  direction(&key, crop, &c, &s);
  const double step = 1.4 + 0.4 * unit(words[0]), half = FACES_SOURCE_SIDE / 2.0;
  const double reach = 0.5 * FACES_SIDE * step * (c + fabs(s));
  double room = half - reach;
  room = room < 0.0 ? 0.0 : room > JITTER ? JITTER : room;
  const view v = {half + room * (2.0 * unit(words[1]) - 1.0),
                  half + room * (2.0 * unit(words[2]) - 1.0), c * step, s * step};
  return v;
}

static double clamp(double value, double high) {
  return value < 0.0 ? 0.0 : value > high ? high : value;
}

/* Bilinear, pixel (i, j) having its centre at (i + 1/2, j + 1/2); the border is continued. */
static double sample(const unsigned char *picture, double x, double y) {
  const double last = FACES_SOURCE_SIDE - 1;
  const double fx = clamp(x - 0.5, last), fy = clamp(y - 0.5, last);
  const size_t i = (size_t)fx, j = (size_t)fy;
  const size_t right = i + 1 < FACES_SOURCE_SIDE, down = j + 1 < FACES_SOURCE_SIDE;
  const unsigned char *at = picture + j * FACES_SOURCE_SIDE + i;
  const double u = fx - (double)i, v = fy - (double)j;
  const double top = at[0] + u * (at[right] - at[0]);
  const unsigned char *below = at + down * FACES_SOURCE_SIDE;
  const double bottom = below[0] + u * (below[right] - below[0]);
  return top + v * (bottom - top);
}

void faces_crop(uint64_t seed, uint32_t original, uint32_t crop,
                const unsigned char picture[FACES_SOURCE_SIDE * FACES_SOURCE_SIDE],
                unsigned char pixels[FACES_PIXELS]) {
  const view v = choose_view(seed, original, crop);
  for (int y = 0; y < FACES_SIDE; y++)
    for (int x = 0; x < FACES_SIDE; x++) {
      double sum = 0.0;
      for (int quarter = 0; quarter < 4; quarter++) {
        const double px = x + 0.25 + 0.5 * (quarter & 1) - 0.5 * FACES_SIDE;
        const double py = y + 0.25 + 0.5 * (quarter >> 1) - 0.5 * FACES_SIDE;
        sum += sample(picture, v.x + px * v.dx - py * v.dy, v.y + px * v.dy + py * v.dx);
      }
      pixels[y * FACES_SIDE + x] = (unsigned char)(0.25 * sum + 0.5);
    }
}
