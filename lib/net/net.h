/* SPDX-License-Identifier: Apache-2.0
 * The network at work on one chunk of rows. Layer i (from 0): s = W abar, a = phi(s); its input
 * stands in its ABAR (rows x (in + 1), the last column is one), its g = dL/ds, per example, in its
 * DELTA. What the net puts out as z stands in OUTPUT. MEAN is for what is made of z: the mean of the
 * predictive distribution, targets drawn from it, weights in a sum over a row. */
#ifndef KFIX_NET_NET_H
#define KFIX_NET_NET_H

#include "core/batch.h"
#include "core/context.h"

/* Rows x columns with a leading dimension, in device memory. */
typedef struct kfix_rows {
  kfix_real *at;
  size_t ld;
} kfix_rows;

static inline kfix_rows kfix_abar(const kfix *k, uint32_t layer) {
  const kfix_layer *l = &k->layer[layer];
  return (kfix_rows){l->buffer[KFIX_LAYER_ABAR].at[0], KFIX_LD((size_t)l->in + 1)};
}
static inline kfix_rows kfix_delta(const kfix *k, uint32_t layer) {
  const kfix_layer *l = &k->layer[layer];
  return (kfix_rows){l->buffer[KFIX_LAYER_DELTA].at[0], KFIX_LD(l->out)};
}
/* A region of the net whose rows are outputs: OUTPUT, MEAN, TANGENT_U, TANGENT_V. */
static inline kfix_rows kfix_outputs(const kfix *k, kfix_net_region region) {
  return (kfix_rows){k->buffer[region].at[0], KFIX_LD(kfix_net_outputs(k->net))};
}
/* The chunk's training targets: the TARGET region, or the inputs of an auto-encoder. */
static inline kfix_rows kfix_targets(const kfix *k) {
  return k->net->target == KFIX_TARGET_INPUT ? kfix_abar(k, 0) : kfix_outputs(k, KFIX_NET_TARGET);
}

/* The chunk of rows that starts at `first` of a batch has so many rows. */
static inline size_t kfix_chunk_rows(const kfix *k, size_t first, size_t rows) {
  const size_t left = rows - first;
  return left < k->net->chunk ? left : k->net->chunk;
}

/* Fetches rows [first, first + rows) of the batch into the first layer's ABAR and, if asked, the
 * targets; adds the number of non-finite inputs and targets to KFIX_SLOT_BAD_DATA. */
kfix_status kfix_load_rows(kfix *k, const kfix_batch *batch, size_t first, size_t rows,
                           int with_targets);

/* ABAR of all layers and OUTPUT from the first layer's ABAR. cost: 2 P rows. */
kfix_status kfix_forward(kfix *k, const kfix_real *theta, size_t rows);

/* *p = the mean of the predictive distribution for the first `rows` rows of the chunk, in MEAN. */
kfix_status kfix_mean(kfix *k, size_t rows, kfix_rows *p);

/* Adds loss and error of the chunk against its targets, weighted, to KFIX_SLOT_LOSS and
 * KFIX_SLOT_ERROR. */
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
kfix_status kfix_scale_rows(kfix *k, size_t rows, size_t cols, kfix_rows x, kfix_rows out);
/* There are weights: kfix_add_loss with them. Overwrites DELTA of the last layer, waits for the device. */
kfix_status kfix_add_weighted_loss(kfix *k, size_t rows);
/* kfix_add_square and kfix_add_product (beta 1) with each row's weight, whose roots stand in MEAN. */
kfix_status kfix_add_weighted_square(kfix *k, size_t n, size_t rows, double alpha, kfix_rows a,
                                     kfix_real *packed);
kfix_status kfix_add_weighted_product(kfix *k, size_t m, size_t n, size_t rows, double alpha,
                                      kfix_rows a, kfix_rows b, kfix_real *c, size_t ldc);

/* Called when a layer's DELTA is there, from the last layer to the first. */
typedef kfix_status kfix_visit_layer(kfix *k, uint32_t layer, size_t rows, double weight);

/* DELTA of all layers for the first `rows` rows, as if y were the targets, each row times its weight or
 * the root of it, if there are weights. cost: 2 P rows. */
kfix_status kfix_backward(kfix *k, const kfix_real *theta, size_t rows, kfix_rows y,
                          kfix_weighing how, kfix_visit_layer *visit, double weight);

/* *y = draws from the predictive distribution for the first `rows` rows of the chunk, which starts at
 * example `first` of the batch, in MEAN. */
kfix_status kfix_sample_targets(kfix *k, size_t first, size_t rows, kfix_rows *y);

/* out = J v for rows [first, first + rows) of the chunk: the linearised forward pass along the
 * parameter vector v at theta [KFAC App. C]; out: a region of outputs, its rows from 0. cost: 4 P
 * rows. */
kfix_status kfix_tangent(kfix *k, const kfix_real *theta, const kfix_real *v, size_t first,
                         size_t rows, kfix_net_region out);

/* C (m x n) = alpha A^T B + beta C over `rows` examples (A: rows x m, B: rows x n; beta 0 or 1), in
 * the net's row blocks, so that the bits do not depend on the chunk. */
kfix_status kfix_add_product(kfix *k, size_t m, size_t n, size_t rows, double alpha, kfix_rows a,
                             kfix_rows b, kfix_real beta, kfix_real *c, size_t ldc);
/* Packed C (n x n) += alpha A^T A over `rows` examples, in the net's row blocks. */
kfix_status kfix_add_square(kfix *k, size_t n, size_t rows, double alpha, kfix_rows a,
                            kfix_real *packed);

/* Initial weights from options.seed, into the copy in force of THETA; AVERAGE is a copy. Biases are
 * zero.
 *   sparse  min(15, in) connections per unit, normal, deviation 1 (sigmoid, tanh, softmax: Martens
 *           2010, sec. 5), sqrt(2 / connections) (relu) or sqrt(1 / connections) (linear), which
 *           keep the size of the signal from layer to layer
 *   glorot  uniform, bound sqrt(6 / (in + out))
 *   he      normal, deviation sqrt(2 / in) */
kfix_status kfix_initialise(kfix *k);

/* Loss and error sums of the batch at theta into the slots, chunk by chunk. */
kfix_status kfix_add_batch_loss(kfix *k, const kfix_real *theta, const kfix_batch *batch);

/* Zeroes the slots before KFIX_SLOT_LAYERS; those that kfix_add_batch_loss adds to; reads `count`
 * slots from `first` (waits for the device). */
kfix_status kfix_clear_slots(kfix *k);
kfix_status kfix_clear_loss(kfix *k);
kfix_status kfix_read_slots(const kfix *k, size_t first, size_t count, double *out);

#endif
