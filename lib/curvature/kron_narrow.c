/* SPDX-License-Identifier: Apache-2.0
 * A block that is narrow beside the number of examples: its terms by the papers' way, Lanczos
 * bidiagonalisation in parameter space. What is averaged is what kron_terms.h says. */
#include "curvature/kron_narrow.h"

#include "core/arithmetic.h"
#include "factor/kron_bidiagonal.h"

/* Packed terms of the batch, or of the running operator, then what finds them. */
typedef struct room {
  kfix_real *in, *out;         /* one term after another */
  kfix_real *own_in, *own_out; /* K-FAC's factors of this batch alone */
  kfix_real *work;
} room;

static room carve(const kfix_kron_batch *b) {
  kfix_real *at = b->k->buffer[KFIX_NET_SCRATCH].at[0];
  room r;
  r.in = kfix_kron_take(&at, b->kind->terms * KFIX_KRON_TERM(b->in.n));
  r.out = kfix_kron_take(&at, b->kind->terms * KFIX_KRON_TERM(b->out.n));
  r.own_in = kfix_kron_take(&at, KFIX_KRON_TERM(b->in.n));
  r.own_out = kfix_kron_take(&at, KFIX_KRON_TERM(b->out.n));
  r.work = at;
  return r;
}

static void know(kfix_kron_operator *z, double weight, const kfix_real *left,
                 const kfix_real *right) {
  const size_t e = z->known++;
  z->known_weight[e] = weight;
  z->factor[KFIX_KRON_LEFT][e] = left;
  z->factor[KFIX_KRON_RIGHT][e] = right;
}

/* (1/m) sum of x_t x_t^T. */
static kfix_status own_factor(const kfix_kron_batch *b, const kfix_kron_edge *s, kfix_real *work,
                              kfix_real *out) {
  kfix *k = b->k;
  const size_t count = KFIX_TRIANGLE(s->n);
  KFIX_RUN(k, fill, 1, count, 0, out, count);
  KFIX_RUN(k, fill, 1, b->rows, (kfix_real)(1 / (double)b->rows), work, b->rows);
  return kfix_kron_sum(&k->device, b->rows, s->n, work, s->x.at, s->x.ld, out,
                       work + KFIX_LD(b->rows));
}

/* Takes K-FAC's product away from what is decomposed: the running factors from a running operator. */
static kfix_status take_kfac_away(const kfix_kron_batch *b, const room *r, kfix_kron_operator *z) {
  if (kfix_kron_is_operator(b)) {
    know(z, -1, kfix_spare(b->k, b->in.term[0]), kfix_spare(b->k, b->out.term[0]));
    return KFIX_OK;
  }
  KFIX_TRY(own_factor(b, &b->in, r->work, r->own_in));
  KFIX_TRY(own_factor(b, &b->out, r->work, r->own_out));
  know(z, -1, r->own_in, r->own_out);
  return KFIX_OK;
}

static kfix_status decompose(const kfix_kron_batch *b, const room *r) {
  const double part = kfix_kron_is_operator(b) ? 1 - b->past : 1;
  kfix_kron_operator z = {.rows = b->rows,
                          .weight = part / b->mass,
                          .n = {b->in.n, b->out.n},
                          .at = {b->in.x.at, b->out.x.at},
                          .ld = {b->in.x.ld, b->out.x.ld}};
  kfix_kron_pairs pairs;
  for (size_t e = 0; e < b->more; e++)
    know(&z, b->past, kfix_current(b->k, b->in.term[e]), kfix_current(b->k, b->out.term[e]));
  if (b->kind->residual) KFIX_TRY(take_kfac_away(b, r, &z));
  return kfix_kron_bidiagonal(&b->k->device, &z, b->kind->terms - (size_t)b->kind->residual, r->in,
                              r->out, &pairs, r->work);
}

static kfix_status keep(const kfix_kron_batch *b, const kfix_kron_edge *s, const kfix_real *found) {
  kfix *k = b->k;
  const size_t count = KFIX_TRIANGLE(s->n);
  for (int i = b->kind->residual; i < (int)b->kind->terms; i++, found += KFIX_KRON_TERM(s->n))
    KFIX_RUN(k, copy, 1, count, found, count, kfix_spare(k, s->term[i]), count);
  return KFIX_OK;
}

kfix_status kfix_kron_update_narrow(const kfix_kron_batch *b) {
  const room r = carve(b);
  KFIX_TRY(decompose(b, &r));
  if (kfix_kron_is_operator(b)) {
    KFIX_TRY(keep(b, &b->in, r.in));
    return keep(b, &b->out, r.out);
  }
  if (b->kind->residual) return kfix_kron_average_second(b, r.in, r.out);
  KFIX_TRY(kfix_kron_average(b, &b->in, 0, 1, r.in));
  KFIX_TRY(kfix_kron_average(b, &b->out, 0, 1, r.out));
  if (b->kind->terms == 1) return KFIX_OK;
  return kfix_kron_average_second(b, r.in + KFIX_KRON_TERM(b->in.n),
                                  r.out + KFIX_KRON_TERM(b->out.n));
}
