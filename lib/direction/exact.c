/* SPDX-License-Identifier: Apache-2.0
 * exact: (F + damping I)^-1 gradient for the Fisher matrix of the mini-batch over all blocks together.
 *
 * F = J J^T / mass has as many columns as there are examples, so by Woodbury's identity
 *   (F + d I)^-1 v = (v - J (J^T J + mass d I)^-1 J^T v) / d,
 * where J^T J, examples x examples, is the sum over blocks of (Abar Abar^T) o (G G^T), or, where they look
 * through windows, of D_r . D_q (fisher_gram.c). Exact at any width: cost 2 m^2 (cols + out) a block, or m^2 out cols;
 * m^3 once, and three products with J or a pass. */
#include "direction/exact.h"
#include "core/arithmetic.h"
#include "direction/along_plan.h"
#include "direction/exact_plan.h"
#include "direction/fisher_examples.h"
#include "factor/factor.h"

static kfix_real *region(const kfix *k, int id) {
  return k->along[id].at[0];
}

/* There is no curvature: nothing is made beforehand. */
static kfix_status refresh(kfix *k, const kfix_batch *batch, const kfix_phase *phase) {
  (void)batch, (void)phase;
  k->next.inverse_step = k->now.step + 1;
  k->next.stale = 0;
  return KFIX_OK;
}

/* ---- the system ---- */

static kfix_status add_gram(kfix *k, const kfix_slice *s, int first) {
  const kfix_block *b = &k->block[s->block];
  const size_t m = s->rows, count = KFIX_TRIANGLE(m);
  kfix_real *a = region(k, KFIX_EXACT_ABAR), *g = region(k, KFIX_EXACT_G);
  kfix_real *gram = region(k, KFIX_EXACT_GRAM);
  if (b->windowed) return kfix_add_gram(k, s, first ? 0 : 1, gram);
  KFIX_RUN(k, syrk, KFIX_N, m, b->cols, 1, s->abar.at, s->abar.ld, 0, a, KFIX_PACKED);
  KFIX_RUN(k, syrk, KFIX_N, m, b->out, 1, s->g.at, s->g.ld, 0, g, KFIX_PACKED);
  KFIX_RUN(k, multiply, 1, count, a, count, g, count, first ? gram : g, count);
  if (!first) KFIX_RUN(k, axpby, count, 1, g, 1, gram, gram);
  return KFIX_OK;
}

/* One block's part of J^T J, and of J^T gradient. */
static kfix_status add_block(kfix *k, const kfix_slice *s, const void *arg) {
  const int first = s->block + 1 == k->depth;
  (void)arg;
  KFIX_TRY(add_gram(k, s, first));
  return kfix_row_dots(k, s, k->buffer[KFIX_NET_GRADIENT].at[0], first ? 0 : 1,
                       region(k, KFIX_EXACT_RIGHT), 1);
}

/* weights = (J^T J + shift I)^-1 J^T gradient. */
static kfix_status solve(kfix *k, size_t m, double shift) {
  kfix_real *inverse = region(k, KFIX_EXACT_ABAR);
  size_t info = 0;
  KFIX_RUN(k, unpack, m, region(k, KFIX_EXACT_GRAM), (kfix_real)shift, inverse, KFIX_PACKED);
  const kfix_status status =
      kfix_factor_inverse(&k->device, m, inverse, KFIX_PACKED, region(k, KFIX_EXACT_WORK), &info);
  k->report.value = (double)info;
  KFIX_TRY(status);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, 1, m, m, 1, region(k, KFIX_EXACT_RIGHT), m, inverse, 0, 0,
           region(k, KFIX_EXACT_WEIGHTS), m);
  return KFIX_OK;
}

typedef struct adding {
  double alpha;
  kfix_real *out;
} adding;

static kfix_status add_slice(kfix *k, const kfix_slice *s, const void *arg) {
  const adding *a = arg;
  return kfix_add_rows(k, s, region(k, KFIX_EXACT_WEIGHTS), a->alpha, a->out);
}

static kfix_status make(kfix *k, const kfix_batch *batch, const kfix_phase *phase, kfix_real *out,
                        kfix_made *made) {
  kfix_examples_of_f f;
  const double d = phase->damping;
  const adding how = {1 / d, out};
  *made = kfix_made_plainly(phase);
  /* F alone is singular wherever there are fewer examples than parameters. */
  if (!(d > 0)) return KFIX_NOT_POSITIVE;
  KFIX_TRY(kfix_gather_examples(k, batch, phase, &f));
  made->rows = f.rows;
  KFIX_TRY(kfix_visit_examples(k, &f, add_block, NULL));
  KFIX_TRY(solve(k, f.rows, f.mass * d));
  KFIX_RUN(k, axpby, k->parameters, (kfix_real)(-1 / d), k->buffer[KFIX_NET_GRADIENT].at[0], 0,
           NULL, out);
  KFIX_TRY(kfix_visit_examples(k, &f, add_slice, &how));
  return kfix_leave_examples(k, &f);
}

/* ---- as a reference ---- */

static kfix_status add_dots(kfix *k, const kfix_slice *s, const void *vector) {
  return kfix_row_dots(k, s, vector, s->block + 1 == k->depth ? 0 : 1, region(k, KFIX_EXACT_RIGHT),
                       1);
}

kfix_status kfix_exact_form(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                            const kfix_real *v, double *form) {
  kfix_examples_of_f f;
  double slot[2];
  double *at = kfix_slot_at(k, KFIX_SLOT_UU);
  KFIX_TRY(kfix_gather_examples(k, batch, phase, &f));
  KFIX_TRY(kfix_visit_examples(k, &f, add_dots, v));
  KFIX_RUN(k, dot, f.rows, region(k, KFIX_EXACT_RIGHT), region(k, KFIX_EXACT_RIGHT), at);
  KFIX_RUN(k, dot, k->parameters, v, v, at + 1);
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_UU, 2, slot));
  *form = slot[0] / f.mass + phase->damping * slot[1];
  return kfix_leave_examples(k, &f);
}

const kfix_direction kfix_direction_exact = {
    .refresh = refresh, .make = make, .hold = kfix_hold_examples, .uncoupled = 1};

KFIX_DEFINE_ALONG_PLAN(exact)
