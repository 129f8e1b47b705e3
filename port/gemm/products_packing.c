/* SPDX-License-Identifier: Apache-2.0
 * Packing by 4 x 4 transposes (across) or by copies (along); a symmetric operand is across left of
 * its diagonal and along right of it. */
#include "port/gemm/products_packing.h"

#include "core/arithmetic.h"
#include "port/gemm/gathered.h"
#include "port/gemm/products.h"
#include "port/gemm/target_begin.h"

#include "port/gemm/quads.h"

static inline const kfix_real *stored_row(const kfix_operand *o, size_t i) {
  return o->x + (o->layout == KFIX_SYMMETRIC ? KFIX_TRIANGLE(i) : i * o->ld);
}

/* Operands come from far: what is packed next is on its way. A number, for no row may be there. */
static inline void fetch(const kfix_operand *o, size_t i, size_t p) {
  const size_t at = (o->layout == KFIX_SYMMETRIC ? KFIX_TRIANGLE(i) : i * o->ld) + p;
  __builtin_prefetch((const void *)((uintptr_t)o->x + at * sizeof *o->x));
}

static inline kfix_real element(const kfix_operand *o, size_t lane, size_t p) {
  const int swap = o->layout == KFIX_ALONG || (o->layout == KFIX_SYMMETRIC && lane < p);
  return swap ? stored_row(o, p)[lane] : stored_row(o, lane)[p];
}

/* One panel of a fixed width; constant where these are inlined. */
typedef struct panel {
  size_t width, first, lanes, from, to;
  kfix_real *out;
} panel;

static inline void pack_one_by_one(const kfix_operand *o, const panel *t) {
  kfix_real *out = t->out;
  for (size_t p = t->from; p < t->to; p++, out += t->width) {
    for (size_t i = 0; i < t->lanes; i++) out[i] = o->scale * element(o, t->first + i, p);
    for (size_t i = t->lanes; i < t->width; i++) out[i] = 0;
  }
}

/* out[q width + i] = scale row[i][q], for 4 rows and 4 q. Ascending q: at a width of 6 the second
 * four lanes run into the next q, which is written after. */
static inline void transpose(const kfix_real *const row[4], size_t p, kfix_real scale,
                             kfix_quad *out) {
  const kfix_quad rows[4] = {
      KFIX_QUAD_CONST(row[0] + p) * scale, KFIX_QUAD_CONST(row[1] + p) * scale,
      KFIX_QUAD_CONST(row[2] + p) * scale, KFIX_QUAD_CONST(row[3] + p) * scale};
  kfix_quads_turn(rows, out);
}

/* Elements of a line of the cache. */
#define LINE (64 / KFIX_REAL_BYTES)

/* Four depths at a time of all lanes, in groups of four. Lanes that are missing repeat the last: no
 * element of C comes of them. */
static inline void pack_across_quads(const kfix_operand *o, const panel *t) {
  const kfix_real *row[KFIX_TILE_COLS_MAX];
  const size_t groups = (t->width + 3) / 4, quads = (t->to - t->from) / 4;
  kfix_real *out = t->out;
  for (size_t g = 0; g < groups; g++)
    for (size_t i = 4 * g; i < 4 * g + 4; i++)
      row[i] = stored_row(o, t->first + kfix_smaller(i, t->lanes - 1));
  for (size_t p = t->from; p < t->from + 4 * quads; p += 4) {
    kfix_quad turned[KFIX_TILE_COLS_MAX / 4][4];
    for (size_t i = 0; i < t->lanes && (p - t->from) % LINE == 0; i++)
      fetch(o, t->first + t->width + i, p);
    for (size_t g = 0; g < groups; g++) transpose(row + 4 * g, p, o->scale, turned[g]);
    for (size_t q = 0; q < 4; q++, out += t->width)
      for (size_t g = 0; g < groups; g++) KFIX_QUAD(out + 4 * g) = turned[g][q];
  }
}

static inline void pack_across(const kfix_operand *o, const panel *t) {
  const size_t whole = (t->to - t->from) / 4 * 4;
  pack_across_quads(o, t);
  const panel rest = {t->width,        t->first, t->lanes,
                      t->from + whole, t->to,    t->out + whole * t->width};
  pack_one_by_one(o, &rest);
}

/* Stored columns are read a few rows at a time, so that a line of the cache that holds lanes of
 * several panels is still there for the next. */
#define ROWS_AT_A_TIME 8

static inline void pack_along(const kfix_operand *o, const panel *t) {
  const size_t whole = t->lanes / 4 * 4;
  kfix_real *out = t->out;
  for (size_t p = t->from; p < t->to; p++, out += t->width) {
    const kfix_real *x = stored_row(o, p) + t->first;
    fetch(o, p + ROWS_AT_A_TIME, t->first);
    for (size_t i = 0; i < whole; i += 4) KFIX_QUAD(out + i) = KFIX_QUAD_CONST(x + i) * o->scale;
    for (size_t i = whole; i < t->lanes; i++) out[i] = o->scale * x[i];
    for (size_t i = t->lanes; i < t->width; i++) out[i] = 0;
  }
}

/* Whole panels deserve loops of their own. */
static inline void pack_along_lanes(const kfix_operand *o, const panel *t) {
  panel whole = *t;
  whole.lanes = t->width;
  if (t->lanes == t->width)
    pack_along(o, &whole);
  else
    pack_along(o, t);
}

static inline size_t clamp(size_t x, size_t low, size_t high) {
  return x < low ? low : x > high ? high : x;
}

/* Depths up to the first lane are left of the diagonal for all lanes, those from the last lane on
 * right of it. */
static inline void pack_symmetric(const kfix_operand *o, const panel *t) {
  const size_t turn = clamp(t->first, t->from, t->to);
  const size_t turned = clamp(t->first + t->lanes, t->from, t->to);
  const panel left = {t->width, t->first, t->lanes, t->from, turn, t->out};
  const panel middle = {t->width, t->first, t->lanes,
                        turn,     turned,   t->out + (turn - t->from) * t->width};
  const panel right = {t->width, t->first, t->lanes,
                       turned,   t->to,    t->out + (turned - t->from) * t->width};
  pack_across(o, &left);
  pack_one_by_one(o, &middle);
  pack_along_lanes(o, &right);
}

static inline void pack_panel(const kfix_operand *o, const panel *t) {
  if (o->layout == KFIX_ACROSS)
    pack_across(o, t);
  else if (o->layout == KFIX_ALONG)
    pack_along_lanes(o, t);
  else
    pack_symmetric(o, t);
}

/* One panel begins `apart` reals after another. */
static inline void pack(const kfix_operand *o, size_t width, kfix_span lanes, kfix_span depth,
                        size_t apart, kfix_real *out) {
  const size_t k = depth.end - depth.begin, step = o->layout == KFIX_ALONG ? ROWS_AT_A_TIME : k;
  for (size_t p = depth.begin; p < depth.end; p += step)
    for (size_t i = lanes.begin, n = 0; i < lanes.end; i += width, n++) {
      const panel t = {.width = width,
                       .first = i,
                       .lanes = kfix_smaller(width, lanes.end - i),
                       .from = p,
                       .to = kfix_smaller(p + step, depth.end),
                       .out = out + n * apart + (p - depth.begin) * width};
      pack_panel(o, &t);
    }
}

/* A body for each width of a micro-kernel: 6 x 16 and 12 x 32 floats, 6 x 8 and 14 x 16 doubles. */
static void pack_stored(const kfix_operand *o, size_t width, kfix_span lanes, kfix_span depth,
                        size_t apart, kfix_real *out) {
  switch (width) {
    case 6:
      pack(o, 6, lanes, depth, apart, out);
      break;
    case KFIX_TILE_COLS_MAX / 2:
      pack(o, KFIX_TILE_COLS_MAX / 2, lanes, depth, apart, out);
      break;
    case KFIX_TILE_COLS_MAX:
      pack(o, KFIX_TILE_COLS_MAX, lanes, depth, apart, out);
      break;
    default:
      pack(o, width, lanes, depth, apart, out);
  }
}

/* The weights at one place of the kernel are a plain operand. */
static inline void pack_by_taps(const kfix_operand *o, size_t width, kfix_span lanes,
                                kfix_span depth, size_t apart, kfix_real *out) {
  const size_t deep = o->gather->channels, step = o->gather->windows->channels;
  for (size_t p = depth.begin, count; p < depth.end; p += count, out += count * width) {
    const kfix_span at = {p % deep, kfix_smaller(deep, p % deep + depth.end - p)};
    const kfix_operand tap = {
        .layout = KFIX_ALONG, .x = o->x + p / deep * step, .ld = o->ld, .scale = o->scale};
    count = at.end - at.begin;
    pack_stored(&tap, width, lanes, at, apart, out);
  }
}

/* So are the places of one example. */
static inline void pack_by_examples(const kfix_operand *o, size_t width, kfix_span lanes,
                                    kfix_span depth, size_t apart, kfix_real *out) {
  const size_t deep = (size_t)o->gather->rows * o->gather->cols;
  for (size_t p = depth.begin, count; p < depth.end; p += count, out += count * width) {
    const kfix_span at = {p % deep, kfix_smaller(deep, p % deep + depth.end - p)};
    const kfix_operand example = {
        .layout = KFIX_ALONG, .x = o->x + p / deep * o->gather->ld, .ld = o->ld, .scale = o->scale};
    count = at.end - at.begin;
    pack_stored(&example, width, lanes, at, apart, out);
  }
}

void kfix_products_pack(const kfix_operand *o, size_t width, kfix_span lanes, kfix_span depth,
                        kfix_real *out) {
  const size_t apart = (depth.end - depth.begin) * width;
  if (o->layout == KFIX_BY_TAPS)
    pack_by_taps(o, width, lanes, depth, apart, out);
  else if (o->layout == KFIX_BY_EXAMPLES)
    pack_by_examples(o, width, lanes, depth, apart, out);
  else
    pack_stored(o, width, lanes, depth, apart, out);
}

#include "port/gemm/target_end.h"
