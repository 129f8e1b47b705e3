/* SPDX-License-Identifier: Apache-2.0
 * Statistics of the Kronecker SVD methods: from the examples of a batch to running factors R, S and,
 * of the methods with two terms, P, Q.
 *
 * The block of a batch is F = (1/m) sum_t (abar_t abar_t^T) (x) (g_t g_t^T) over the first m =
 * min(|S1|, kfix_net_stats_rows) rows; all m are needed at once. Its leading terms come from
 * factor/kron_svd.h, or, where the layer is narrow (KFIX_KRON_IS_NARROW), on the host, from
 * factor/kron_bidiagonal.h. With eps = report.decay,
 *   kron_ema = factors   R = eps R + (1 - eps) R_batch, and so the others; (P, Q)_batch has the sign
 *                        that agrees with the (P, Q) before, as a product is blind to it [KPSVD 1.2]
 *   kron_ema = operator  R (x) S + P (x) Q are the leading terms of eps (R (x) S + P (x) Q) + (1 -
 *                        eps) F: terms of the past are atoms beside the examples
 * residual: R and S are K-FAC's running A and G, and P (x) Q the leading term of what they leave of
 * F, or of eps (R (x) S + P (x) Q) + (1 - eps) F [KPSVD 2.3]. */
#ifndef KFIX_CURVATURE_KRON_TERMS_H
#define KFIX_CURVATURE_KRON_TERMS_H

#include "curvature/kron_plan.h"
#include "net/net.h"

typedef enum kfix_kron_ema { KFIX_KRON_FACTORS, KFIX_KRON_OPERATOR } kfix_kron_ema;

/* What tells the methods apart. R and S are the regions KFIX_FACTOR_A and KFIX_FACTOR_G. */
typedef struct kfix_kron_kind {
  size_t terms; /* 1, or 2: P and Q are the regions KFIX_KRON_P and KFIX_KRON_Q */
  kfix_kron_order order;
  int residual;
  int held_abar, held_delta; /* regions */
} kfix_kron_kind;

/* begin, absorb and finish of curvature.h. cost of a batch, with d = in + 1 + out: m^2 d for the
 * Gram matrices, m ((in + 1)^2 + out^2) for each term, some 200 m^2 for the search; operator: m
 * ((in + 1)^2 + out^2) twice for each term of the past. */
kfix_status kfix_kron_begin(kfix *k, const kfix_kron_kind *kind, double decay, size_t rows);
kfix_status kfix_kron_absorb(kfix *k, const kfix_kron_kind *kind, uint32_t layer, size_t rows,
                             double weight);
kfix_status kfix_kron_finish(kfix *k, const kfix_kron_kind *kind);

#endif
