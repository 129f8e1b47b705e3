/* SPDX-License-Identifier: Apache-2.0
 * Products with the Jacobian, and the examples that it is made of. */
#include "direction/fisher_examples.h"

#include "core/arithmetic.h"
#include "direction/block_plan.h"
#include "net/visit.h"

/* What a block's node reads, with the one behind it, and what it puts out. */
static size_t seen_by(const kfix *k, uint32_t block) {
  return k->node[k->node[k->block[block].node].spec->from].units + (size_t)1;
}
static size_t units_of(const kfix *k, uint32_t block) {
  return k->node[k->block[block].node].units;
}

/* Rows [first, first + rows). */
static kfix_slice part_of(const kfix_slice *all, size_t first, size_t rows) {
  kfix_slice part = *all;
  part.rows = rows;
  part.abar.at += first * part.abar.ld;
  part.g.at += first * part.g.ld;
  return part;
}

/* Room for as many rows as g has in a row block. */
static kfix_rows like_g(const kfix *k, const kfix_slice *all) {
  return (kfix_rows){k->buffer[KFIX_NET_SCRATCH].at[0], KFIX_LD(units_of(k, all->block))};
}

kfix_status kfix_row_dots(kfix *k, const kfix_slice *all, const kfix_real *v, kfix_real beta,
                          kfix_real *out, size_t inc) {
  const kfix_block *b = &k->block[all->block];
  const kfix_node_spec *n = k->node[b->node].spec;
  const kfix_rows vabar = like_g(k, all), none = {NULL, 0};
  for (size_t done = 0, rows; done < all->rows; done += rows) {
    rows = kfix_smaller(all->rows - done, k->net->row_block);
    const kfix_slice s = part_of(all, done, rows);
    KFIX_TRY(kfix_kind_forms[n->kind]->forward(&k->device, k->net, n, v + b->w, rows, s.abar, none,
                                               vabar));
    KFIX_RUN(k, row_dots, rows, n->units, s.g.at, s.g.ld, vabar.at, vabar.ld, beta,
             out + done * inc, inc);
  }
  return KFIX_OK;
}

kfix_status kfix_add_rows(kfix *k, const kfix_slice *all, const kfix_real *c, double alpha,
                          kfix_real *v) {
  const kfix_adding how = {alpha, v};
  const kfix_visitor visitor = {kfix_add_slice, &how, KFIX_HAND_STANDING};
  const kfix_rows scaled = like_g(k, all);
  for (size_t done = 0, rows; done < all->rows; done += rows) {
    rows = kfix_smaller(all->rows - done, k->net->row_block);
    kfix_slice s = part_of(all, done, rows);
    KFIX_RUN(k, scale_rows, rows, units_of(k, s.block), c + done, s.g.at, s.g.ld, scaled.at,
             scaled.ld);
    s.g = scaled;
    KFIX_TRY(kfix_each_slice(k, &s, &visitor));
  }
  return KFIX_OK;
}

/* ---- the examples ---- */

static kfix_rows aside(const kfix_block *b, int id, size_t cols) {
  return (kfix_rows){b->along[id].at[0], KFIX_LD(cols)};
}

/* Their weights are in g, and nowhere else: what is aside does not belong to the chunk. */
static kfix_slice standing(const kfix *k, uint32_t block, size_t rows) {
  kfix_slice all = kfix_standing(k, block, rows);
  all.roots = NULL;
  return all;
}

static kfix_slice held(const kfix *k, uint32_t block, size_t rows) {
  kfix_slice all = standing(k, block, rows);
  all.abar = aside(&k->block[block], KFIX_EXAMPLE_ABAR, seen_by(k, block));
  all.g = aside(&k->block[block], KFIX_EXAMPLE_DELTA, units_of(k, block));
  return all;
}

/* Rows from the first on of the chunk, to rows from `first` on. */
static kfix_status put_aside(kfix *k, uint32_t block, size_t first, size_t rows) {
  const kfix_slice s = standing(k, block, rows), a = held(k, block, rows);
  KFIX_RUN(k, copy, rows, seen_by(k, block), s.abar.at, s.abar.ld, a.abar.at + first * a.abar.ld,
           a.abar.ld);
  KFIX_RUN(k, copy, rows, units_of(k, block), s.g.at, s.g.ld, a.g.at + first * a.g.ld, a.g.ld);
  return KFIX_OK;
}

static const kfix_visitor nobody;

/* They stand in one chunk, the first of the batch. */
static int stand_in_chunk(const kfix *k, size_t rows) {
  return rows <= k->net->chunk;
}

kfix_status kfix_hold_examples(kfix *k, const kfix_real *theta, size_t first, size_t rows) {
  const size_t all = k->phase.direction_rows;
  if (stand_in_chunk(k, all) || first >= all || kfix_net_has_norms(k->net)) return KFIX_OK;
  rows = kfix_smaller(all - first, rows);
  KFIX_TRY(kfix_visit_chunk(k, theta, first, rows, KFIX_WEIGH_BY_ROOT, 1, &nobody));
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(put_aside(k, i, first, rows));
  return KFIX_OK;
}

kfix_status kfix_gather_examples(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                                 kfix_examples_of_f *f) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const size_t rows = phase->direction_rows;
  *f = (kfix_examples_of_f){batch, rows, kfix_mass(k, 0, rows)};
  if (!(f->mass > 0)) return KFIX_WEIGHTS;
  if (kfix_net_has_norms(k->net)) return KFIX_OK;
  if (!stand_in_chunk(k, rows)) return KFIX_OK;
  if (batch->rows > k->net->chunk) KFIX_TRY(kfix_stand_chunk(k, theta, batch, 0));
  KFIX_TRY(kfix_visit_chunk(k, theta, 0, rows, KFIX_WEIGH_BY_ROOT, 1, &nobody));
  k->deltas_stand = 0;
  return KFIX_OK;
}

kfix_status kfix_leave_examples(kfix *k, const kfix_examples_of_f *f) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const size_t last = (f->batch->rows - 1) / k->net->chunk * k->net->chunk;
  return k->chunk_first == last ? KFIX_OK : kfix_stand_chunk(k, theta, f->batch, last);
}

kfix_status kfix_visit_examples(kfix *k, const kfix_examples_of_f *f, kfix_visit_slice *visit,
                                const void *arg) {
  const int in_chunk = stand_in_chunk(k, f->rows);
  for (uint32_t i = k->depth; i > 0; i--) {
    const kfix_slice all = in_chunk ? standing(k, i - 1, f->rows) : held(k, i - 1, f->rows);
    KFIX_TRY(visit(k, &all, arg));
  }
  return KFIX_OK;
}
