/* SPDX-License-Identifier: Apache-2.0
 * Products with the Jacobian, and the examples that it is made of. */
#include "direction/fisher_examples.h"

#include "core/arithmetic.h"
#include "direction/block_plan.h"
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
    KFIX_TRY(kfix_add_product(k, s->together, b->out, b->cols, rows, alpha, scaled, abar, 1,
                              v + b->w, b->cols));
  }
  return KFIX_OK;
}

/* ---- the examples ---- */

static kfix_rows aside(const kfix_block *b, int id, size_t cols, size_t row) {
  const size_t ld = KFIX_LD(cols);
  return (kfix_rows){b->along[id].at[0] + row * ld, ld};
}

static kfix_status put_aside(kfix *k, const kfix_slice *s, const void *first) {
  const kfix_block *b = &k->block[s->block];
  const size_t row = *(const size_t *)first;
  const kfix_rows abar = aside(b, KFIX_EXAMPLE_ABAR, b->cols, row);
  const kfix_rows g = aside(b, KFIX_EXAMPLE_DELTA, b->out, row);
  KFIX_RUN(k, copy, s->rows, b->cols, s->abar.at, s->abar.ld, abar.at, abar.ld);
  KFIX_RUN(k, copy, s->rows, b->out, s->g.at, s->g.ld, g.at, g.ld);
  return KFIX_OK;
}

static kfix_status leave(kfix *k, const kfix_slice *slice, const void *arg) {
  (void)k, (void)slice, (void)arg;
  return KFIX_OK;
}

/* They stand in one chunk, the first of the batch. */
static int stand_in_chunk(const kfix *k, size_t rows) {
  return rows <= k->net->chunk;
}

kfix_status kfix_hold_examples(kfix *k, const kfix_real *theta, size_t first, size_t rows) {
  const size_t all = k->phase.direction_rows;
  if (stand_in_chunk(k, all) || first >= all) return KFIX_OK;
  const kfix_visitor visitor = {put_aside, &first, 0};
  return kfix_visit_chunk(k, theta, first, kfix_smaller(all - first, rows), KFIX_WEIGH_BY_ROOT, 1,
                          &visitor);
}

kfix_status kfix_gather_examples(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                                 kfix_examples_of_f *f) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const size_t rows = phase->direction_rows;
  *f = (kfix_examples_of_f){batch, rows, kfix_mass(k, 0, rows)};
  if (!(f->mass > 0)) return KFIX_WEIGHTS;
  if (!stand_in_chunk(k, rows)) return KFIX_OK;
  if (batch->rows > k->net->chunk) KFIX_TRY(kfix_stand_chunk(k, theta, batch, 0));
  k->deltas_stand = 0;
  const kfix_visitor nobody = {leave, NULL, 0};
  return kfix_visit_chunk(k, theta, 0, rows, KFIX_WEIGH_BY_ROOT, 1, &nobody);
}

kfix_status kfix_leave_examples(kfix *k, const kfix_examples_of_f *f) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const size_t last = (f->batch->rows - 1) / k->net->chunk * k->net->chunk;
  return k->chunk_first == last ? KFIX_OK : kfix_stand_chunk(k, theta, f->batch, last);
}

static kfix_slice slice_of(const kfix *k, uint32_t block, size_t rows) {
  const kfix_block *b = &k->block[block];
  kfix_slice all = kfix_standing(k, block, rows);
  all.abar = aside(b, KFIX_EXAMPLE_ABAR, b->cols, 0);
  all.g = aside(b, KFIX_EXAMPLE_DELTA, b->out, 0);
  return all;
}

kfix_status kfix_visit_examples(kfix *k, const kfix_examples_of_f *f, kfix_visit_slice *visit,
                                const void *arg) {
  const kfix_visitor visitor = {visit, arg, 0};
  if (stand_in_chunk(k, f->rows)) return kfix_visit_standing(k, f->rows, &visitor);
  for (uint32_t i = k->depth; i > 0; i--) {
    const kfix_slice all = slice_of(k, i - 1, f->rows);
    KFIX_TRY(visit(k, &all, arg));
  }
  return KFIX_OK;
}
