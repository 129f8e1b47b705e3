/* SPDX-License-Identifier: Apache-2.0
 * The lanes of a tile at a time: a list of the pieces of images that they see, then sums over the pieces, whose single
 * elements are read where they are. */
#include "port/gemm/products_direct.h"

#include "port/gemm/gather_lanes.h"
#include "port/gemm/vector_pieces.h"
#include "port/gemm/vector_tile.h"

/* Shorter runs cost more to find than to pack. Where windows see no padding, a run is a row of the kernel, else the
 * channels of a pixel. */
#define RUN_LEAST      8
#define CHANNELS_LEAST 3

/* Of a block of depth: each tap, the first and the last in part, and the ones. */
#define PIECES (KFIX_KC / CHANNELS_LEAST + 3)

/* Rows and panels of columns at a time: in the second-level cache the panels stay while rows go by, and the rows
 * of C until all of depth is done. */
#define STRIP  ((size_t)1008)
#define PANELS ((size_t)8)

static const kfix_real zeros[KFIX_KC], one = 1;

typedef struct list {
  const kfix_gather *g;
  kfix_lane lane[KFIX_PIECE_ROWS_MAX];
  kfix_target c;
  kfix_sum_pieces *sum;
  size_t rows, cols; /* of a tile */
  int inside;        /* forward: no lane sees padding left or right */
  size_t pieces, count[PIECES];
  const kfix_real *row[]; /* rows of each piece */
} list;
#define LIST_BYTES(rows) \
  KFIX_ROUND_UP(sizeof(list) + PIECES * (size_t)(rows) * sizeof(kfix_real *), (size_t)KFIX_ALIGN)
_Static_assert(LIST_BYTES(KFIX_PIECE_ROWS) <= (size_t)6 * KFIX_KC * KFIX_REAL_BYTES &&
                   LIST_BYTES(KFIX_PIECE_ROWS_MAX) <= (size_t)12 * KFIX_KC * KFIX_REAL_BYTES,
               "behind a panel the least slot has room for the list");

static inline void look(list *s, kfix_walk *walk, size_t count) {
  const kfix_gather *g = s->g;
  const int64_t last = (int64_t)g->width - g->windows->kernel[1];
  kfix_lanes_place(g, walk, count, s->rows, s->lane);
  s->inside = !g->back;
  for (size_t l = 0; l < s->rows; l++)
    s->inside = s->inside && s->lane[l].at[1] >= 0 && s->lane[l].at[1] <= last;
}

static inline const kfix_real **next_piece(list *s, size_t count) {
  s->count[s->pieces] = count;
  return s->row + s->pieces++ * s->rows;
}

/* All of a row of the kernel from real a on. */
static inline void add_row(list *s, size_t a, size_t count) {
  const kfix_real **row = next_piece(s, count);
  for (size_t l = 0; l < s->rows; l++) {
    const kfix_lane *at = &s->lane[l];
    row[l] = at->row ? at->row + (size_t)at->at[1] * s->g->channels + a : zeros;
  }
}

static inline void add_tap(list *s, size_t j, size_t channel, size_t count) {
  const kfix_tap column = kfix_tap_of(s->g, 1, j);
  const kfix_real **row = next_piece(s, count);
  for (size_t l = 0; l < s->rows; l++) {
    const kfix_real *pixel = kfix_lane_pixel(s->g, column, &s->lane[l]);
    row[l] = pixel ? pixel + channel : zeros;
  }
}

static inline void add_taps(list *s, size_t a, size_t count) {
  const size_t channels = s->g->channels;
  size_t j = a / channels, channel = a % channels;
  for (size_t done = 0, some; done < count; done += some, j++, channel = 0) {
    some = kfix_smaller(channels - channel, count - done);
    add_tap(s, j, channel, some);
  }
}

/* The pieces of depth. */
static void find_pieces(list *s, kfix_span depth) {
  const kfix_gather *g = s->g;
  const size_t across = (size_t)g->windows->kernel[1] * g->channels;
  const size_t patch = across * g->windows->kernel[0], end = kfix_smaller(depth.end, patch);
  s->pieces = 0;
  for (size_t p = depth.begin, count; p < end; p += count) {
    const size_t a = p % across;
    count = kfix_smaller(across - a, end - p);
    kfix_lanes_rows(g, p / across, s->rows, s->lane);
    if (s->inside)
      add_row(s, a, count);
    else
      add_taps(s, a, count);
  }
  if (depth.end <= patch) return;
  const kfix_real **row = next_piece(s, 1);
  for (size_t l = 0; l < s->rows; l++) row[l] = &one;
}

/* Rows [i, i + m) of C, its columns of the packed panels. */
static void multiply(const kfix_product *t, list *s, size_t i, size_t m, kfix_span cols,
                     kfix_span depth, const kfix_real *panels) {
  const kfix_pieces a = {s->pieces, s->count, s->row};
  kfix_target *c = &s->c;
  c->m = m;
  c->from_zero = t->from_zero && depth.begin == 0;
  for (size_t j = cols.begin; j < cols.end; j += s->cols) {
    c->n = kfix_smaller(s->cols, cols.end - j);
    for (size_t l = 0; l < s->rows; l++)
      c->row[l] = kfix_product_row(t, i + kfix_smaller(l, m - 1)) + j;
    s->sum(&a, panels, c);
    panels += (depth.end - depth.begin) * s->cols;
  }
}

/* The list is too long for the stack. */
static void strip(const kfix_product *t, kfix_span rows, kfix_span cols, list *s,
                  kfix_real *panels) {
  for (size_t p = 0; p < t->k; p += KFIX_KC) {
    const kfix_span depth = {p, kfix_smaller(p + KFIX_KC, t->k)};
    kfix_products_pack(&t->right, s->cols, cols, depth, panels);
    kfix_walk walk = kfix_walk_from(s->g, rows.begin);
    for (size_t i = rows.begin; i < rows.end; i += s->rows) {
      const size_t m = kfix_smaller(s->rows, rows.end - i);
      look(s, &walk, m);
      find_pieces(s, depth);
      multiply(t, s, i, m, cols, depth, panels);
    }
  }
}

int kfix_products_are_direct(const kfix_product *t) {
  const kfix_gather *g = t->left.gather;
  if (t->left.layout != KFIX_GATHERED) return 0;
  const size_t run = g->back ? g->channels : g->channels * g->windows->kernel[1];
  return g->channels >= CHANNELS_LEAST && run >= RUN_LEAST;
}

void kfix_products_direct(const kfix_product *t, const kfix_area *area) {
  const kfix_span rows = area->rows, cols = area->cols;
  const int wide = t->tile->pieces != NULL;
  const size_t across = wide ? t->tile->cols : KFIX_VECTOR_COLS;
  const size_t deep = kfix_smaller(t->k, KFIX_KC);
  const size_t behind = LIST_BYTES(wide ? KFIX_PIECE_ROWS_MAX : KFIX_PIECE_ROWS);
  const size_t lanes = (area->bytes - behind - KFIX_PRODUCTS_SLACK) / KFIX_REAL_BYTES / deep;
  const size_t room = kfix_smaller(lanes / across * across, PANELS * KFIX_VECTOR_COLS);
  kfix_real *const panels = (kfix_real *)(void *)((char *)area->slot + behind);
  list *s = area->slot;
  s->g = t->left.gather;
  s->rows = wide ? KFIX_PIECE_ROWS_MAX : KFIX_PIECE_ROWS;
  s->cols = across;
  s->sum = wide ? t->tile->pieces : kfix_vector_pieces;
  for (size_t j = cols.begin; j < cols.end; j += room)
    for (size_t i = rows.begin; i < rows.end; i += STRIP)
      strip(t, (kfix_span){i, kfix_smaller(i + STRIP, rows.end)},
            (kfix_span){j, kfix_smaller(j + room, cols.end)}, s, panels);
}
