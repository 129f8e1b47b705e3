/* SPDX-License-Identifier: Apache-2.0
 * Packing patches: piece by piece of depth, each read from one place by every lane and turned into the panel
 * by 4 x 4 transposes. */
#include "port/gemm/gather.h"

#include "port/gemm/gather_lanes.h"
#include "port/gemm/target_begin.h"

#include "port/gemm/quads.h"

/* Reals of the longest piece. */
#define PIECE ((size_t)(64 / KFIX_REAL_BYTES))

static const kfix_real zeros[PIECE];

/* A panel while it is packed: up to real `a` of row `i` of the kernel. */
typedef struct panel {
  const kfix_gather *g;
  size_t width, lanes; /* with those that fill the last quad */
  size_t i, a;
  kfix_lane lane[KFIX_GATHER_LANES];
  const kfix_real *row[KFIX_GATHER_LANES]; /* where the lanes read the piece */
  kfix_real *out;
} panel;

/* Room for pieces that the image has in part. */
typedef struct stage {
  kfix_real x[KFIX_GATHER_LANES][PIECE];
} stage;

/* A piece of `count` reals, all of it or in part in the image. */
static inline const kfix_real *seen_forward(const panel *t, const kfix_lane *l, size_t count,
                                            kfix_real *staged) {
  const ptrdiff_t channels = (ptrdiff_t)t->g->channels, end = (ptrdiff_t)t->g->width * channels;
  const ptrdiff_t start = l->at[1] * channels + (ptrdiff_t)t->a;
  if (!l->row) return zeros;
  if (start >= 0 && start + (ptrdiff_t)count <= end) return l->row + start;
  for (ptrdiff_t q = 0; q < (ptrdiff_t)count; q++)
    staged[q] = start + q >= 0 && start + q < end ? l->row[start + q] : 0;
  return staged;
}

static inline void read_forward(panel *t, size_t count, stage *s) {
  for (size_t l = 0; l < t->lanes; l++) t->row[l] = seen_forward(t, &t->lane[l], count, s->x[l]);
}

/* A piece is channels of one window. */
static inline void read_back(panel *t) {
  const size_t channel = t->a % t->g->channels;
  const kfix_tap column = kfix_tap_of(t->g, 1, t->a / t->g->channels);
  for (size_t l = 0; l < t->lanes; l++) {
    const kfix_real *pixel = kfix_lane_pixel(t->g, column, &t->lane[l]);
    t->row[l] = pixel ? pixel + channel : zeros;
  }
}

/* The piece into the panel. From the last group on, and ascending: lanes of the last may run into the next depth,
 * which is written after. */
static inline void turn(panel *t, size_t count) {
  const size_t groups = t->lanes / 4;
  kfix_real *out = t->out;
  size_t q = 0;
  for (; q + 4 <= count; q += 4) {
    for (size_t i = groups; i-- > 0;) {
      const kfix_real *const *row = t->row + 4 * i;
      const kfix_quad rows[4] = {KFIX_QUAD_CONST(row[0] + q), KFIX_QUAD_CONST(row[1] + q),
                                 KFIX_QUAD_CONST(row[2] + q), KFIX_QUAD_CONST(row[3] + q)};
      kfix_quad turned[4];
      kfix_quads_turn(rows, turned);
      for (size_t p = 0; p < 4; p++) KFIX_QUAD(out + p * t->width + 4 * i) = turned[p];
    }
    out += 4 * t->width;
  }
  for (; q < count; q++, out += t->width)
    for (size_t l = 0; l < t->width; l++) out[l] = t->row[l][q];
  t->out = out;
}

/* Depth [from, to), piece by piece. */
static inline void pack_panel(panel *t, size_t from, size_t to, int back) {
  const size_t channels = t->g->channels, across = t->g->windows->kernel[1] * channels;
  _Alignas(KFIX_ALIGN) stage s;
  t->i = from / across;
  t->a = from % across;
  kfix_lanes_rows(t->g, t->i, t->lanes, t->lane);
  for (size_t p = from, count; p < to; p += count) {
    const size_t end = back ? (t->a / channels + 1) * channels : across;
    count = kfix_smaller(kfix_smaller(end - t->a, PIECE), to - p);
    if (back)
      read_back(t);
    else
      read_forward(t, count, &s);
    turn(t, count);
    t->a += count;
    if (t->a < across || p + count >= to) continue;
    t->a = 0;
    t->i++;
    kfix_lanes_rows(t->g, t->i, t->lanes, t->lane);
  }
}

static inline void pack(const kfix_gather *g, size_t width, kfix_span lanes, kfix_span depth,
                        kfix_real *out, int back) {
  const size_t patch = kfix_window_area(g->windows) * g->channels, k = depth.end - depth.begin;
  kfix_walk walk = kfix_walk_from(g, lanes.begin);
  panel t = {.g = g, .width = width, .lanes = KFIX_ROUND_UP(width, (size_t)4)};
  for (size_t i = lanes.begin; i < lanes.end; i += width, out += k * width) {
    t.out = out;
    kfix_lanes_place(g, &walk, kfix_smaller(width, lanes.end - i), t.lanes, t.lane);
    if (depth.begin < patch) pack_panel(&t, depth.begin, kfix_smaller(depth.end, patch), back);
    for (size_t l = 0; l < width && depth.end > patch; l++) out[(k - 1) * width + l] = 1;
  }
}

/* A body for each width of a micro-kernel and of vectors. */
void kfix_gather_pack(const kfix_gather *g, size_t width, kfix_span lanes, kfix_span depth,
                      kfix_real *out) {
  switch (2 * width + (g->back != 0)) {
    case 12:
      pack(g, 6, lanes, depth, out, 0);
      break;
    case 13:
      pack(g, 6, lanes, depth, out, 1);
      break;
    case 24:
      pack(g, 12, lanes, depth, out, 0);
      break;
    case 25:
      pack(g, 12, lanes, depth, out, 1);
      break;
    default:
      pack(g, width, lanes, depth, out, g->back);
  }
}

#include "port/gemm/target_end.h"
