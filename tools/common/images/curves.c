/* SPDX-License-Identifier: Apache-2.0
 * Curves through three random points, drawn with a soft pen. */
#include "curves.h"

#include <math.h>
#include <stddef.h>

#include "core/philox.h"

#define SEGMENTS   32  /* a chord leaves the parabola by at most 0.03 pixels */
#define MARGIN     4.0 /* from the frame to where points may lie */
#define PEN_RADIUS 1.0
#define REACH      (PEN_RADIUS + 0.5) /* ink ends at this distance from the curve */

typedef struct point {
  double x, y;
} point;

/* A word as a coordinate in [MARGIN, SIDE - MARGIN); exact up to the last sum. */
static double coordinate(uint32_t word) {
  return MARGIN + (CURVES_SIDE - 2.0 * MARGIN) * ((double)word / 4294967296.0);
}

static void draw_points(uint64_t seed, data_part part, uint32_t index, point p[3]) {
  const kfix_draw_key key = {seed, KFIX_DRAW_DATA, (uint32_t)part, 0};
  uint32_t words[8];
  kfix_draw(&key, 0, index, words);
  kfix_draw(&key, 1, index, words + 4);
  for (int i = 0; i < 3; i++) {
    p[i].x = coordinate(words[2 * i]);
    p[i].y = coordinate(words[2 * i + 1]);
  }
}

static double apart2(point a, point b) {
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/* Makes the point opposite the longest side the middle one: a stroke, not a hairpin. */
static void order_points(point p[3]) {
  const double ends = apart2(p[0], p[2]), first = apart2(p[0], p[1]), last = apart2(p[1], p[2]);
  if (ends >= first && ends >= last) return;
  const int other = first >= last ? 2 : 0; /* is opposite the longest side */
  const point middle = p[other];
  p[other] = p[1];
  p[1] = middle;
}

/* Lagrange's form of the parabola through the three points. */
static point parabola(const point p[3], double t) {
  const double w0 = (2.0 * t - 1.0) * (t - 1.0), w1 = 4.0 * t * (1.0 - t), w2 = t * (2.0 * t - 1.0);
  const point at = {w0 * p[0].x + w1 * p[1].x + w2 * p[2].x,
                    w0 * p[0].y + w1 * p[1].y + w2 * p[2].y};
  return at;
}

/* Squared distance of (x, y) from the segment a b. */
static double distance2(point a, point b, double x, double y) {
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  double u = (x - a.x) * dx + (y - a.y) * dy;
  u = u <= 0.0 ? 0.0 : u >= length2 ? 1.0 : u / length2;
  const double ex = a.x + u * dx - x, ey = a.y + u * dy - y;
  return ex * ex + ey * ey;
}

/* First and one past the last pixel whose centre may be within reach of [low, high]. */
static void pixel_range(double low, double high, int *first, int *end) {
  const int f = (int)(low - REACH - 0.5), e = (int)(high + REACH + 0.5) + 1;
  *first = f < 0 ? 0 : f;
  *end = e > CURVES_SIDE ? CURVES_SIDE : e;
}

static void near_segment(point a, point b, double nearest[CURVES_PIXELS]) {
  int x0, x1, y0, y1;
  pixel_range(a.x < b.x ? a.x : b.x, a.x < b.x ? b.x : a.x, &x0, &x1);
  pixel_range(a.y < b.y ? a.y : b.y, a.y < b.y ? b.y : a.y, &y0, &y1);
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++) {
      const double d = distance2(a, b, x + 0.5, y + 0.5);
      double *at = &nearest[y * CURVES_SIDE + x];
      if (d < *at) *at = d;
    }
}

static unsigned char ink(double squared) {
  if (squared >= REACH * REACH) return 0;
  const double cover = REACH - sqrt(squared);
  return (unsigned char)(255.0 * (cover > 1.0 ? 1.0 : cover) + 0.5);
}

void curves_draw(uint64_t seed, data_part part, uint32_t index,
                 unsigned char pixels[CURVES_PIXELS]) {
  point p[3];
  double nearest[CURVES_PIXELS];
  for (size_t i = 0; i < CURVES_PIXELS; i++) nearest[i] = REACH * REACH;
  draw_points(seed, part, index, p);
  order_points(p);
  point from = p[0];
  for (int s = 1; s <= SEGMENTS; s++) {
    const point to = parabola(p, (double)s / SEGMENTS);
    near_segment(from, to, nearest);
    from = to;
  }
  for (size_t i = 0; i < CURVES_PIXELS; i++) pixels[i] = ink(nearest[i]);
}
