/* SPDX-License-Identifier: Apache-2.0
 * Statistics of the Kronecker SVD methods: from the examples of a batch to running factors R, S and,
 * of the methods with two terms, P, Q.
 *
 * The block of a batch is F = (1/m) sum_t (abar_t abar_t^T) (x) (g_t g_t^T) over the first m =
 * min(|S1|, kfix_net_stats_rows) rows; all m are needed at once. Its leading terms come from
 * factor/kron_svd.h, or, where the block is narrow (KFIX_KRON_IS_NARROW), on the host, from
 * factor/kron_bidiagonal.h. With eps = phase->decay,
 *   kron_ema = factors   R = eps R + (1 - eps) R_batch, and so S, P, Q. The signs of P_batch and
 *                        Q_batch, which their product leaves open, are those of P and Q [KPSVD 1.2]
 *   kron_ema = operator  R (x) S + P (x) Q are the leading terms of eps (R (x) S + P (x) Q) + (1 -
 *                        eps) F: the old terms are atoms, as examples are
 * residual (kfac-corrected): R and S are K-FAC's running A and G. P (x) Q is the leading term of what
 * they leave of F, or of eps (R (x) S + P (x) Q) + (1 - eps) F [KPSVD 2.3]. */
#ifndef KFIX_CURVATURE_KRON_TERMS_H
#define KFIX_CURVATURE_KRON_TERMS_H

#include "curvature/kron_batch.h"

/* begin, absorb and finish of curvature.h. cost of a batch, with d = cols + out: m^2 d for the Gram
 * matrices, m (cols^2 + out^2) for each term, some 200 m^2 for the search; operator: m (cols^2 + out^2)
 * twice for each term of the past. Errors: WEIGHTS (residual: inputs would need weights of their own in
 * K-FAC's factors). */
kfix_status kfix_kron_begin(kfix *k, const kfix_kron_kind *kind, const kfix_phase *phase);
kfix_status kfix_kron_absorb(kfix *k, const kfix_kron_kind *kind, const kfix_slice *slice,
                             const kfix_phase *phase);
kfix_status kfix_kron_finish(kfix *k, const kfix_kron_kind *kind);

#endif
