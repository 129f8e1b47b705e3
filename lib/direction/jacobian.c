/* SPDX-License-Identifier: Apache-2.0
 * Products with the Jacobian, and the examples that it is made of. */
#include "direction/jacobian.h"

#include "core/arithmetic.h"
#include "net/visit.h"

kfix_status kfix_row_dots(kfix *k, const kfix_slice *s, const kfix_real *v, kfix_real beta,
                          kfix_real *out, size_t inc) {
  const kfix_block *b = &k->block[s->block];
  const size_t ld = KFIX_LD(b->out);
  kfix_real *vabar = k->buffer[KFIX_NET_SCRATCH].at[0];
  for (size_t done = 0, rows; done < s->rows; done += rows) {
    rows = kfix_smaller(s->rows - done, k->net->row_block);
    KFIX_RUN(k, gemm, KFIX_N, KFIX_T, rows, b->out, b->cols, 1, s->abar.at + done * s->abar.ld,
             s->abar.ld, v + b->w, b->cols, 0, vabar, ld);
    KFIX_RUN(k, row_dots, rows, b->out, s->g.at + done * s->g.ld, s->g.ld, vabar, ld, beta,
             out + done * inc, inc);
  }
  return KFIX_OK;
}

kfix_status kfix_add_rows(kfix *k, const kfix_slice *s, const kfix_real *c, double alpha,
                          kfix_real *v) {
  const kfix_block *b = &k->block[s->block];
  const kfix_rows scaled = {k->buffer[KFIX_NET_SCRATCH].at[0], KFIX_LD(b->out)};
  for (size_t done = 0, rows; done < s->rows; done += rows) {
    rows = kfix_smaller(s->rows - done, k->net->row_block);
    const kfix_rows abar = {s->abar.at + done * s->abar.ld, s->abar.ld};
    KFIX_RUN(k, scale_rows, rows, b->out, c + done, s->g.at + done * s->g.ld, s->g.ld, scaled.at,
             scaled.ld);
    KFIX_TRY(kfix_add_product(k, b->out, b->cols, rows, alpha, scaled, abar, 1, v + b->w, b->cols));
  }
  return KFIX_OK;
}

kfix_status kfix_begin_examples(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                                kfix_examples_of_f *f) {
  const size_t rows = phase->direction_rows;
  *f = (kfix_examples_of_f){batch, rows, kfix_mass(k, 0, rows), 0};
  return f->mass > 0 ? KFIX_OK : KFIX_WEIGHTS;
}

static kfix_status pass_over(kfix *k, const kfix_slice *slice, const void *arg) {
  (void)k, (void)slice, (void)arg;
  return KFIX_OK;
}

/* The chunk's DELTA is no longer that of the gradient. */
static kfix_status stand(kfix *k, kfix_examples_of_f *f, size_t first, size_t rows) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  if (f->standing == first + 1) return KFIX_OK;
  if (f->batch->rows > k->net->chunk) KFIX_TRY(kfix_stand_chunk(k, theta, f->batch, first));
  KFIX_TRY(kfix_visit_chunk(k, theta, first, rows, KFIX_WEIGH_BY_ROOT, 1, pass_over, NULL));
  k->deltas_stand = 0;
  f->standing = first + 1;
  return KFIX_OK;
}

kfix_status kfix_each_chunk_of_f(kfix *k, kfix_examples_of_f *f, kfix_visit_rows *visit,
                                 void *arg) {
  for (size_t first = 0, rows; first < f->rows; first += rows) {
    rows = kfix_smaller(f->rows - first, k->net->chunk);
    KFIX_TRY(stand(k, f, first, rows));
    KFIX_TRY(visit(k, first, rows, arg));
  }
  return KFIX_OK;
}

kfix_status kfix_end_examples(kfix *k, kfix_examples_of_f *f) {
  const size_t last = (f->batch->rows - 1) / k->net->chunk * k->net->chunk;
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  return last > 0 ? kfix_stand_chunk(k, theta, f->batch, last) : KFIX_OK;
}
