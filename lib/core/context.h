/* SPDX-License-Identifier: Apache-2.0
 * The trainer's control block, at the start of the arena. Its fields belong to the library; callers
 * need this header for the size alone. */
#ifndef KFIX_CORE_CONTEXT_H
#define KFIX_CORE_CONTEXT_H

#include "arena.h"
#include "device.h"
#include "method.h"
#include "method_plan.h"
#include "options.h"
#include "report.h"

/* Host scalars that are state: part of the transaction, the digest and the checkpoint. Plain
 * numbers of eight bytes, no padding. */
typedef struct kfix_scalars {
  uint64_t step;         /* steps committed */
  uint64_t stats_count;  /* statistics updates so far */
  uint64_t inverse_step; /* the step whose statistics the inverse in force came from */
  uint32_t stale;        /* 1: the inverse must be refreshed at the next step */
  /* Adaptive driver: raises of lambda and of gamma that are to be taken back. */
  uint32_t raised;
  uint32_t have_update; /* 1: the previous update is not zero */
  uint32_t raised_gamma;
  double lambda, gamma;
} kfix_scalars;

/* What a step's curvature is told, and all that it may ask: fixed before the first statistics, but for
 * gamma and again, which belong to one direction. */
typedef struct kfix_phase {
  int fresh;             /* the step takes statistics in */
  int due;               /* the step refreshes what is made of them */
  int again;             /* it has done so before, for another gamma */
  int weighted;          /* examples have weights */
  uint64_t step;         /* the step, from 1; 0: outside of training */
  double decay;          /* weight of what there was, where statistics are fresh */
  size_t rows;           /* of S1 */
  double mass;           /* their weights added up */
  double gamma;          /* of the direction in the making */
  double damping;        /* lambda + eta: what a direction's own F has on its diagonal */
  size_t direction_rows; /* the first rows of the batch, behind that F */
} kfix_phase;

/* One node at work. */
typedef struct kfix_node {
  const kfix_node_spec *spec; /* NULL: the net's input */
  /* Of the chunk. OUT is rows x units with, unless the node is the last, a column of ones behind; the
   * input has no DELTA. */
  kfix_rows out, delta;
  kfix_rows moments;   /* of a normalisation: a row for each group of the chunk (net/norm.c) */
  kfix_buffer running; /* and their running averages; count 0: it is none */
  uint32_t units;
  uint32_t block;       /* its number, from 0; KFIX_NO_BLOCK */
  uint32_t last_reader; /* the last place that reads it; 0: none, it is what the net puts out */
  kfix_activation
      activation; /* between s and OUT; linear at the output of a loss with its own link */
} kfix_node;

#define KFIX_NO_BLOCK UINT32_MAX

/* One block at work: the parameters of a node, and what the method keeps of them. */
typedef struct kfix_block {
  uint32_t node;      /* its place */
  uint32_t cols, out; /* W is out x cols, the bias in the last column */
  uint32_t
      windowed; /* 1: it looks through windows; 0: it sees what it reads as it stands, if in one window */
  uint32_t held;      /* rows of the statistics subset held so far (curvature/kron_terms.h) */
  size_t w;           /* where its W starts in a parameter vector */
  double pi;          /* of the last refresh */
  kfix_buffer *own;   /* the method's regions, in the order of its list */
  kfix_buffer *along; /* the direction's */
} kfix_block;

typedef struct kfix {
  const kfix_net *net;
  const kfix_method_info *method;
  kfix_device device;
  kfix_options options;
  size_t parameters;                  /* reals in a parameter vector */
  uint32_t depth;                     /* blocks */
  int chain;                          /* each node reads the one before it */
  uint8_t current[KFIX_GROUP_STATES]; /* which copy of each state group is in force */
  uint8_t changed[KFIX_GROUP_STATES]; /* groups whose spare copy the step in progress has written */
  uint32_t tangents_from; /* tangents of places before this one are zero (net/tangent.c) */
  kfix_scalars now, next;
  double first_lambda;      /* what the first step has found; 0: nothing yet */
  const kfix_real *weights; /* of the call's batch; NULL: all alike */
  size_t chunk_first;       /* the row of the batch that the chunk in memory starts at */
  int in_use;               /* 1: normalisations go by their running moments, not by the batch's */
  int deltas_stand;         /* DELTA of the chunk's nodes is that of the gradient */
  kfix_phase phase;
  kfix_report report;
  kfix_observer observer;
  const kfix_observer *watch; /* that, or nobody, while directions are on trial */
  kfix_node *node;            /* of each place: 0 is the input */
  kfix_block *block;          /* depth of them */
  kfix_buffer *own;           /* the method's regions of the net */
  kfix_buffer *along;         /* the direction's */
  kfix_buffer buffer[KFIX_NET_REGION_COUNT];
} kfix;

/* The trainer, its nodes, its blocks, and the buffers of the method's regions behind them. */
#define KFIX_CONTROL_BYTES(nodes, blocks, net_regions, block_regions)                      \
  KFIX_ROUND_UP(sizeof(kfix) + ((size_t)(nodes) + 1) * sizeof(kfix_node) +                 \
                    (size_t)(blocks) * sizeof(kfix_block) +                                \
                    ((size_t)(net_regions) + (size_t)(blocks) * (size_t)(block_regions)) * \
                        sizeof(kfix_buffer),                                               \
                (size_t)KFIX_ALIGN)

extern const kfix_observer kfix_nobody;

/* Scalars that kernels leave for the host; two more for each block follow KFIX_SLOT_BLOCKS. */
typedef enum kfix_slot {
  KFIX_SLOT_LOSS,
  KFIX_SLOT_ERROR, /* after the loss: the port's loss kernel writes both */
  KFIX_SLOT_BAD_DATA,
  KFIX_SLOT_BAD_GRADIENT,
  KFIX_SLOT_BAD_STATISTICS,
  KFIX_SLOT_BAD_THETA,
  KFIX_SLOT_THETA2, /* ||theta||^2 */
  KFIX_SLOT_FUU,    /* u^T F u, u^T F v, v^T F v: in the order of the port's fisher kernel */
  KFIX_SLOT_FUV,
  KFIX_SLOT_FVV,
  KFIX_SLOT_GU, /* gradient . u ...: in the order of the port's dots kernel */
  KFIX_SLOT_GV,
  KFIX_SLOT_UU,
  KFIX_SLOT_UV,
  KFIX_SLOT_VV,
  KFIX_SLOT_ZZ, /* z^T F_R z of the net's outputs */
  KFIX_SLOT_NET_COUNT,
  KFIX_SLOT_BLOCKS = 16
} kfix_slot;

/* Where a slot is, in device memory. */
static inline double *kfix_slot_at(const kfix *k, size_t slot) {
  return (double *)(void *)k->buffer[KFIX_NET_SLOTS].at[0] + slot;
}

/* The copy in force, and the one that the step in progress writes. */
static inline kfix_real *kfix_current(const kfix *k, const kfix_buffer *b) {
  return b->at[b->group < KFIX_GROUP_STATES ? k->current[b->group] : 0];
}

static inline kfix_real *kfix_spare(const kfix *k, const kfix_buffer *b) {
  return b->at[b->group < KFIX_GROUP_STATES ? 1 - k->current[b->group] : 0];
}

/* What the step in progress sees: the spare copy once written, else the one in force. */
static inline kfix_real *kfix_latest(const kfix *k, const kfix_buffer *b) {
  const int spare = b->group < KFIX_GROUP_STATES && k->changed[b->group];
  return spare ? kfix_spare(k, b) : kfix_current(k, b);
}

/* KFIX_NODE_OUT ... of a place, as a region; what the place has not, as the input DELTA: count 0. */
static inline kfix_buffer kfix_node_buffer(const kfix *k, uint32_t place, int which) {
  const kfix_node *n = &k->node[place];
  if (which == KFIX_NODE_RUNNING) return n->running;
  const kfix_rows *x = which == KFIX_NODE_OUT     ? &n->out
                       : which == KFIX_NODE_DELTA ? &n->delta
                                                  : &n->moments;
  const size_t rows =
      which == KFIX_NODE_MOMENTS ? k->net->chunk / kfix_net_group(k->net) : k->net->chunk;
  const kfix_buffer b = {{x->at, NULL}, x->at ? rows * x->ld : 0, KFIX_GROUP_STEP};
  return b;
}

/* What the loan's region has idle: its spare copy. */
#define KFIX_LOAN_ENUM(name, region, what) KFIX_LOAN_##name = KFIX_NET_##region,
enum { KFIX_LOAN_LIST(KFIX_LOAN_ENUM) };
#undef KFIX_LOAN_ENUM
static inline kfix_real *kfix_loan(const kfix *k, int loan) {
  return kfix_spare(k, &k->buffer[loan]);
}

#endif
