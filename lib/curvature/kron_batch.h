/* SPDX-License-Identifier: Apache-2.0
 * One block's decomposition at work, and the running averages of its terms: shared by the two ways to do
 * it, in the space of the examples (kron_terms.c) and in that of the parameters (kron_narrow.c). */
#ifndef KFIX_CURVATURE_KRON_BATCH_H
#define KFIX_CURVATURE_KRON_BATCH_H

#include "curvature/curvature.h"
#include "curvature/kron_plan.h"
#include "factor/kron_factor.h"

typedef enum kfix_kron_ema { KFIX_KRON_FACTORS, KFIX_KRON_OPERATOR } kfix_kron_ema;

/* What tells the methods apart. R and S are the regions KFIX_FACTOR_A and KFIX_FACTOR_G. */
typedef struct kfix_kron_kind {
  size_t terms; /* 1, or 2: P and Q are the regions KFIX_KRON_P and KFIX_KRON_Q */
  kfix_kron_order order;
  int residual;
  int held_abar, held_delta; /* regions */
} kfix_kron_kind;

/* One side of the block: its inputs or its outputs. */
typedef struct kfix_kron_edge {
  size_t n;
  kfix_rows x;
  const kfix_buffer *term[2]; /* R, P or S, Q */
  kfix_real *gram, *norm, *c; /* of the examples */
} kfix_kron_edge;

/* Vectors over the atoms have ld elements. */
typedef struct kfix_kron_batch {
  kfix *k;
  const kfix_kron_kind *kind;
  size_t rows, more, ld;
  double past; /* weight of what there was */
  double mass; /* weights of the examples, added up; the roots of them are in out.x */
  kfix_kron_edge in, out;
  kfix_real *weights, *minus, *work;
} kfix_kron_batch;

/* True where the running operator is what is decomposed: there is a past to keep. */
static inline int kfix_kron_is_operator(const kfix_kron_batch *b) {
  return b->k->options.kron_ema == KFIX_KRON_OPERATOR && b->past > 0;
}

/* The next `count` reals of a scratch. */
static inline kfix_real *kfix_kron_take(kfix_real **at, size_t count) {
  kfix_real *here = *at;
  *at += count;
  return here;
}

/* Term 0 or 1 of a side: spare = past times what there was + (1 - past) sign batch, packed. */
kfix_status kfix_kron_average(const kfix_kron_batch *b, const kfix_kron_edge *s, int which,
                              double sign, const kfix_real *batch);
/* The second term of both sides, with the sign of the batch's that agrees with what there was. */
kfix_status kfix_kron_average_second(const kfix_kron_batch *b, const kfix_real *in,
                                     const kfix_real *out);

#endif
