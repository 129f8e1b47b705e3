/* SPDX-License-Identifier: Apache-2.0
 * The running factors A = E[abar abar^T] and G = E[g g^T] of each layer, and what several methods
 * do with them: pi, damped inverses, the product G^-1 V A^-1.
 *
 * A method that keeps them begins its list of regions with KFIX_REGIONS_FACTORS, and numbers its others
 * from KFIX_FACTOR_COUNT (kfac_plan.h). */
#ifndef KFIX_CURVATURE_FACTORS_H
#define KFIX_CURVATURE_FACTORS_H

#include "curvature/curvature.h"
#include "curvature/factors_plan.h"

/* begin, absorb and finish of the interface (curvature.h), for A and G. */
kfix_status kfix_factors_begin(kfix *k, const kfix_phase *phase);
kfix_status kfix_factors_absorb(kfix *k, const kfix_slice *slice, const kfix_phase *phase);
kfix_status kfix_factors_finish(kfix *k);

/* spare = decay * the copy in force, into which absorb adds. */
kfix_status kfix_decay_into_spare(kfix *k, const kfix_buffer *b, double decay);
/* Adds the number of non-finite elements of the spare copy to KFIX_SLOT_BAD_STATISTICS. */
kfix_status kfix_count_bad(kfix *k, const kfix_buffer *b);

/* pi of every block from the latest factors, rounded to kfix_real: the root of |A (x) I| / |I (x) G| in
 * the norm of options.pi [KFAC 6.3]; 1 where either factor vanishes (a dead layer).
 *   trace      sqrt(mean eigenvalue of A / mean eigenvalue of G)
 *   one        1, whatever the factors
 *   frobenius  sqrt(sqrt(out) |A|_F / (sqrt(cols) |G|_F))
 *   spectral   sqrt(|A|_2 / |G|_2), each the Rayleigh quotient of a vector after KFIX_PI_PRODUCTS = K
 *              products with the factor. The vector is normal, from a key that is always the same. Where
 *              its square along the leading eigenvector is 1 / t of the rest, t being of the size of the
 *              order, a norm falls short by at most the part (1 + ln(2 K t)) / (2 K), by
 *              t (l2 / l1)^(2 K) where the second eigenvalue l2 lies apart; pi by half of that
 *
 * in_room, out_room: regions of group INVERSE whose spare copies this refresh has yet to write, of at least
 * KFIX_TRIANGLE(cols) and KFIX_TRIANGLE(out) reals.
 * scratch  spectral: 2 KFIX_LD(n) of KFIX_NET_SCRATCH, which is more than any method's least
 * waits    for the device: trace as kfix_read_items does; frobenius twice, spectral K / 4 + 2 times for
 *          each factor
 * cost     of a factor: frobenius n^2, spectral 2 K n^2
 * errors   KFIX_STATISTICS_NONFINITE */
enum { KFIX_PI_PRODUCTS = 32 };
kfix_status kfix_factors_pi(kfix *k, int in_room, int out_room);

/* A refresh hands two matrices of so many blocks to the port together. */
enum { KFIX_BLOCKS_AT_ONCE = KFIX_JOBS_MAX / 2 };

/* Does `count` jobs, at most KFIX_JOBS_MAX: two for each block from `block` on (from 0).
 * scratch  KFIX_INVERSE_REALS(n) of KFIX_NET_SCRATCH; the loan FULL_FACTOR, if n^2 fits
 * errors   KFIX_NOT_POSITIVE, with report.layer and report.value (the pivot's row) */
kfix_status kfix_invert_factors(kfix *k, uint32_t block, size_t count,
                                const kfix_inverse_job *jobs);

/* Notes where a factorization failed, if it did: the block (from 0) and the number; status as it came. */
kfix_status kfix_blame(kfix *k, uint32_t block, size_t info, kfix_status status);

/* The number of one real that a region's spare copy holds from now on. */
kfix_status kfix_put_number(kfix *k, const kfix_buffer *b, double value);

/* U = scale G^-1 V A^-1 of one block; the inverses are packed triangles, V and U are out x cols,
 * dense. alias: u is not v.
 * scratch  KFIX_APPLY_REALS(cols, out, 0) of KFIX_NET_SCRATCH */
kfix_status kfix_apply_kron(kfix *k, const kfix_block *b, double scale, const kfix_real *a_inverse,
                            const kfix_real *g_inverse, const kfix_real *v, kfix_real *u);

/* The same where V = (1 / rows) Gm^T Abar over the slice's rows: as (scale / rows)
 * (Gm G^-1)^T (Abar A^-1) [KFAC 8].
 * scratch  KFIX_APPLY_REALS(cols, out, rows) of KFIX_NET_SCRATCH */
kfix_status kfix_apply_kron_low_rank(kfix *k, const kfix_slice *slice, double scale,
                                     const kfix_real *a_inverse, const kfix_real *g_inverse,
                                     kfix_real *u);

/* True where the low-rank product has fewer flops. */
int kfix_low_rank_pays(const kfix_block *b, size_t rows);

#endif
