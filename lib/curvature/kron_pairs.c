/* SPDX-License-Identifier: Apache-2.0
 * deflation, lanczos, kfac-corrected: F of a block is R (x) S + P (x) Q [KPSVD 2.2, 2.3], damped as
 * (R + pi gamma I) (x) (S + gamma / pi I) + P (x) Q and inverted [KPSVD 3]
 *   kron_solver bases  by factor/kron_sum.h: 1 + s1 s2 is held at kron_floor or above
 *   kron_solver smith  by factor/kron_smith.h, to the rounding of kfix_real; nothing is floored. It converges
 *                      only where q < 1, so where P (x) Q is the smaller part of the sum. Otherwise the refresh
 *                      answers NOT_CONVERGED, report.layer says where and report.value is about q: the step is
 *                      tried again with more damping, which makes q smaller. Both keep as many reals. A product
 *                      costs J / 2 of that by bases and J (out^3 + cols^3) besides, J steps (smith_steps) */
#include "core/arithmetic.h"
#include "curvature/factors.h"
#include "curvature/kron_terms.h"

/* What one side of a block keeps of its inverse. */
typedef struct side {
  size_t n;
  int factor, correction, basis, spectrum;
} side;

static side in_side(const kfix_block *b) {
  return (side){b->cols, KFIX_FACTOR_A, KFIX_KRON_P, KFIX_KRON_IN_BASIS, KFIX_KRON_IN_SPECTRUM};
}

static side out_side(const kfix_block *b) {
  return (side){b->out, KFIX_FACTOR_G, KFIX_KRON_Q, KFIX_KRON_OUT_BASIS, KFIX_KRON_OUT_SPECTRUM};
}

static int by_smith(const kfix *k) {
  return k->options.kron_solver == KFIX_KRON_SMITH;
}

static int by_bases(const kfix *k) {
  return !by_smith(k);
}

/* made: what the refresh in progress writes. */
static kfix_real *kept(const kfix *k, const kfix_buffer *b, int made) {
  return made ? kfix_spare(k, b) : kfix_latest(k, b);
}

static kfix_smith_side smith_side(const kfix *k, const kfix_block *b, side s, int made) {
  return kfix_smith_place(s.n, kept(k, &b->own[s.basis], made), kept(k, &b->own[s.spectrum], made));
}

static kfix_status refresh_side(kfix *k, uint32_t block, side s, double shift) {
  const kfix_block *b = &k->block[block];
  kfix_real *a = k->buffer[KFIX_NET_SCRATCH].at[0];
  const size_t ld = KFIX_LD(s.n);
  size_t info = 0;
  KFIX_RUN(k, unpack, s.n, kfix_latest(k, &b->own[s.factor]), (kfix_real)shift, a, ld);
  const kfix_status status =
      kfix_kron_side_set(&k->device, s.n, a, ld, kfix_latest(k, &b->own[s.correction]),
                         kfix_spare(k, &b->own[s.basis]), s.n, kfix_spare(k, &b->own[s.spectrum]),
                         a + s.n * ld, &info);
  return kfix_blame(k, block, info, status);
}

static kfix_kron_side solved(const kfix *k, const kfix_block *b, side s, int made) {
  return (kfix_kron_side){s.n, kept(k, &b->own[s.basis], made), s.n,
                          kept(k, &b->own[s.spectrum], made)};
}

/* ---- the squared Smith iteration ---- */

static kfix_status refresh_smith_side(kfix *k, uint32_t block, side s, double shift) {
  const kfix_block *b = &k->block[block];
  kfix_real *a = k->buffer[KFIX_NET_SCRATCH].at[0];
  const kfix_smith_side out = smith_side(k, b, s, 1);
  size_t info = 0;
  KFIX_RUN(k, unpack, s.n, kfix_latest(k, &b->own[s.factor]), (kfix_real)shift, a, KFIX_LD(s.n));
  const kfix_status status = kfix_smith_side_set(
      &k->device, a, kfix_latest(k, &b->own[s.correction]), &out, a + s.n * KFIX_LD(s.n), &info);
  return kfix_blame(k, block, info, status);
}

/* Whether it converges is known before a direction is made; the number of its steps is kept. */
static kfix_status find_course(kfix *k, uint32_t block) {
  const kfix_block *b = &k->block[block];
  const kfix_smith_side a = smith_side(k, b, in_side(b), 1), g = smith_side(k, b, out_side(b), 1);
  kfix_smith_course course;
  const kfix_status status = kfix_smith_course_of(&k->device, &g, &a, KFIX_REAL_EPS,
                                                  k->buffer[KFIX_NET_SCRATCH].at[0], &course);
  if (status == KFIX_NOT_CONVERGED) {
    k->report.layer = block + 1;
    k->report.value = course.q;
  }
  KFIX_TRY(status);
  return kfix_put_number(k, &b->own[KFIX_KRON_FLOORED], course.steps);
}

static kfix_status refresh_smith(kfix *k, uint32_t i, double gamma) {
  const kfix_block *b = &k->block[i];
  KFIX_TRY(refresh_smith_side(k, i, in_side(b), gamma * b->pi));
  KFIX_TRY(refresh_smith_side(k, i, out_side(b), gamma / b->pi));
  return find_course(k, i);
}

static kfix_status apply_smith(kfix *k, const kfix_block *b, double scale, const kfix_real *v,
                               kfix_real *u) {
  const kfix_smith_side a = smith_side(k, b, in_side(b), 0), g = smith_side(k, b, out_side(b), 0);
  kfix_smith_course course;
  return kfix_smith_solve(&k->device, &g, &a, 1, KFIX_REAL_EPS, (kfix_real)scale, v, a.n, u, a.n,
                          k->buffer[KFIX_NET_SCRATCH].at[0], &course);
}

/* ---- bases ---- */

/* The number of entries of 1 + s2 s1^T below the floor goes to KRON_FLOORED. */
static kfix_status count_floored(kfix *k, const kfix_block *b) {
  const kfix_kron_side a = solved(k, b, in_side(b), 1), g = solved(k, b, out_side(b), 1);
  const double none = 0;
  double count, *slot = kfix_slot_at(k, KFIX_SLOT_BLOCKS);
  KFIX_RUN(k, upload, slot, &none, sizeof none);
  KFIX_RUN(k, divide_kron, g.n, a.n, NULL, 0, g.s, a.s, 1, (kfix_real)k->options.kron_floor, NULL,
           0, slot);
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BLOCKS, 1, &count));
  return kfix_put_number(k, &b->own[KFIX_KRON_FLOORED], count);
}

static kfix_status refresh_bases(kfix *k, uint32_t i, double gamma) {
  const kfix_block *b = &k->block[i];
  KFIX_TRY(refresh_side(k, i, in_side(b), gamma * b->pi));
  KFIX_TRY(refresh_side(k, i, out_side(b), gamma / b->pi));
  return count_floored(k, b);
}

static kfix_status refresh(kfix *k, const kfix_phase *phase) {
  KFIX_TRY(kfix_factors_pi(k, KFIX_KRON_IN_BASIS, KFIX_KRON_OUT_BASIS));
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    KFIX_TRY(kfix_put_number(k, &b->own[KFIX_KRON_PI], b->pi));
    KFIX_TRY(by_smith(k) ? refresh_smith(k, i, phase->gamma) : refresh_bases(k, i, phase->gamma));
  }
  k->changed[KFIX_GROUP_INVERSE] = 1;
  return KFIX_OK;
}

static kfix_status apply_bases(kfix *k, const kfix_block *b, double scale, const kfix_real *v,
                               kfix_real *u) {
  const kfix_kron_side a = solved(k, b, in_side(b), 0), g = solved(k, b, out_side(b), 0);
  return kfix_kron_solve(&k->device, &g, &a, 1, (kfix_real)k->options.kron_floor, (kfix_real)scale,
                         v, a.n, u, a.n, k->buffer[KFIX_NET_SCRATCH].at[0], NULL);
}

static kfix_status apply(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                         size_t low_rank, kfix_real *u) {
  (void)phase, (void)low_rank;
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    KFIX_TRY(by_smith(k) ? apply_smith(k, b, scale, v + b->w, u + b->w)
                         : apply_bases(k, b, scale, v + b->w, u + b->w));
  }
  return KFIX_OK;
}

static const kfix_curvature_view views[] = {{"R", KFIX_FACTOR_A, KFIX_SHAPE_IN},
                                            {"S", KFIX_FACTOR_G, KFIX_SHAPE_OUT},
                                            {"P", KFIX_KRON_P, KFIX_SHAPE_IN},
                                            {"Q", KFIX_KRON_Q, KFIX_SHAPE_OUT}};
static const kfix_curvature_number numbers[] = {{"pi", KFIX_KRON_PI, NULL},
                                                {"floored", KFIX_KRON_FLOORED, by_bases},
                                                {"smith_steps", KFIX_KRON_FLOORED, by_smith}};

/* The methods differ in their statistics alone. */
#define METHOD(name, order, residual)                                                           \
  static const kfix_kron_kind kind_##name = {2, order, residual, KFIX_KRON_HELD_ABAR,           \
                                             KFIX_KRON_HELD_DELTA};                             \
  static kfix_status begin_##name(kfix *k, const kfix_phase *phase) {                           \
    return kfix_kron_begin(k, &kind_##name, phase);                                             \
  }                                                                                             \
  static kfix_status absorb_##name(kfix *k, const kfix_slice *slice, const kfix_phase *phase) { \
    return kfix_kron_absorb(k, &kind_##name, slice, phase);                                     \
  }                                                                                             \
  static kfix_status finish_##name(kfix *k) {                                                   \
    return kfix_kron_finish(k, &kind_##name);                                                   \
  }                                                                                             \
  const kfix_curvature kfix_curvature_##name = {.begin = begin_##name,                          \
                                                .absorb = absorb_##name,                        \
                                                .finish = finish_##name,                        \
                                                .refresh = refresh,                             \
                                                .apply = apply,                                 \
                                                KFIX_SHOWS(views, numbers),                     \
                                                .at_once = 1,                                   \
                                                .takes = KFIX_TAKES_PAIRS};
METHOD(deflation, KFIX_KRON_DEFLATE, 0)
METHOD(lanczos, KFIX_KRON_TOGETHER, 0)
METHOD(kfac_corrected, KFIX_KRON_DEFLATE, 1)
