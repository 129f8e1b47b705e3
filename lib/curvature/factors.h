/* SPDX-License-Identifier: Apache-2.0
 * The running factors A = E[abar abar^T] and G = E[g g^T] of each layer, and what several methods
 * do with them: pi, damped inverses, the product G^-1 V A^-1.
 *
 * A method that keeps them begins its list of regions with KFIX_REGIONS_FACTORS and its enum with
 * KFIX_FACTOR_COUNT. */
#ifndef KFIX_CURVATURE_FACTORS_H
#define KFIX_CURVATURE_FACTORS_H

#include "core/context.h"
#include "curvature/factors_plan.h"
#include "net/net.h"

/* A region of the curvature's own list. */
static inline kfix_buffer *kfix_curvature_buffer(kfix_layer *l, int which) {
  return &l->buffer[KFIX_LAYER_CURVATURE + which];
}

/* begin, absorb and finish of the interface (curvature.h), for A and G. */
kfix_status kfix_factors_begin(kfix *k, double decay, size_t rows);
kfix_status kfix_factors_absorb(kfix *k, uint32_t layer, size_t rows, double weight);
kfix_status kfix_factors_finish(kfix *k);

/* spare = decay * the copy in force, into which absorb adds. */
kfix_status kfix_decay_into_spare(kfix *k, const kfix_buffer *b, double decay);
/* Adds the number of non-finite elements of the spare copy to KFIX_SLOT_BAD_STATISTICS. */
kfix_status kfix_count_bad(kfix *k, const kfix_buffer *b);

/* *out = the number that a region of one element holds in force; 0 where the region is empty. */
kfix_status kfix_read_number(kfix *k, uint32_t layer, int which, double *out);

/* pi[i] of every layer = sqrt(mean eigenvalue of A / mean eigenvalue of G) from the latest factors;
 * 1 where either vanishes (a dead layer) [KFAC 6.3]. Waits for the device once.
 * errors  KFIX_STATISTICS_NONFINITE */
kfix_status kfix_factors_pi(kfix *k, kfix_real *pi);

/* A refresh hands two matrices of so many layers to the port together. */
enum { KFIX_LAYERS_AT_ONCE = KFIX_JOBS_MAX / 2 };

/* Does `count` jobs, at most KFIX_JOBS_MAX: two for each layer from `layer` on (from 0).
 * scratch  KFIX_INVERSE_REALS(n) of KFIX_NET_SCRATCH; the spare copy of AVERAGE, if n^2 fits
 * errors   KFIX_NOT_POSITIVE, with report.layer and report.value (the pivot's row) */
kfix_status kfix_invert_factors(kfix *k, uint32_t layer, size_t count,
                                const kfix_inverse_job *jobs);

/* U = scale G^-1 V A^-1 of one layer; the inverses are packed triangles, V and U are out x (in +
 * 1), dense. alias: u is not v.
 * scratch  KFIX_APPLY_REALS(in, out, 0) of KFIX_NET_SCRATCH */
kfix_status kfix_apply_kron(kfix *k, const kfix_layer *l, double scale, const kfix_real *a_inverse,
                            const kfix_real *g_inverse, const kfix_real *v, kfix_real *u);

/* The same where V = (1 / rows) Gm^T Abar over the rows that stand in the chunk: as (scale / rows)
 * (Gm G^-1)^T (Abar A^-1) [KFAC 8].
 * scratch  KFIX_APPLY_REALS(in, out, rows) of KFIX_NET_SCRATCH */
kfix_status kfix_apply_kron_low_rank(kfix *k, uint32_t layer, double scale, size_t rows,
                                     const kfix_real *a_inverse, const kfix_real *g_inverse,
                                     kfix_real *u);

/* True where the low-rank product has fewer flops. */
int kfix_low_rank_pays(const kfix_layer *l, size_t rows);

#endif
