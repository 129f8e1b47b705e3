/* SPDX-License-Identifier: Apache-2.0
 * kfac-tikhonov: K-FAC with Tikhonov's damping as it is, not factored [KFAC 6.3 (6)].
 *
 *   (A (x) G + gamma^2 I) vec(U) = scale vec(V)
 *
 * With A = U_A diag(S_A) U_A^T and G = U_G diag(S_G) U_G^T it falls apart into numbers: in that basis,
 * U~ = scale V~ / (S_A S_G^T + gamma^2). The paper solves it as a sum of two Kronecker products.
 *
 * kfac          the same F, damped as (A + pi gamma I) (x) (G + gamma / pi I): larger by pi gamma I (x) G
 *               + (gamma / pi) A (x) I. Equal where gamma vanishes
 * ekfac         the same basis and damping (ekfac_damping plain), with s measured in it; here s is the
 *               product of the eigenvalues, those of the last refresh
 *
 * The basis is EKFAC's, from a full decomposition at each refresh (ekfac_basis and the other settings of
 * ekfac do not matter); gamma enters when a direction is made: to try another costs no decomposition.
 * Where there is neither curvature nor damping the step fails. */
#include "curvature/kfac_tikhonov_plan.h"

#include "core/arithmetic.h"
#include "curvature/ekfac.h"

static kfix_status refresh(kfix *k, const kfix_phase *phase) {
  if (phase->again) return KFIX_OK;
  for (uint32_t i = 0; i < k->depth; i++) k->block[i].pi = 1;
  return kfix_ekfac_find_bases(k, 0);
}

/* The projection stands in u, the products of the eigenvalues in half. */
static kfix_status apply_block(kfix *k, const kfix_block *b, double gamma, double scale,
                               const kfix_real *v, kfix_real *u) {
  const size_t count = (size_t)b->cols * b->out;
  kfix_real *half = k->buffer[KFIX_NET_SCRATCH].at[0];
  KFIX_TRY(kfix_ekfac_project(k, b, v, half, u));
  KFIX_TRY(kfix_ekfac_products(k, b, half));
  KFIX_RUN(k, divide, 1, count, u, count, half, count, (kfix_real)(gamma * gamma), u, count);
  return kfix_ekfac_expand(k, b, scale, half, u);
}

static kfix_status apply(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                         size_t low_rank, kfix_real *u) {
  (void)low_rank;
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    KFIX_TRY(apply_block(k, b, phase->gamma, scale, v + b->w, u + b->w));
  }
  return KFIX_OK;
}

static const kfix_curvature_view views[] = {{"A", KFIX_FACTOR_A, KFIX_SHAPE_IN},
                                            {"G", KFIX_FACTOR_G, KFIX_SHAPE_OUT},
                                            {"UA", KFIX_EKFAC_UA, KFIX_SHAPE_IN_FULL},
                                            {"UG", KFIX_EKFAC_UG, KFIX_SHAPE_OUT_FULL}};

const kfix_curvature kfix_curvature_kfac_tikhonov = {.begin = kfix_factors_begin,
                                                     .absorb = kfix_factors_absorb,
                                                     .finish = kfix_factors_finish,
                                                     .refresh = refresh,
                                                     .apply = apply,
                                                     .takes = KFIX_TAKES_WINDOWS,
                                                     .views = views,
                                                     .view_count = sizeof views / sizeof views[0]};
