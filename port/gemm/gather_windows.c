/* SPDX-License-Identifier: Apache-2.0
 * A panel is a few runs: of each row of the kernel what falls into the panel. One run of all windows after another:
 * what a window shows of it is a piece of a row of the image, with zeros where it looks over the border. */
#include "port/gemm/gather_windows.h"

#include "core/arithmetic.h"
#include "port/gemm/instructions.h"

#include "port/gemm/target_begin.h"
#include "port/gemm/vector.h"

/* Reals [from, from + count) of row i of the kernel. */
typedef struct run {
  const kfix_gather *g;
  size_t width; /* of the panel */
  ptrdiff_t i, from, count;
} run;

/* The last vector begins early, so that nothing behind is written. */
static inline void copy(ptrdiff_t n, const kfix_real *x, kfix_real *out) {
  const ptrdiff_t last = n - KFIX_VEC_LANES;
  for (ptrdiff_t j = 0; j < last; j += KFIX_VEC_LANES)
    kfix_vec_store(out + j, kfix_vec_load(x + j));
  if (last >= 0)
    kfix_vec_store(out + last, kfix_vec_load(x + last));
  else
    for (ptrdiff_t j = 0; j < n; j++) out[j] = x[j];
}

/* Reals [at, at + n) of a row that has so many `across`: zeros where it has none. */
static inline void copy_clipped(ptrdiff_t n, const kfix_real *row, ptrdiff_t at, ptrdiff_t across,
                                kfix_real *out) {
  for (ptrdiff_t j = 0; j < n; j++) out[j] = at + j >= 0 && at + j < across ? row[at + j] : 0;
}

/* What `count` windows of one row show, the first of which has it from real `at` of that row of the image on: before
 * the border, inside, behind it. */
static inline void pack_inside(const run *r, ptrdiff_t n, const kfix_real *row, ptrdiff_t at,
                               size_t count, kfix_real *out) {
  const ptrdiff_t channels = r->g->channels, across = (ptrdiff_t)r->g->width * channels;
  const ptrdiff_t step = r->g->windows->stride[1] * channels;
  const kfix_real *const end = out + count * r->width;
  for (; out < end && at < 0; out += r->width, at += step) copy_clipped(n, row, at, across, out);
  for (; out < end && at + n <= across; out += r->width, at += step) copy(n, row + at, out);
  for (; out < end; out += r->width, at += step) copy_clipped(n, row, at, across, out);
}

/* Windows [col, col + count) of a row. A body for each run that fills a panel. */
static inline void pack_row(const run *r, const kfix_real *image, size_t row, size_t col,
                            size_t count, kfix_real *out) {
  const kfix_gather *g = r->g;
  const kfix_windows *w = g->windows;
  const ptrdiff_t y = (ptrdiff_t)(row * w->stride[0]) - (ptrdiff_t)w->pad[0] + r->i;
  const ptrdiff_t x = (ptrdiff_t)(col * w->stride[1]) - (ptrdiff_t)w->pad[1];
  const ptrdiff_t at = x * (ptrdiff_t)g->channels + r->from;
  const kfix_real *pixels = image + y * (ptrdiff_t)((size_t)g->width * g->channels);
  if (y < 0 || y >= (ptrdiff_t)g->height)
    for (size_t p = 0; p < count; p++, out += r->width)
      for (ptrdiff_t j = 0; j < r->count; j++) out[j] = 0;
  else if (r->count == KFIX_TILE_COLS_MAX)
    pack_inside(r, KFIX_TILE_COLS_MAX, pixels, at, count, out);
  else
    pack_inside(r, r->count, pixels, at, count, out);
}

static void pack_run(const run *r, kfix_span depth, kfix_real *out) {
  const size_t rows = r->g->rows, cols = r->g->cols, each = rows * cols;
  const kfix_real *image = r->g->x + depth.begin / each * r->g->ld;
  size_t row = depth.begin % each / cols, col = depth.begin % cols;
  for (size_t p = depth.begin, count; p < depth.end; p += count, out += count * r->width) {
    count = kfix_smaller(cols - col, depth.end - p);
    pack_row(r, image, row, col, count, out);
    col = 0;
    if (++row < rows) continue;
    row = 0;
    image += r->g->ld;
  }
}

/* The same in columns [from, to) of all rows. */
static void fill(size_t depth, size_t width, size_t from, size_t to, kfix_real value,
                 kfix_real *out) {
  for (size_t p = 0; p < depth && from < to; p++, out += width)
    for (size_t j = from; j < to; j++) out[j] = value;
}

void kfix_gather_windows(const kfix_gather *g, size_t width, kfix_span lanes, kfix_span depth,
                         kfix_real *out) {
  const size_t across = g->windows->kernel[1] * (size_t)g->channels;
  const size_t patch = across * g->windows->kernel[0], k = depth.end - depth.begin;
  const size_t end = kfix_smaller(lanes.end, lanes.begin + width), shown = kfix_smaller(end, patch);
  size_t at = lanes.begin;
  for (size_t count; at < shown; at += count) {
    count = kfix_smaller(across - at % across, shown - at);
    const run r = {g, width, (ptrdiff_t)(at / across), (ptrdiff_t)(at % across), (ptrdiff_t)count};
    pack_run(&r, depth, out + (at - lanes.begin));
  }
  fill(k, width, at - lanes.begin, end - lanes.begin, 1, out);
  fill(k, width, end - lanes.begin, width, 0, out);
}

#include "port/gemm/target_end.h"
