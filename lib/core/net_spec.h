/* SPDX-License-Identifier: Apache-2.0
 * What a network is: a const description that a config header expands into (lib/config.h).
 *
 * A net is a static graph. Its nodes stand in an order in which each reads only what stands before it;
 * the last one puts out z. A node with parameters has a block: its matrix W, and what a method keeps of
 * it. Blocks are numbered as their nodes stand. */
#ifndef KFIX_CORE_NET_SPEC_H
#define KFIX_CORE_NET_SPEC_H

#include "../../port/port.h"

#define KFIX_NODES_MAX  1024
#define KFIX_BLOCKS_MAX 256

/* What the targets are. */
typedef enum kfix_target {
  KFIX_TARGET_INPUT,  /* the inputs themselves: an auto-encoder */
  KFIX_TARGET_VALUES, /* rows of numbers */
  KFIX_TARGET_CLASS,  /* rows of a one-hot code */
  KFIX_TARGET_COUNT
} kfix_target;

/* A description lies alike for every size of enum and packing, since some of it is read before
 * kfix_create. */
#define KFIX_FOUR_BYTES __attribute__((aligned(4)))

/* How an example's numbers at a place are an image: (row, column, channel). What is no image has channels
 * alone; all zero says no more than that. */
typedef struct kfix_image {
  uint32_t height, width, channels;
} kfix_image;

/* A node: s from what it reads, then a = phi(s). Places count from 1; 0 is the net's input. */
typedef struct kfix_node_spec {
  const char *name;
  uint32_t kind; /* net/kinds.h */
  KFIX_FOUR_BYTES kfix_activation activation;
  uint32_t reads;       /* how many places it reads: 1 or 2 */
  uint16_t from, other; /* which; other: of a node that reads 2, else 0 */
  uint32_t units;       /* numbers that it puts out for an example */
  uint32_t cols;        /* columns of its W, channels x cols, the bias last; 0: it has no block */
  kfix_image image;     /* what it puts out */
  /* Of a node that looks through windows: vertical, then horizontal. */
  uint32_t kernel[2], stride[2], pad[2];
  uint32_t each;    /* rows of W for each channel that it puts out; 0: one */
  uint32_t moments; /* of a normalisation: numbers of its moments, 2 for each channel; else 0 */
} kfix_node_spec;

/* One option that a config sets: an id of core/options.h, and its value. */
typedef struct kfix_setting {
  uint32_t option;
  double value;
} kfix_setting;

typedef struct kfix_net {
  const char *name;
  const kfix_node_spec *nodes;
  uint32_t node_count, block_count; /* block_count: of those that have one */
  uint32_t inputs;
  KFIX_FOUR_BYTES kfix_loss loss;
  KFIX_FOUR_BYTES kfix_target target;
  uint32_t chunk; /* rows in flight; batches of any size pass in chunks */
  uint32_t
      row_block; /* sums over examples run in blocks of so many rows; divides chunk and KFIX_KC */
  uint32_t threads;    /* packing space is planned for so many threads */
  uint32_t stats_rows; /* a method that needs its examples at once takes so many at most; 0: 2
                          row_block */
  uint32_t setting_count;
  const kfix_setting *settings; /* where this net departs from the defaults */
  uint32_t
      coarse; /* columns of a coarse space that two-level directions have room for, for each block; 0: 2 */
  kfix_image image; /* of the inputs */
  uint32_t slice;   /* sums over windows run in blocks of so many, KFIX_KC at most; 0: KFIX_KC */
  uint32_t
      group; /* normalisations take their moments over so many rows: whole row blocks, and a part of chunk
                       and of stats_rows; 0: there are none */
} kfix_net;

static inline int kfix_node_has_windows(const kfix_node_spec *n) {
  return KFIX_HAS_IMAGES && n->kernel[0] != 0;
}

static inline int kfix_net_has_norms(const kfix_net *net) {
  return KFIX_HAS_MOMENTS && net->group != 0;
}

/* Rows whose examples belong together: those of a normalisation's moments, or else each row block. */
static inline uint32_t kfix_net_group(const kfix_net *net) {
  return kfix_net_has_norms(net) ? net->group : net->row_block;
}

/* 1 where each node has a block of one window, and reads the one before it and no other. */
static inline int kfix_net_is_chain(const kfix_net *net) {
  for (uint32_t i = 0; i < net->node_count; i++) {
    const kfix_node_spec *n = &net->nodes[i];
    if (n->from != i || n->reads > 1 || n->cols == 0 || kfix_node_has_windows(n)) return 0;
  }
  return 1;
}

/* 1 where a node has a matrix for its windows: a convolution. */
static inline int kfix_net_has_windows(const kfix_net *net) {
  for (uint32_t i = 0; i < net->node_count; i++) {
    const kfix_node_spec *n = &net->nodes[i];
    const int is_norm = KFIX_HAS_MOMENTS && n->moments;
    if (n->cols > 0 && kfix_node_has_windows(n) && !is_norm) return 1;
  }
  return 0;
}

/* The node of block i, from 0. */
static inline const kfix_node_spec *kfix_net_block(const kfix_net *net, uint32_t i) {
  const kfix_node_spec *n = net->nodes;
  for (; n->cols == 0 || i > 0; n++) i -= n->cols > 0;
  return n;
}

static inline uint32_t kfix_net_stats_rows(const kfix_net *net) {
  return net->stats_rows ? net->stats_rows : 2 * net->row_block;
}

static inline uint32_t kfix_net_slice(const kfix_net *net) {
  return net->slice ? net->slice : KFIX_KC;
}

#define KFIX_COARSE_MAX 8
static inline uint32_t kfix_net_coarse(const kfix_net *net) {
  return net->coarse ? net->coarse : 2;
}

static inline uint32_t kfix_net_outputs(const kfix_net *net) {
  return net->nodes[net->node_count - 1].units;
}

/* Numbers for an example at a place. */
static inline uint32_t kfix_net_units(const kfix_net *net, uint32_t place) {
  return place ? net->nodes[place - 1].units : net->inputs;
}

/* What stands at a place, as an image. */
static inline kfix_image kfix_net_image(const kfix_net *net, uint32_t place) {
  const kfix_image image = place ? net->nodes[place - 1].image : net->image;
  const kfix_image row = {1, 1, kfix_net_units(net, place)};
  return image.channels ? image : row;
}

/* The windows through which a node looks at what it reads. */
static inline kfix_windows kfix_net_windows(const kfix_net *net, const kfix_node_spec *n) {
  const kfix_image in = kfix_net_image(net, n->from);
  const kfix_windows windows = {in.height,
                                in.width,
                                in.channels,
                                n->image.height,
                                n->image.width,
                                {n->kernel[0], n->kernel[1]},
                                {n->stride[0], n->stride[1]},
                                {n->pad[0], n->pad[1]}};
  return windows;
}

/* Windows of one example that a node looks through: 1 where it sees all at once. */
static inline uint32_t kfix_node_positions(const kfix_node_spec *n) {
  return kfix_node_has_windows(n) ? n->image.height * n->image.width : 1;
}

/* Rows of W for each channel. */
static inline uint32_t kfix_node_each(const kfix_node_spec *n) {
  return KFIX_HAS_IMAGES && n->each ? n->each : 1;
}

/* Rows of its W. */
static inline uint32_t kfix_node_rows(const kfix_node_spec *n) {
  return n->units / kfix_node_positions(n) * kfix_node_each(n);
}

static inline const char *kfix_net_place_name(const kfix_net *net, uint32_t place) {
  return place ? net->nodes[place - 1].name : "input";
}

/* The function between s and what the node puts out. Bernoulli and categorical losses are taken with
 * respect to the logits: their sigmoid or softmax belongs to the predictive distribution. */
static inline kfix_activation kfix_net_activation(const kfix_net *net, uint32_t place) {
  if (place == 0 || (place == net->node_count && net->loss != KFIX_MSE)) return KFIX_LINEAR;
  return net->nodes[place - 1].activation;
}

#endif
