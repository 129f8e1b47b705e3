/* SPDX-License-Identifier: Apache-2.0
 * The network at work on one chunk of rows. A node's s is made from what it reads, and a = phi(s) stands
 * in its OUT, with a column of ones behind it (abar), unless it is the last node, whose OUT is z. Its g =
 * dL/ds, per example, stands in its DELTA, to which all that read it have added. MEAN is for what is
 * made of z: the mean of the predictive distribution, targets drawn from it, weights in a sum over a
 * row. */
#ifndef KFIX_NET_NET_H
#define KFIX_NET_NET_H

#include "core/batch.h"
#include "core/context.h"
#include "net/kind.h"

/* What stands of a node: place 0 is the input, which has no DELTA. */
static inline kfix_rows kfix_out(const kfix *k, uint32_t place) {
  return k->node[place].out;
}
static inline kfix_rows kfix_delta(const kfix *k, uint32_t place) {
  return k->node[place].delta;
}
/* What the net puts out. */
static inline kfix_rows kfix_z(const kfix *k) {
  return kfix_out(k, k->net->node_count);
}
/* A region whose rows are outputs: MEAN, TARGET; or of the method, TANGENT_U, TANGENT_V. */
static inline kfix_rows kfix_outputs(const kfix *k, const kfix_buffer *region) {
  return (kfix_rows){region->at[0], KFIX_LD(kfix_net_outputs(k->net))};
}
static inline kfix_rows kfix_mean_rows(const kfix *k) {
  return kfix_outputs(k, &k->buffer[KFIX_NET_MEAN]);
}
/* The chunk's training targets: the TARGET region, or the inputs of an auto-encoder. */
static inline kfix_rows kfix_targets(const kfix *k) {
  return k->net->target == KFIX_TARGET_INPUT ? kfix_out(k, 0)
                                             : kfix_outputs(k, &k->buffer[KFIX_NET_TARGET]);
}

/* abar and g of a block, in device memory; g has the roots of the examples' weights in it, or the weights,
 * where there are any. A block that sees all at once has a row for each example: rows of one or more whole row
 * blocks, in their order. One that looks through windows has a row for each window of each example, at most
 * kfix_net_slice of them, counted from the beginning of a row block; or pairs, one for each example. */
typedef struct kfix_slice {
  uint32_t block; /* from 0 */
  size_t rows;
  kfix_rows abar, g; /* rows x cols, rows x out */
  const struct kfix_slice
      *above; /* in a chain, that of the next block for the same rows; else NULL */
  int again;  /* their abar came before, with the g of another output: sums over abar have them */
  size_t together;  /* so many rows are summed in one product, from the first on */
  uint32_t windows; /* rows of one example */
  size_t first;     /* the example of the first row, of those of the pass */
  size_t at;        /* which of its example's windows that row is */
  kfix_rows
      images; /* of windows: what the block reads of that example and those behind it; or NULL */
  const kfix_windows *
      standing; /* rows are examples, abar is what the block reads and g all of an example's; else NULL */
  const kfix_real *roots; /* of the weights of the rows, if there are weights; NULL: not needed */
} kfix_slice;

/* Called with the slices of a pass, from the last block to the first. */
typedef kfix_status kfix_visit_slice(kfix *k, const kfix_slice *slice, const void *arg);

/* How blocks that look through windows are handed over: a row for each window; (the mean of abar, the sum of g) for
 * each example; or what stands of a row block's examples, for whoever needs no patches (kfix_slice.standing). */
typedef enum kfix_handing { KFIX_HAND_WINDOWS, KFIX_HAND_PAIRS, KFIX_HAND_STANDING } kfix_handing;

/* Who is called; visit NULL: nobody, and no slice is made. */
typedef struct kfix_visitor {
  kfix_visit_slice *visit;
  const void *arg;
  kfix_handing handing;
} kfix_visitor;

/* All rows of a block as OUT and DELTA stand, before they are cut into slices. */
static inline kfix_slice kfix_standing(const kfix *k, uint32_t block, size_t rows) {
  const uint32_t place = k->block[block].node;
  return (kfix_slice){.block = block,
                      .rows = rows,
                      .abar = kfix_out(k, k->node[place].spec->from),
                      .g = kfix_delta(k, place),
                      .together = k->net->row_block,
                      .windows = 1,
                      .roots = k->buffer[KFIX_NET_MEAN].at[0]};
}

/* The chunk of rows that starts at `first` of a batch has so many rows. */
static inline size_t kfix_chunk_rows(const kfix *k, size_t first, size_t rows) {
  const size_t left = rows - first;
  return left < k->net->chunk ? left : k->net->chunk;
}

/* Fetches rows [first, first + rows) of the batch into the input's OUT and, if asked, the targets; adds the number of non-finite inputs and targets to KFIX_SLOT_BAD_DATA. */
kfix_status kfix_load_rows(kfix *k, const kfix_batch *batch, size_t first, size_t rows,
                           int with_targets);

/* OUT of all nodes from that of the input. cost: 2 P rows. */
kfix_status kfix_forward(kfix *k, const kfix_real *theta, size_t rows);

/* *p = the mean of the predictive distribution for the first `rows` rows of the chunk, in MEAN. */
kfix_status kfix_mean(kfix *k, size_t rows, kfix_rows *p);

/* Adds loss and error of the chunk against its targets, weighted, to KFIX_SLOT_LOSS and
 * KFIX_SLOT_ERROR. Overwrites DELTA of the last node if there are weights. */
kfix_status kfix_add_loss(kfix *k, size_t rows);

/* ---- weights of examples (core/batch.h) ---- */

/* What rows are scaled by. */
typedef enum kfix_weighing {
  KFIX_WEIGH_NOT,
  KFIX_WEIGH_BY_ROOT,
  KFIX_WEIGH_BY_WEIGHT
} kfix_weighing;

/* Those of the batch are in force from now on; WEIGHTS. */
kfix_status kfix_take_weights(kfix *k, const kfix_batch *batch);
/* Their sum over rows [first, first + rows) of the batch, or `rows`. */
double kfix_mass(const kfix *k, size_t first, size_t rows);
/* There are weights: theirs, or their roots, of rows [first, first + rows) of the chunk go to the
 * beginning of MEAN; out = x, row by row times those. */
kfix_status kfix_put_weights(kfix *k, size_t first, size_t rows, kfix_weighing how);
/* The same of rows of the batch, to any device memory. */
kfix_status kfix_upload_weights(kfix *k, size_t first, size_t rows, kfix_weighing how,
                                kfix_real *out);
/* The roots of the weights of a slice's rows, to device memory: each example's as often as it has rows. */
kfix_status kfix_upload_roots(kfix *k, const kfix_slice *s, kfix_real *out);
kfix_status kfix_scale_rows(kfix *k, size_t rows, size_t cols, kfix_rows x, kfix_rows out);
/* *blocks = how sums over rows [first, first + rows) of the chunk go; their weights, if there are any,
 * go to `room`, of so many reals in device memory. */
kfix_status kfix_blocks_of(kfix *k, size_t first, size_t rows, kfix_real *room,
                           kfix_row_blocks *blocks);
/* kfix_add_square and kfix_add_product (beta 1) over the rows of a slice, with each row's weight. */
kfix_status kfix_add_weighted_square(kfix *k, const kfix_slice *s, size_t n, double alpha,
                                     kfix_rows a, kfix_real *packed);
kfix_status kfix_add_weighted_product(kfix *k, const kfix_slice *s, size_t m, size_t n,
                                      double alpha, kfix_rows a, kfix_rows b, kfix_real *c,
                                      size_t ldc);

/* DELTA of all nodes for the first `rows` rows, as if y were the targets, each row times its weight or
 * the root of it, if there are weights; hands the slices of every block to the visitor, from the last to the
 * first. cost: 2 P rows. */
kfix_status kfix_backward(kfix *k, const kfix_real *theta, size_t rows, kfix_rows y,
                          kfix_weighing how, const kfix_visitor *visitor);

/* The same from what stands in DELTA of the last node: a gradient with respect to z. again: of the slices
 * (kfix_slice). */
kfix_status kfix_backward_from(kfix *k, const kfix_real *theta, size_t rows, kfix_weighing how,
                               int again, const kfix_visitor *visitor);

/* *y = draws from the predictive distribution for the first `rows` rows of the chunk, which starts at
 * example `first` of the batch, in MEAN. */
kfix_status kfix_sample_targets(kfix *k, size_t first, size_t rows, kfix_rows *y);

/* out = J v for rows [first, first + rows) of the chunk: the linearised forward pass along the
 * parameter vector v at theta [KFAC App. C]; out: rows of outputs, from 0. In a net with branches it
 * overwrites DELTA: tangents live there until all that read them have. cost: 4 P rows. */
kfix_status kfix_tangent(kfix *k, const kfix_real *theta, const kfix_real *v, size_t first,
                         size_t rows, kfix_rows out);
/* The same where v is zero for all nodes before `place`, from which the pass begins. */
kfix_status kfix_tangent_from(kfix *k, uint32_t place, const kfix_real *theta, const kfix_real *v,
                              size_t first, size_t rows, kfix_rows out);
/* While that pass runs: the tangent of a node; at NULL: zero, as that of the input. */
kfix_rows kfix_tangent_of(const kfix *k, uint32_t place);

/* C (m x n) = alpha A^T B + beta C over `rows` rows (A: rows x m, B: rows x n; beta 0 or 1), `together` of
 * them at a time (the net's row blocks, or kfix_slice.together), so that the bits do not depend on the chunk. */
kfix_status kfix_add_product(kfix *k, size_t together, size_t m, size_t n, size_t rows,
                             double alpha, kfix_rows a, kfix_rows b, kfix_real beta, kfix_real *c,
                             size_t ldc);
/* dW (beta 0 or 1) of a block: the same of g and abar of a slice, for whoever takes what stands. */
kfix_status kfix_add_weights(kfix *k, const kfix_slice *s, double alpha, kfix_real beta,
                             kfix_real *w);
/* A visitor that does so for every block, beta 1: arg is where. */
typedef struct kfix_adding {
  double alpha;
  kfix_real *v; /* a parameter vector */
} kfix_adding;
kfix_status kfix_add_slice(kfix *k, const kfix_slice *s, const void *adding);
/* Packed C (n x n) += alpha A^T A, likewise. */
kfix_status kfix_add_square(kfix *k, size_t together, size_t n, size_t rows, double alpha,
                            kfix_rows a, kfix_real *packed);

/* Initial weights from options.seed, into the copy in force of THETA; AVERAGE is a copy. Biases are
 * zero.
 *   sparse  min(15, in) connections per unit, normal, deviation 1 (sigmoid, tanh, softmax: Martens
 *           2010, sec. 5), sqrt(2 / connections) (relu) or sqrt(1 / connections) (linear), which
 *           keep the size of the signal from layer to layer
 *   glorot  uniform, bound sqrt(6 / (in + out))
 *   he      normal, deviation sqrt(2 / in)
 *   residual  normal, deviation sqrt(gain / in), the gain by what a node reads and where it stands (net/residual.h) */
kfix_status kfix_initialise(kfix *k);
/* A row of it for a node that has `cols` columns; for kinds to name (kfix_kind_info.initialise). */
void kfix_initial_row(const kfix *k, uint32_t node, uint32_t row, kfix_real *w);

/* out (rows x cols, ld) = x; or out += x, if that is not the first to come. */
kfix_status kfix_put_or_add(kfix *k, int first, size_t rows, size_t cols, kfix_rows x,
                            kfix_rows out);

/* Loss and error sums of the batch at theta into the slots, chunk by chunk. */
kfix_status kfix_add_batch_loss(kfix *k, const kfix_real *theta, const kfix_batch *batch);

/* Zeroes the slots before KFIX_SLOT_BLOCKS; those that kfix_add_batch_loss adds to; reads `count`
 * slots from `first` (waits for the device). */
kfix_status kfix_clear_slots(kfix *k);
kfix_status kfix_clear_loss(kfix *k);
kfix_status kfix_read_slots(const kfix *k, size_t first, size_t count, double *out);

/* Hands on what kernels left from KFIX_SLOT_BLOCKS on: `each` numbers of every item, a block or a pair of
 * them, from item 0. Waits for the device once for each 128 numbers. */
typedef kfix_status kfix_take_numbers(kfix *k, uint32_t item, const double *numbers, void *arg);
kfix_status kfix_read_items(kfix *k, uint32_t items, uint32_t each, kfix_take_numbers *take,
                            void *arg);

/* Zeroes the padding behind the block's W in a parameter vector. */
kfix_status kfix_clear_padding(kfix *k, const kfix_block *b, kfix_real *vector);

#endif
