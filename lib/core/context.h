/* SPDX-License-Identifier: Apache-2.0
 * The trainer's control block, at the start of the arena. Its fields belong to the library; callers
 * need this header for the size alone. */
#ifndef KFIX_CORE_CONTEXT_H
#define KFIX_CORE_CONTEXT_H

#include "arena.h"
#include "method.h"
#include "options.h"

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

/* What a step was: the truth of that step, for logs, traces and audits. */
typedef struct kfix_report {
  kfix_status status;
  uint32_t layer;   /* where the last failed attempt failed, from 1; 0: not in a layer */
  double value;     /* the number that was at fault */
  uint32_t retries; /* attempts that failed before this one */
  uint32_t stats_refreshed;
  uint32_t trials; /* steps tried before the first, to find lambda */
  uint64_t step;   /* from 1 */
  uint64_t stats_count, inverse_step;
  size_t rows, stats_rows, fisher_first, fisher_rows; /* S1 = [0, stats_rows) of the batch */
  double objective;          /* mean loss + (eta / 2) ||theta||^2, before the update; nesterov: at
                              theta + mu v */
  double loss, error;        /* means over the batch */
  double eta, lambda, gamma; /* in force for this step's update */
  double decay, alpha, mu, m_delta, nu, learning_rate;
  /* The actual change of the objective over m_delta, where it was measured and both stand above what
   * rounding makes of the objective; else NaN. */
  double rho;
} kfix_report;

/* One layer at work. */
typedef struct kfix_layer {
  uint32_t in, out;
  kfix_activation
      activation; /* between s and a; linear at the output of a loss with its own link */
  uint32_t held;  /* rows of the statistics subset held so far (curvature/kron_terms.h) */
  size_t w;       /* where its W starts in a parameter vector */
  double pi;      /* of the last refresh */
  kfix_buffer buffer[KFIX_LAYER_REGION_COUNT];
} kfix_layer;

/* Called with the sampled targets of `rows` examples from row `first` of the batch: kfix_real rows
 * x outputs, in host memory. */
typedef void kfix_observe_targets(void *context, size_t first, size_t rows, const kfix_real *y,
                                  size_t ldy);
/* Called with one row, `cols` = in + 1 reals, of the preconditioned gradient Delta of `layer` (from
 * 1), in host memory: row after row, layer after layer, once Delta is chosen. */
typedef void kfix_observe_direction(void *context, uint32_t layer, size_t row,
                                    const kfix_real *delta, size_t cols);

/* Who watches a step for what it does not keep; NULL: nobody. A later attempt of the same step shows
 * its own. */
typedef struct kfix_observer {
  kfix_observe_targets *targets;
  kfix_observe_direction *direction;
  void *context;
} kfix_observer;

/* C++ hands trainers on, and has no struct that ends like this one. */
#ifdef __cplusplus
typedef struct kfix kfix;
#else
typedef struct kfix {
  const kfix_net *net;
  const kfix_method_info *method;
  kfix_device device;
  kfix_options options;
  size_t parameters;                  /* reals in a parameter vector */
  uint8_t current[KFIX_GROUP_STATES]; /* which copy of each state group is in force */
  uint8_t changed[KFIX_GROUP_STATES]; /* groups whose spare copy the step in progress has written */
  kfix_scalars now, next;
  double first_lambda;      /* what the first step has found; 0: nothing yet */
  const kfix_real *weights; /* of the call's batch; NULL: all alike */
  size_t chunk_first;       /* the row of the batch that the chunk in memory starts at */
  double gamma;             /* of the direction in the making: next.gamma, or one on trial */
  kfix_report report;
  kfix_observer observer;
  kfix_buffer buffer[KFIX_NET_REGION_COUNT];
  kfix_layer layer[]; /* depth of them */
} kfix;

#define KFIX_CONTROL_BYTES(depth) \
  KFIX_ROUND_UP(sizeof(kfix) + (size_t)(depth) * sizeof(kfix_layer), (size_t)KFIX_ALIGN)

/* Runs one kernel on the trainer's device and returns from the caller if it fails. */
#define KFIX_RUN(k, kernel, ...) KFIX_TRY((k)->device.port->kernel(&(k)->device, __VA_ARGS__))

/* Scalars that kernels leave for the host; two more for each layer follow KFIX_SLOT_LAYERS. */
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
  KFIX_SLOT_LAYERS = 16
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

#endif

#endif
