/* SPDX-License-Identifier: Apache-2.0
 * Slices of blocks that look through windows: patches are made where they are needed, a few at a time. */
#include "net/slices.h"

#include "core/arithmetic.h"

/* What is cut up: the rows of `all`, an image each, and where slices of it are made. */
typedef struct cutting {
  const kfix_slice *all;
  const kfix_block *block;
  kfix_windows windows;
  size_t each;  /* windows of an example */
  size_t slice; /* that many at a time */
  kfix_rows patches, g;
} cutting;

static cutting cutting_of(kfix *k, const kfix_slice *all) {
  const kfix_block *b = &k->block[all->block];
  const kfix_windows windows = kfix_net_windows(k->net, k->node[b->node].spec);
  return (cutting){all,
                   b,
                   windows,
                   kfix_positions(&windows),
                   kfix_net_slice(k->net),
                   {k->buffer[KFIX_NET_SLICE_ABAR].at[0], KFIX_LD(kfix_patch_reals(&windows) + 1)},
                   {k->buffer[KFIX_NET_SLICE_G].at[0], KFIX_LD(b->out)}};
}

static kfix_status make_patches(kfix *k, const cutting *c, size_t first, size_t rows) {
  KFIX_RUN(k, patches, &c->windows, first, rows, c->all->abar.at, c->all->abar.ld, c->patches.at,
           c->patches.ld);
  return KFIX_OK;
}

/* *g = that of window `first` and so many more, counted over all examples: where it stands, or copied where there is
 * padding between examples. */
static kfix_status find_g(kfix *k, const cutting *c, size_t first, size_t rows, kfix_rows *g) {
  const size_t out = c->block->out;
  const kfix_rows from = c->all->g;
  *g = (kfix_rows){from.at + first * out, out};
  if (from.ld == c->each * out) return KFIX_OK;
  *g = c->g;
  for (size_t done = 0, count; done < rows; done += count) {
    const size_t example = (first + done) / c->each, at = (first + done) % c->each;
    count = kfix_smaller(c->each - at, rows - done);
    KFIX_RUN(k, copy, count, out, from.at + example * from.ld + at * out, out, g->at + done * g->ld,
             g->ld);
  }
  return KFIX_OK;
}

/* ---- a row for each window ---- */

static kfix_status visit_windows(kfix *k, const cutting *c, size_t first, size_t rows,
                                 const kfix_visitor *visitor) {
  kfix_slice s = *c->all;
  s.rows = rows;
  s.abar = c->patches;
  s.together = c->slice;
  s.windows = (uint32_t)c->each;
  s.first = first / c->each;
  s.at = first % c->each;
  s.images = (kfix_rows){c->all->abar.at + s.first * c->all->abar.ld, c->all->abar.ld};
  if (s.roots) s.roots = k->buffer[KFIX_NET_SLICE_ROOTS].at[0];
  KFIX_TRY(make_patches(k, c, first, rows));
  KFIX_TRY(find_g(k, c, first, rows, &s.g));
  if (k->weights && s.roots)
    KFIX_TRY(kfix_upload_roots(k, &s, k->buffer[KFIX_NET_SLICE_ROOTS].at[0]));
  return visitor->visit(k, &s, visitor->arg);
}

/* The windows of `rows` examples from `first` on. */
static kfix_status visit_slices(kfix *k, const cutting *c, size_t first, size_t rows,
                                const kfix_visitor *visitor) {
  for (size_t done = 0, step; done < rows * c->each; done += step) {
    step = kfix_smaller(rows * c->each - done, c->slice);
    KFIX_TRY(visit_windows(k, c, first * c->each + done, step, visitor));
  }
  return KFIX_OK;
}

/* ---- what stands ---- */

static kfix_status visit_standing(kfix *k, const cutting *c, size_t first, size_t rows,
                                  const kfix_visitor *visitor) {
  kfix_slice s = *c->all;
  s.rows = rows;
  s.abar.at += first * s.abar.ld;
  s.g.at += first * s.g.ld;
  s.together = c->slice;
  s.first = first;
  s.standing = &c->windows;
  return visitor->visit(k, &s, visitor->arg);
}

/* ---- a pair for each example ---- */

/* Sums over rows are products with the ones behind the patches. */
static kfix_status sum_rows(kfix *k, const cutting *c, size_t rows, double scale, kfix_real beta,
                            const kfix_real *x, size_t ldx, size_t cols, kfix_real *out) {
  const kfix_real *ones = c->patches.at + kfix_patch_reals(&c->windows);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, 1, cols, rows, (kfix_real)scale, ones, c->patches.ld, x, ldx,
           beta, out, cols);
  return KFIX_OK;
}

static kfix_status make_pair(kfix *k, const cutting *c, size_t example, kfix_real *abar,
                             kfix_real *g) {
  const size_t out = c->block->out;
  const kfix_real *from = c->all->g.at + example * c->all->g.ld;
  for (size_t done = 0, rows; done < c->each; done += rows) {
    const kfix_real beta = done > 0;
    rows = kfix_smaller(c->each - done, c->slice);
    KFIX_TRY(make_patches(k, c, example * c->each + done, rows));
    KFIX_TRY(sum_rows(k, c, rows, 1 / (double)c->each, beta, c->patches.at, c->patches.ld,
                      c->block->cols, abar));
    KFIX_TRY(sum_rows(k, c, rows, 1, beta, from + done * out, out, out, g));
  }
  return KFIX_OK;
}

/* Behind the room for patches, and for their g. The homogeneous coordinate is 1, not the mean of ones. */
static kfix_status visit_pairs(kfix *k, const cutting *c, size_t first, size_t rows,
                               const kfix_visitor *visitor) {
  const size_t patch = kfix_patch_reals(&c->windows);
  kfix_slice s = *c->all;
  s.rows = rows;
  s.abar = (kfix_rows){c->patches.at + c->slice * c->patches.ld, c->patches.ld};
  s.g = (kfix_rows){c->g.at + c->slice * c->g.ld, c->g.ld};
  s.first = first;
  if (s.roots) s.roots += first;
  for (size_t i = 0; i < rows; i++)
    KFIX_TRY(make_pair(k, c, first + i, s.abar.at + i * s.abar.ld, s.g.at + i * s.g.ld));
  if (c->block->cols > patch) KFIX_RUN(k, fill, rows, 1, 1, s.abar.at + patch, s.abar.ld);
  return visitor->visit(k, &s, visitor->arg);
}

kfix_status kfix_each_window_slice(kfix *k, const kfix_slice *all, const kfix_visitor *visitor) {
  const cutting c = cutting_of(k, all);
  for (size_t first = 0, rows; first < all->rows; first += rows) {
    rows = kfix_smaller(all->rows - first, k->net->row_block);
    if (visitor->handing == KFIX_HAND_STANDING)
      KFIX_TRY(visit_standing(k, &c, first, rows, visitor));
    else if (visitor->handing == KFIX_HAND_PAIRS)
      KFIX_TRY(visit_pairs(k, &c, first, rows, visitor));
    else
      KFIX_TRY(visit_slices(k, &c, first, rows, visitor));
  }
  return KFIX_OK;
}
