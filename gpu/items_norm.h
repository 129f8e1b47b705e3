/* SPDX-License-Identifier: Apache-2.0
 * Items of normalisations. Sums run as those of the CPU ports: an item adds up the positions of one channel of a
 * row, then one for each channel adds the rows up; all else is element by element. */
#ifndef KFIX_GPU_ITEMS_NORM_H
#define KFIX_GPU_ITEMS_NORM_H

#include "core/elementary.h"
#include "items_sums.h"

/* Of all of them; what a kernel does not name it does not look at. */
typedef struct kfix_norms_args {
  size_t positions, channels;
  size_t more; /* 1: what comes out is added to what is there */
  size_t rows; /* whose sums are added up */
  double share;
  kfix_in x, g;
  const kfix_real *moments, *w, *sums;
  kfix_out out;
} kfix_norms_args;

KFIX_INLINE kfix_real kfix_inverse_deviation(const kfix_norms_args *t, size_t c) {
  return 1 / kfix_sqrt(t->moments[2 * c + 1] + (kfix_real)KFIX_NORM_EPS);
}

/* What is added up for a position: x, or its distance from the mean, squared. */
KFIX_INLINE kfix_real kfix_moment_term(const kfix_real *x, const kfix_real *mean) {
  const kfix_real off = mean ? *x - *mean : *x;
  return mean ? off * off : off;
}

/* Item r channels + c: channel c's sum over the positions of row r, and that is its place. moments: NULL for
 * means, else where these stand. */
typedef kfix_norms_args kfix_norm_rows_args;

KFIX_INLINE void kfix_norm_rows_item(const kfix_norms_args *t, size_t i) {
  const size_t r = i / t->channels, c = i - r * t->channels, step = t->channels;
  const kfix_real *x = t->x.at + r * t->x.ld + c, *mean = t->moments ? t->moments + 2 * c : NULL;
  kfix_real sum = 0, term[KFIX_SUM_AHEAD];
  size_t p = 0;
  for (; p + KFIX_SUM_AHEAD <= t->positions; p += KFIX_SUM_AHEAD) {
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++)
      term[a] = kfix_moment_term(x + (p + a) * step, mean);
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++) sum += term[a];
  }
  for (; p < t->positions; p++) sum += kfix_moment_term(x + p * step, mean);
  t->out.at[i] = sum;
}

/* Item: out (ld apart) of channel c = the sum of those of so many rows, row after row from zero, or, `more`, from
 * what is there; times share. */
typedef kfix_norms_args kfix_norm_fold_args;

KFIX_INLINE void kfix_norm_fold_item(const kfix_norms_args *t, size_t c) {
  kfix_real *out = t->out.at + c * t->out.ld, sum = t->more ? *out : 0, term[KFIX_SUM_AHEAD];
  size_t r = 0;
  for (; r + KFIX_SUM_AHEAD <= t->rows; r += KFIX_SUM_AHEAD) {
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++) term[a] = KFIX_AT(t->x, r + a, c);
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++) sum += term[a];
  }
  for (; r < t->rows; r++) sum += KFIX_AT(t->x, r, c);
  *out = sum * (kfix_real)t->share;
}

/* Item r channels + c: of row r the sums over positions of g xhat, and of g. */
typedef kfix_norms_args kfix_norm_sums_args;

KFIX_INLINE void kfix_norm_sums_item(const kfix_norms_args *t, size_t i) {
  const size_t r = i / t->channels, c = i - r * t->channels, step = t->channels;
  const kfix_real *x = t->x.at + r * t->x.ld + c, *g = t->g.at + r * t->g.ld + c;
  const kfix_real mean = t->moments[2 * c], inverse = kfix_inverse_deviation(t, c);
  kfix_real by_x = 0, plain = 0, off[KFIX_SUM_AHEAD], out[KFIX_SUM_AHEAD];
  size_t p = 0;
  for (; p + KFIX_SUM_AHEAD <= t->positions; p += KFIX_SUM_AHEAD) {
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++) off[a] = x[(p + a) * step] - mean;
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++) out[a] = g[(p + a) * step];
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++) {
      by_x += out[a] * (off[a] * inverse);
      plain += out[a];
    }
  }
  for (; p < t->positions; p++) {
    by_x += g[p * step] * ((x[p * step] - mean) * inverse);
    plain += g[p * step];
  }
  KFIX_AT(t->out, r, 2 * c) = by_x;
  KFIX_AT(t->out, r, 2 * c + 1) = plain;
}

/* An element of rows of so many positions and channels: a row has fewer than 2^32. */
typedef struct kfix_normed {
  size_t row;
  uint32_t at, channel;
} kfix_normed;

KFIX_INLINE kfix_normed kfix_normed_of(const kfix_norms_args *t, size_t e) {
  const size_t each = t->positions * t->channels, row = e / each;
  const uint32_t at = (uint32_t)(e - row * each);
  const kfix_normed element = {row, at, at % (uint32_t)t->channels};
  return element;
}

/* Element e: xhat scaled and shifted. */
typedef kfix_norms_args kfix_norm_args;

KFIX_INLINE void kfix_norm_item(const kfix_norms_args *t, size_t e) {
  const kfix_normed n = kfix_normed_of(t, e);
  const kfix_real off = KFIX_AT(t->x, n.row, n.at) - t->moments[2 * n.channel];
  const kfix_real scale = t->w[2 * n.channel], shift = t->w[2 * n.channel + 1];
  const kfix_real y = off * kfix_inverse_deviation(t, n.channel) * scale + shift;
  kfix_real *out = t->out.at + n.row * t->out.ld + n.at;
  *out = t->more ? *out + y : y;
}

/* Element e: what is left of g when the moments have followed. share: 1 / count. */
typedef kfix_norms_args kfix_norm_back_args;

KFIX_INLINE void kfix_norm_back_item(const kfix_norms_args *t, size_t e) {
  const kfix_normed n = kfix_normed_of(t, e);
  const size_t c = n.channel;
  const kfix_real share = (kfix_real)t->share, inverse = kfix_inverse_deviation(t, c);
  const kfix_real by_x = t->sums[2 * c] * share, plain = t->sums[2 * c + 1] * share;
  const kfix_real along = (KFIX_AT(t->x, n.row, n.at) - t->moments[2 * c]) * inverse * by_x;
  const kfix_real y = (KFIX_AT(t->g, n.row, n.at) - plain - along) * (t->w[2 * c] * inverse);
  kfix_real *out = t->out.at + n.row * t->out.ld + n.at;
  *out = t->more ? *out + y : y;
}

#endif
