/* SPDX-License-Identifier: Apache-2.0
 * EKFAC [EKFAC 3.2, Alg. 1, App. C]: F of a layer is (U_A (x) U_G) diag(s) (U_A (x) U_G)^T, where
 * U_A, U_G hold the eigenvectors of A and G in their columns and s, cols x out, is measured in
 * that basis.
 *
 *   ekfac     s = E[(U_A^T abar)^2 ((U_G^T g)^2)^T] over the rows behind the statistics: of each
 *             batch alone (ekfac_s batch, Alg. 1) or as a running average with the factors' decay
 *             (ekfac_s ema). Element by element this is the diagonal of U^T F U for these rows.
 *   ekfac-ra  s = running average, with the factors' decay, of the square of U_A^T V^T U_G, V the
 *             gradient that is preconditioned [EKFAC 3.2]. So the option fisher matters for the
 *             basis only, and there is no pass over the batch: apply makes this product anyway.
 *
 * DAMPING. The layer's operator is s + d in that basis, U = U_G (V~ / (s + d))^T U_A^T with V~ =
 * U_A^T V^T U_G, and s itself stays undamped. With gamma^2 in the part of lambda + eta, as in [KFAC
 * 6.6], and S_A, S_G the eigenvalues of A and G at the last refresh:
 *   plain    d = gamma^2: exactly F + gamma^2 I in this approximation
 *   kron     d = gamma^2 + gamma (S_A (x) 1 + 1 (x) S_G): s + d = (S_A + gamma) (S_G + gamma) where s =
 *            S_A S_G, the factored form [EKFAC App. C]
 *   kron-pi  d = gamma^2 + gamma (S_A / pi (x) 1 + pi 1 (x) S_G): the same with pi (factors.h)
 * gamma enters when a direction is made, not when the basis is: to try another gamma costs no
 * decomposition. Where there is neither curvature nor damping, s + d = 0, and the step fails.
 *
 * THE BASIS is made anew at a refresh, from the running factors. What becomes of s:
 *   ekfac_s batch, fresh statistics  measured anew, by a second pass over S1
 *   otherwise                        carried over: s' = (U_A'^T U_A)^{o2} s ((U_G'^T U_G)^{o2})^T, the
 *                                    diagonal of the old operator in the new basis, so the closest
 *                                    there is [EKFAC Lemma 1]; with ekfac_carry reset, S_A (x) S_G.
 *                                    Fresh statistics then go into the average
 * ekfac_basis tracked: the basis follows its factor by products (kfix_ekfac_track) and only every
 * ekfac_exact_every-th refresh decomposes in full. Lemma 1 holds in any orthogonal basis. On a device
 * every refresh decomposes.
 *
 * STATE. Basis, eigenvalues, pi: group INVERSE; s: group SCALINGS. */
#ifndef KFIX_CURVATURE_EKFAC_H
#define KFIX_CURVATURE_EKFAC_H

#include "curvature/ekfac_plan.h"
#include "curvature/factors.h"

/* refresh of the interface, of ekfac and of ekfac-ra: bases, and the scalings as far as they can be known
 * without the rows. Again in a step, it does nothing: gamma enters when a direction is made.
 * scratch  KFIX_EKFAC_REFRESH_REALS, and for ekfac-ra two halves
 * errors   KFIX_NOT_CONVERGED with report.layer and report.value (the row); STATISTICS_NONFINITE */
kfix_status kfix_ekfac_refresh(kfix *k, const kfix_phase *phase);
kfix_status kfix_ekfac_ra_refresh(kfix *k, const kfix_phase *phase);

/* One sweep of a basis towards the eigenvectors of a packed factor A of order n, which has moved a little.
 *   T = U^T A U, t its diagonal: what is off it should vanish
 *   X_ij = T_ij (t_j - t_i) / ((t_j - t_i)^2 + e^2), the rotations of first order; e^2 = the squares off
 *          T's diagonal, summed, over n (at least eps^2 |t|^2 / n), fades out those between eigenvalues
 *          that lie too close to tell apart
 *   out = Z L^-T, with Z = U (I + X) and L L^T = Z^T Z: orthogonal again
 * values = the diagonal of out^T A out. Columns keep their order and sign. Where U is close, what is left
 * off the diagonal is of higher order. The factorization cannot fail: X is skew, |X|_F^2 <= n / 4, so
 * Z^T Z = I + X^T X. Waits for the device twice; for ports with host memory.
 * scratch  KFIX_EKFAC_TRACK_REALS(n)
 * cost     12 n^3, nearly all in products */
kfix_status kfix_ekfac_track(kfix *k, size_t n, const kfix_real *factor, const kfix_real *u,
                             kfix_real *out, kfix_real *values);

/* The basis of every block into the spare copies, from the latest factors, with the block's pi in the
 * eigenvalues, none of which is negative; then group INVERSE has changed. tracked: by kfix_ekfac_track.
 * scratch  KFIX_EIGENS_REALS, tracked KFIX_EKFAC_TRACK_REALS
 * errors   as of kfix_ekfac_refresh */
kfix_status kfix_ekfac_find_bases(kfix *k, int tracked);

/* out (cols x out, dense) = S_A S_G^T, of the latest basis. */
kfix_status kfix_ekfac_products(kfix *k, const kfix_block *b, kfix_real *out);

/* out (cols x out, dense) = U_A^T V^T U_G with the latest basis; half: as large as out. V is out x cols.
 * cost: 2 cols out (cols + out). */
kfix_status kfix_ekfac_project(kfix *k, const kfix_block *b, const kfix_real *v, kfix_real *half,
                               kfix_real *out);

/* u = scale U_G P^T U_A^T, out x cols, for the P (cols x out, dense) that stands in u; half: as large. */
kfix_status kfix_ekfac_expand(kfix *k, const kfix_block *b, double scale, kfix_real *half,
                              kfix_real *u);

/* spare s = decay * past + (1 - decay) * projected^2; past may be that copy. square: as large. */
kfix_status kfix_ekfac_average(kfix *k, const kfix_block *b, double decay, const kfix_real *past,
                               const kfix_real *projected, kfix_real *square);

#endif
