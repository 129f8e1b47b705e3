/* SPDX-License-Identifier: Apache-2.0
 * hf: Hessian-free [Martens 2010]: conjugate gradients on (F + damping I) x = -gradient, truncated. The
 * curvature below preconditions them, or nothing does.
 *
 * F is the exact Fisher matrix of the mini-batch, with the expectation over targets: F v = sum_i w_i J_i^T
 * F_R J_i v / mass, by a tangent pass, a product with F_R and a backward pass [KFAC App. C]. They begin from
 * hf_decay times the last update, and end after hf_iterations, or once the last k = max(10, i / 10) have
 * brought less than k hf_tolerance of the fall phi(x) = x^T (F + damping I) x / 2 + gradient^T x.
 * cost: an iteration is 8 P rows, and the preconditioner. */
#include <math.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "direction/along_plan.h"
#include "direction/direction.h"
#include "direction/hf_plan.h"
#include "net/visit.h"

/* Values of phi, of the last iterations that may be looked back at: a tenth of the most, and itself. */
enum { RING = 32 };

typedef struct solver {
  const kfix_batch *batch;
  const kfix_phase *phase;
  kfix_real *x, *r, *p, *q; /* q: F p, then the preconditioned r */
  size_t standing;          /* 1 + the first row of the chunk that stands */
  double rz, phi[RING];
} solver;

static kfix_status refresh(kfix *k, const kfix_batch *batch, const kfix_phase *phase) {
  if (k->method->curvature) return kfix_block_refresh(k, batch, phase);
  k->next.inverse_step = k->now.step + 1;
  k->next.stale = 0;
  return KFIX_OK;
}

/* ---- products with F ---- */

/* F_R J v of the chunk's first rows, where the gradient of a loss with respect to z would stand. */
static kfix_status seed(kfix *k, const kfix_real *theta, const kfix_real *v, size_t rows) {
  const kfix_rows z = kfix_z(k), g = kfix_delta(k, k->net->node_count);
  const kfix_rows jv = kfix_outputs(k, &k->own[KFIX_OWN_TANGENT_U]);
  KFIX_TRY(kfix_tangent(k, theta, v, 0, rows, jv));
  KFIX_RUN(k, fisher_times, k->net->loss, rows, kfix_net_outputs(k->net), z.at, z.ld, jv.at, jv.ld,
           g.at, g.ld);
  return KFIX_OK;
}

static kfix_status stand(kfix *k, solver *s, const kfix_real *theta, size_t first) {
  if (s->batch->rows <= k->net->chunk || s->standing == first + 1) return KFIX_OK;
  s->standing = first + 1;
  return kfix_stand_chunk(k, theta, s->batch, first);
}

/* out = (F + damping I) v. */
static kfix_status multiply(kfix *k, solver *s, const kfix_real *v, kfix_real *out) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const size_t all = s->phase->direction_rows;
  const kfix_adding how = {1 / kfix_mass(k, 0, all), out};
  const kfix_visitor visitor = {kfix_add_slice, &how, KFIX_HAND_STANDING};
  KFIX_RUN(k, axpby, k->parameters, (kfix_real)s->phase->damping, v, 0, NULL, out);
  for (size_t first = 0, rows; first < all; first += rows) {
    rows = kfix_smaller(all - first, k->net->chunk);
    KFIX_TRY(stand(k, s, theta, first));
    KFIX_TRY(seed(k, theta, v, rows));
    KFIX_TRY(kfix_backward_from(k, theta, rows, KFIX_WEIGH_BY_WEIGHT, 0, &visitor));
  }
  k->deltas_stand = 0;
  return KFIX_OK;
}

/* ---- conjugate gradients ---- */

/* q = M^-1 r. What averages over gradients is not to take r for one. */
static kfix_status precondition(kfix *k, const solver *s) {
  const kfix_curvature *c = k->method->curvature;
  kfix_phase plain = *s->phase;
  plain.fresh = 0;
  if (c) return c->apply(k, &plain, 1, s->r, 0, s->q);
  KFIX_RUN(k, axpby, k->parameters, 1, s->r, 0, NULL, s->q);
  return KFIX_OK;
}

/* *rz = r . q and *phi = (x . gradient - x . r) / 2, which is phi(x) as r = -gradient - (F + d I) x. */
static kfix_status measure(kfix *k, const solver *s, double *rz, double *phi) {
  double slot[KFIX_SLOT_NET_COUNT];
  KFIX_RUN(k, dots, k->parameters, s->x, k->buffer[KFIX_NET_GRADIENT].at[0], s->r,
           kfix_slot_at(k, KFIX_SLOT_GU));
  KFIX_RUN(k, dot, k->parameters, s->r, s->q, kfix_slot_at(k, KFIX_SLOT_ZZ));
  KFIX_TRY(kfix_read_slots(k, 0, KFIX_SLOT_NET_COUNT, slot));
  *rz = slot[KFIX_SLOT_ZZ];
  *phi = (slot[KFIX_SLOT_GU] - slot[KFIX_SLOT_GV]) / 2;
  return isfinite(*rz) && isfinite(*phi) ? KFIX_OK : KFIX_REFUSED;
}

/* x and r at the start, where nothing is measured yet. */
static kfix_status begin(kfix *k, solver *s) {
  const kfix_real *gradient = k->buffer[KFIX_NET_GRADIENT].at[0];
  const kfix_real *last = kfix_current(k, &k->own[KFIX_OWN_UPDATE]);
  const double decay = k->now.have_update ? k->options.hf_decay : 0;
  if (decay > 0) {
    KFIX_RUN(k, axpby, k->parameters, (kfix_real)decay, last, 0, NULL, s->x);
    KFIX_TRY(multiply(k, s, s->x, s->q));
    KFIX_RUN(k, axpby, k->parameters, -1, s->q, -1, gradient, s->r);
  } else {
    KFIX_RUN(k, fill, 1, k->parameters, 0, s->x, k->parameters);
    KFIX_RUN(k, axpby, k->parameters, -1, gradient, 0, NULL, s->r);
  }
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(kfix_clear_padding(k, &k->block[i], s->q));
  KFIX_TRY(precondition(k, s));
  KFIX_RUN(k, axpby, k->parameters, 1, s->q, 0, NULL, s->p);
  return measure(k, s, &s->rz, &s->phi[0]);
}

/* One iteration. *done: p has no curvature, or r is zero: there is nowhere to go. */
static kfix_status iterate(kfix *k, solver *s, double *phi, int *done) {
  double pq, rz;
  KFIX_TRY(multiply(k, s, s->p, s->q));
  KFIX_RUN(k, dot, k->parameters, s->p, s->q, kfix_slot_at(k, KFIX_SLOT_UU));
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_UU, 1, &pq));
  *done = !(pq > 0) || !(s->rz > 0);
  if (!isfinite(pq)) return KFIX_REFUSED;
  if (*done) return KFIX_OK;
  const kfix_real alpha = (kfix_real)(s->rz / pq);
  KFIX_RUN(k, axpby, k->parameters, alpha, s->p, 1, s->x, s->x);
  KFIX_RUN(k, axpby, k->parameters, -alpha, s->q, 1, s->r, s->r);
  KFIX_TRY(precondition(k, s));
  KFIX_TRY(measure(k, s, &rz, phi));
  KFIX_RUN(k, axpby, k->parameters, 1, s->q, (kfix_real)(rz / s->rz), s->p, s->p);
  s->rz = rz;
  return KFIX_OK;
}

/* Martens's rule: the fall per iteration has become small beside the whole of it. */
static int is_enough(const kfix *k, const solver *s, uint32_t i) {
  const uint32_t back = i / 10 > 10 ? i / 10 : 10;
  const double phi = s->phi[i % RING];
  if (i <= back || !(phi < 0)) return 0;
  return (phi - s->phi[(i - back) % RING]) / phi < back * k->options.hf_tolerance;
}

/* Its scalings move with the step's gradient, once. */
static kfix_status show_gradient(kfix *k, const solver *s) {
  const kfix_curvature *c = k->method->curvature;
  if (!c || !c->of_gradient) return KFIX_OK;
  return c->apply(k, s->phase, 1, k->buffer[KFIX_NET_GRADIENT].at[0], 0, s->q);
}

static kfix_status make(kfix *k, const kfix_batch *batch, const kfix_phase *phase, kfix_real *out,
                        kfix_made *made) {
  solver s = {.batch = batch,
              .phase = phase,
              .x = out,
              .r = k->along[KFIX_HF_RESIDUAL].at[0],
              .p = k->along[KFIX_HF_SEARCH].at[0],
              .q = k->along[KFIX_HF_PRODUCT].at[0]};
  int done = 0;
  *made = kfix_made_plainly(phase);
  made->rows = phase->direction_rows;
  if (!(kfix_mass(k, 0, made->rows) > 0)) return KFIX_WEIGHTS;
  KFIX_TRY(show_gradient(k, &s));
  KFIX_TRY(begin(k, &s));
  for (uint32_t i = 1; i <= k->options.hf_iterations && !done; i++) {
    KFIX_TRY(iterate(k, &s, &s.phi[i % RING], &done));
    if (!done) made->iterations = i;
    done = done || is_enough(k, &s, i);
  }
  const size_t last = (batch->rows - 1) / k->net->chunk * k->net->chunk;
  return stand(k, &s, kfix_current(k, &k->buffer[KFIX_NET_THETA]), last);
}

const kfix_direction kfix_direction_hf = {.refresh = refresh, .make = make, .is_dear = 1};

KFIX_DEFINE_ALONG_PLAN(hf)
