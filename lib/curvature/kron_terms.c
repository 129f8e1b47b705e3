/* SPDX-License-Identifier: Apache-2.0
 * Holding the examples, decomposing them, and moving the running terms. */
#include "curvature/kron_terms.h"

#include <math.h>

#include "core/arithmetic.h"
#include "curvature/factors.h"
#include "curvature/kron_narrow.h"

kfix_status kfix_kron_begin(kfix *k, const kfix_kron_kind *kind, const kfix_phase *phase) {
  if (kind->residual && phase->weighted) return KFIX_WEIGHTS;
  for (uint32_t i = 0; i < k->depth; i++) k->block[i].held = 0;
  k->changed[KFIX_GROUP_STATISTICS] = 1;
  return kind->residual ? kfix_factors_begin(k, phase) : KFIX_OK;
}

static kfix_kron_edge edge_of(const kfix_block *b, const kfix_kron_kind *kind, int out,
                              kfix_rows x) {
  kfix_kron_edge s = {.n = out ? b->out : b->cols, .x = x};
  s.term[0] = &b->own[out ? KFIX_FACTOR_G : KFIX_FACTOR_A];
  s.term[1] = kind->terms > 1 ? &b->own[out ? KFIX_KRON_Q : KFIX_KRON_P] : NULL;
  return s;
}

/* Gram matrices, and the batch's own factors, which take their place afterwards. */
static void carve(kfix_kron_batch *b) {
  kfix_real *at = b->k->buffer[KFIX_NET_SCRATCH].at[0];
  kfix_kron_edge *const sides[] = {&b->in, &b->out};
  b->weights = kfix_kron_take(&at, b->ld);
  b->minus = kfix_kron_take(&at, b->ld);
  for (int i = 0; i < 2; i++) {
    sides[i]->norm = kfix_kron_take(&at, b->ld);
    sides[i]->c = kfix_kron_take(&at, 2 * b->ld);
  }
  b->work = at;
  for (int i = 0; i < 2; i++)
    sides[i]->gram = kfix_kron_take(&b->work, (b->rows + b->more) * b->ld);
}

static kfix_status fill(kfix *k, size_t n, double value, kfix_real *x) {
  KFIX_RUN(k, fill, 1, n, (kfix_real)value, x, n);
  return KFIX_OK;
}

/* Weights of the atoms; minus: the coefficients of K-FAC's factors over them. */
static kfix_status weigh(const kfix_kron_batch *b) {
  const double each = (kfix_kron_is_operator(b) ? 1 - b->past : 1) / b->mass;
  KFIX_TRY(fill(b->k, b->rows, each, b->weights));
  KFIX_TRY(fill(b->k, b->more, b->past, b->weights + b->rows));
  if (!b->kind->residual) return KFIX_OK;
  KFIX_TRY(fill(b->k, b->rows, each, b->minus));
  KFIX_TRY(fill(b->k, b->more, 0, b->minus + b->rows));
  return b->more > 0 ? fill(b->k, 1, b->past, b->minus + b->rows) : KFIX_OK;
}

static kfix_status make_gram(const kfix_kron_batch *b, const kfix_kron_edge *s) {
  const kfix_real *past[KFIX_KRON_MORE_MAX] = {NULL};
  for (size_t i = 0; i < b->more; i++) past[i] = kfix_current(b->k, s->term[i]);
  return kfix_factor_kron(&b->k->device)
      ->gram(&b->k->device, b->rows, s->n, s->x.at, s->x.ld, b->more, past, s->gram, b->ld, s->norm,
             b->work);
}

/* Coefficients of the terms that are sought, one after another in in.c and out.c. */
static kfix_status decompose(const kfix_kron_batch *b) {
  const kfix_kron_kind *kind = b->kind;
  const kfix_kron_space space = {b->rows + b->more,
                                 b->ld,
                                 b->in.gram,
                                 b->out.gram,
                                 b->in.norm,
                                 b->out.norm,
                                 b->weights,
                                 kind->residual ? b->minus : NULL,
                                 !kind->residual && (b->more == 0 || kind->terms == 1)};
  kfix_kron_pairs pairs;
  KFIX_TRY(weigh(b));
  KFIX_TRY(make_gram(b, &b->in));
  KFIX_TRY(make_gram(b, &b->out));
  return kfix_factor_kron(&b->k->device)
      ->svd(&b->k->device, &space, kind->terms - (size_t)kind->residual, kind->order, b->in.c,
            b->out.c, &pairs, b->work);
}

/* packed += sum of c_t x_t x_t^T. */
static kfix_status add_rows(const kfix_kron_batch *b, const kfix_kron_edge *s, const kfix_real *c,
                            kfix_real *packed, kfix_real *scratch) {
  return kfix_factor_kron(&b->k->device)
      ->sum(&b->k->device, b->rows, s->n, c, s->x.at, s->x.ld, packed, scratch);
}

/* ---- running average of the factors ---- */

/* R = eps R + (1 - eps) R_batch: the coefficients of a leading term need no sign. */
static kfix_status average_first(const kfix_kron_batch *b, const kfix_kron_edge *s) {
  kfix *k = b->k;
  KFIX_TRY(kfix_decay_into_spare(k, s->term[0], b->past));
  KFIX_RUN(k, axpby, b->rows, (kfix_real)(1 - b->past), s->c, 0, NULL, s->c);
  return add_rows(b, s, s->c, kfix_spare(k, s->term[0]), b->in.gram);
}

/* A factor of the batch's own second term. */
static kfix_status make_second(const kfix_kron_batch *b, const kfix_kron_edge *s, kfix_real *batch,
                               kfix_real *scratch) {
  KFIX_TRY(fill(b->k, KFIX_TRIANGLE(s->n), 0, batch));
  return add_rows(b, s, s->c + (b->kind->residual ? 0 : b->ld), batch, scratch);
}

static kfix_status average_second(const kfix_kron_batch *b) {
  kfix_real *at = b->in.gram;
  kfix_real *in = kfix_kron_take(&at, KFIX_LD(KFIX_TRIANGLE(b->in.n)));
  kfix_real *out = kfix_kron_take(&at, KFIX_LD(KFIX_TRIANGLE(b->out.n)));
  KFIX_TRY(make_second(b, &b->in, in, at));
  KFIX_TRY(make_second(b, &b->out, out, at));
  return kfix_kron_average_second(b, in, out);
}

/* ---- running operator ---- */

/* A term of the new approximation: over the examples, and over the terms of the past. */
static kfix_status make_term(const kfix_kron_batch *b, const kfix_kron_edge *s, const kfix_real *c,
                             int which) {
  kfix *k = b->k;
  kfix_real past[KFIX_KRON_MORE_MAX] = {0};
  kfix_real *out = kfix_spare(k, s->term[which]);
  KFIX_RUN(k, download, past, c + b->rows, b->more * sizeof *past);
  KFIX_RUN(k, axpby, KFIX_TRIANGLE(s->n), past[0], kfix_current(k, s->term[0]), past[1],
           b->more > 1 ? kfix_current(k, s->term[1]) : NULL, out);
  return add_rows(b, s, c, out, b->in.gram);
}

static kfix_status make_terms(const kfix_kron_batch *b, const kfix_kron_edge *s) {
  const kfix_real *c = s->c;
  for (int i = b->kind->residual; i < (int)b->kind->terms; i++, c += b->ld)
    KFIX_TRY(make_term(b, s, c, i));
  return KFIX_OK;
}

/* ---- a batch ---- */

/* Parameter space is for narrow blocks, and for ports that compute in host memory. */
static int is_narrow(const kfix_kron_batch *b) {
  return b->k->device.port->is_host &&
         KFIX_KRON_IS_NARROW(b->rows, b->in.n, b->out.n, b->kind->terms);
}

static kfix_status update(kfix_kron_batch *b) {
  b->more = kfix_kron_is_operator(b) ? b->kind->terms : 0;
  if (is_narrow(b)) return kfix_kron_update_narrow(b);
  b->ld = KFIX_LD(b->rows + b->more);
  carve(b);
  KFIX_TRY(decompose(b));
  if (kfix_kron_is_operator(b)) {
    KFIX_TRY(make_terms(b, &b->in));
    return make_terms(b, &b->out);
  }
  if (!b->kind->residual) {
    KFIX_TRY(average_first(b, &b->in));
    KFIX_TRY(average_first(b, &b->out));
  }
  return b->in.term[1] ? average_second(b) : KFIX_OK;
}

/* Copies rows of the chunk behind those that are held already. */
static kfix_status hold(kfix *k, const kfix_buffer *held, size_t first, size_t rows, size_t cols,
                        kfix_rows x, kfix_rows *out) {
  *out = (kfix_rows){held->at[0], KFIX_LD(cols)};
  KFIX_RUN(k, copy, rows, cols, x.at, x.ld, out->at + first * out->ld, out->ld);
  return KFIX_OK;
}

/* Rows of S1 that come in several slices are held aside. *all: now all are there, and *s is all of
 * them. */
static kfix_status gather(kfix *k, const kfix_kron_kind *kind, const kfix_phase *phase,
                          kfix_slice *s, int *all) {
  kfix_block *b = &k->block[s->block];
  const size_t first = b->held;
  *all = s->rows == phase->rows;
  if (*all) return KFIX_OK;
  KFIX_TRY(hold(k, &b->own[kind->held_abar], first, s->rows, b->cols, s->abar, &s->abar));
  KFIX_TRY(hold(k, &b->own[kind->held_delta], first, s->rows, b->out, s->g, &s->g));
  b->held = (uint32_t)(first + s->rows);
  *all = b->held == phase->rows;
  return KFIX_OK;
}

kfix_status kfix_kron_absorb(kfix *k, const kfix_kron_kind *kind, const kfix_slice *slice,
                             const kfix_phase *phase) {
  const kfix_block *block = &k->block[slice->block];
  kfix_slice s = *slice;
  int all;
  if (kind->residual) KFIX_TRY(kfix_factors_absorb(k, slice, phase));
  KFIX_TRY(gather(k, kind, phase, &s, &all));
  if (!all) return KFIX_OK;
  kfix_kron_batch b = {
      .k = k, .kind = kind, .rows = phase->rows, .past = phase->decay, .mass = phase->mass};
  b.in = edge_of(block, kind, 0, s.abar);
  b.out = edge_of(block, kind, 1, s.g);
  const kfix_status status = update(&b);
  if (status != KFIX_STATISTICS_NONFINITE) return status;
  /* finish counts it: what was not finite before, data or loss, is to be named first. */
  return fill(k, 1, (double)NAN, kfix_spare(k, b.in.term[0]));
}

kfix_status kfix_kron_finish(kfix *k, const kfix_kron_kind *kind) {
  KFIX_TRY(kfix_factors_finish(k));
  for (uint32_t i = 0; kind->terms > 1 && i < k->depth; i++) {
    KFIX_TRY(kfix_count_bad(k, &k->block[i].own[KFIX_KRON_P]));
    KFIX_TRY(kfix_count_bad(k, &k->block[i].own[KFIX_KRON_Q]));
  }
  return KFIX_OK;
}
