/* SPDX-License-Identifier: Apache-2.0
 * A normalisation in training. */
#include "net/norm.h"

#include "core/arithmetic.h"
#include "net/summed.h"

/* The node, its sizes, and where sums over examples are made. */
typedef struct work {
  const kfix_node *n;
  size_t positions, channels, group;
  kfix_rows x;    /* what it reads */
  kfix_summed at; /* of each row of a row block, two numbers for each channel */
  kfix_real *all; /* their sum over a group: where a slice's rows would be */
} work;

static work work_of(kfix *k, const kfix_node *n) {
  return (work){n,
                kfix_node_positions(n->spec),
                n->spec->image.channels,
                kfix_net_group(k->net),
                kfix_out(k, n->spec->from),
                kfix_summed_of(k, &k->block[n->block]),
                k->buffer[KFIX_NET_SLICE_G].at[0]};
}

static const kfix_real *moments_at(const work *w, size_t row) {
  return w->n->moments.at + row / w->group * w->n->moments.ld;
}

static kfix_status take_moments(kfix *k, const work *w, size_t rows) {
  for (size_t first = 0; first < rows; first += w->group)
    KFIX_RUN(k, norm_moments, kfix_smaller(w->group, rows - first), w->positions, w->channels,
             w->x.at + first * w->x.ld, w->x.ld,
             w->n->moments.at + first / w->group * w->n->moments.ld);
  return KFIX_OK;
}

/* out = beta out + xhat times v, group by group, for rows [first, first + rows) of the chunk. */
static kfix_status scale_and_shift(kfix *k, const work *w, const kfix_real *v, size_t first,
                                   size_t rows, kfix_real beta, kfix_rows out) {
  for (size_t done = 0, count; done < rows; done += count) {
    count = kfix_smaller(w->group, rows - done);
    KFIX_RUN(k, norm, count, w->positions, w->channels, w->x.at + (first + done) * w->x.ld, w->x.ld,
             moments_at(w, first + done), v, beta, out.at + done * out.ld, out.ld);
  }
  return KFIX_OK;
}

static kfix_status forward(kfix *k, uint32_t node, const kfix_real *theta, size_t rows) {
  const kfix_node *n = &k->node[node];
  const work w = work_of(k, n);
  const kfix_rows out = kfix_out(k, node);
  const kfix_real *own = theta + k->block[n->block].w;
  if (k->in_use) {
    KFIX_RUN(k, norm, rows, w.positions, w.channels, w.x.at, w.x.ld, kfix_current(k, &n->running),
             own, 0, out.at, out.ld);
    return KFIX_OK;
  }
  KFIX_TRY(take_moments(k, &w, rows));
  return scale_and_shift(k, &w, own, 0, rows, 0, out);
}

/* For each channel the sums over positions of g xhat, and of g. */
static kfix_status sum(kfix *k, const kfix_block *b, size_t first, size_t rows, kfix_rows x,
                       kfix_rows g, kfix_rows out) {
  const work w = work_of(k, &k->node[b->node]);
  KFIX_RUN(k, norm_sums, rows, w.positions, w.channels, x.at, x.ld, moments_at(&w, first), g.at,
           g.ld, out.at, out.ld);
  return KFIX_OK;
}

/* w->all of a group: row block after row block. */
static kfix_status sum_group(kfix *k, const work *w, size_t first, size_t rows, kfix_rows g) {
  const size_t cols = 2 * w->channels;
  for (size_t done = 0, count; done < rows; done += count) {
    const kfix_rows x = {w->x.at + (first + done) * w->x.ld, w->x.ld};
    const kfix_rows here = {g.at + done * g.ld, g.ld};
    count = kfix_smaller(k->net->row_block, rows - done);
    KFIX_RUN(k, fill, count, 1, 1, w->at.ones.at, w->at.ones.ld);
    KFIX_TRY(sum(k, &k->block[w->n->block], first + done, count, x, here, w->at.sums));
    KFIX_TRY(kfix_add_product(k, k->net->row_block, 1, cols, count, 1, w->at.ones, w->at.sums,
                              done > 0, w->all, cols));
  }
  return KFIX_OK;
}

/* out = beta out + what is left of g (rows from 0 on) when the moments have followed, times the scale, for rows
 * [first, first + rows) of the chunk. */
static kfix_status through_moments(kfix *k, const work *w, const kfix_real *theta, size_t first,
                                   size_t rows, kfix_rows g, kfix_real beta, kfix_rows out) {
  const kfix_real *own = theta + k->block[w->n->block].w;
  for (size_t done = 0, count; done < rows; done += count) {
    const kfix_rows here = {g.at + done * g.ld, g.ld};
    count = kfix_smaller(w->group, rows - done);
    KFIX_TRY(sum_group(k, w, first + done, count, here));
    KFIX_RUN(k, norm_back, count, w->positions, w->channels, w->x.at + (first + done) * w->x.ld,
             w->x.ld, moments_at(w, first + done), own, w->all, count * w->positions, here.at,
             here.ld, beta, out.at + done * out.ld, out.ld);
  }
  return KFIX_OK;
}

static kfix_status backward(kfix *k, uint32_t node, const kfix_real *theta, size_t rows) {
  const kfix_node *n = &k->node[node];
  const uint32_t from = n->spec->from;
  const work w = work_of(k, n);
  if (from == 0) return KFIX_OK;
  return through_moments(k, &w, theta, 0, rows, kfix_delta(k, node),
                         k->node[from].last_reader == node ? 0 : 1, kfix_delta(k, from));
}

/* V times xhat, and W times the tangent of xhat. */
static kfix_status tangent(kfix *k, uint32_t node, const kfix_real *theta, const kfix_real *v,
                           size_t first, size_t rows, kfix_rows out) {
  const kfix_node *n = &k->node[node];
  const work w = work_of(k, n);
  const kfix_rows below = kfix_tangent_of(k, n->spec->from);
  KFIX_TRY(scale_and_shift(k, &w, v + k->block[n->block].w, first, rows, 0, out));
  return below.at ? through_moments(k, &w, theta, first, rows, below, 1, out) : KFIX_OK;
}

static kfix_status each_slice(kfix *k, const kfix_slice *all, const kfix_visitor *visitor) {
  return kfix_each_summed_slice(k, all, sum, visitor);
}

/* Scales are 1, shifts 0. */
static void initialise(const kfix *k, uint32_t node, uint32_t row, kfix_real *w) {
  (void)k, (void)node;
  *w = row % 2 == 0;
}

const kfix_kind_info kfix_kind_norm = {backward, tangent, each_slice, initialise, forward};
