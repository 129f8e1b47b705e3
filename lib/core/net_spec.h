/* SPDX-License-Identifier: Apache-2.0
 * What a network is: a const description that a config header expands into (core/config.h). */
#ifndef KFIX_CORE_NET_SPEC_H
#define KFIX_CORE_NET_SPEC_H

#include "../../port/port.h"

#define KFIX_DEPTH_MAX 64

/* What the targets are. */
typedef enum kfix_target {
  KFIX_TARGET_INPUT,  /* the inputs themselves: an auto-encoder */
  KFIX_TARGET_VALUES, /* rows of numbers */
  KFIX_TARGET_CLASS,  /* rows of a one-hot code */
  KFIX_TARGET_COUNT
} kfix_target;

/* Layer i: s = W abar, W is out x (in + 1) with the bias in the last column, a = phi(s). */
typedef struct kfix_layer_spec {
  uint32_t in, out;
  kfix_activation activation;
} kfix_layer_spec;

/* One option that a config sets: an id of core/options.h, and its value. */
typedef struct kfix_setting {
  uint32_t option;
  double value;
} kfix_setting;

/* A description lies alike for every size of enum, since some of it is read before kfix_create. */
#define KFIX_FOUR_BYTES __attribute__((aligned(4)))

typedef struct kfix_net {
  const char *name;
  const kfix_layer_spec *layers;
  uint32_t depth;
  KFIX_FOUR_BYTES kfix_loss loss;
  KFIX_FOUR_BYTES kfix_target target;
  uint32_t chunk; /* rows in flight; batches of any size pass in chunks */
  uint32_t block; /* sums over examples run in blocks of so many rows; divides chunk and KFIX_KC */
  uint32_t threads; /* packing space is planned for so many threads */
  uint32_t
      stats_rows; /* a method that needs its examples at once takes so many at most; 0: 2 block */
  const kfix_setting *settings; /* where this net departs from the defaults */
  uint32_t setting_count;
} kfix_net;

/* 0 where a description says what no config may: the shapes, the row blocks, and what of activations,
 * loss and target goes together. */
int kfix_net_is_sound(const kfix_net *net);

static inline uint32_t kfix_net_inputs(const kfix_net *net) {
  return net->layers[0].in;
}

static inline uint32_t kfix_net_stats_rows(const kfix_net *net) {
  return net->stats_rows ? net->stats_rows : 2 * net->block;
}

static inline uint32_t kfix_net_outputs(const kfix_net *net) {
  return net->layers[net->depth - 1].out;
}

/* The function between s and what the net puts out as z. Bernoulli and categorical losses are taken
 * with respect to the logits: their sigmoid or softmax belongs to the predictive distribution. */
static inline kfix_activation kfix_net_activation(const kfix_net *net, uint32_t layer) {
  if (layer + 1 == net->depth && net->loss != KFIX_MSE) return KFIX_LINEAR;
  return net->layers[layer].activation;
}

#endif
