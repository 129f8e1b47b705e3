/* SPDX-License-Identifier: Apache-2.0
 * J^T J of a block that looks through windows. D of an example is of as high a rank as there are windows, so
 * no product of two Gram matrices gives it: D stands for all examples, a few rows of it at a time. */
#include "core/arithmetic.h"
#include "direction/exact_plan.h"
#include "direction/fisher_examples.h"
#include "net/visit.h"

/* Rows [first, first + rows) of D, those of one example behind those of another. */
typedef struct part {
  size_t first, rows;
  kfix_rows d;
} part;

/* An example may go on in the next slice. */
static kfix_status add_windows(kfix *k, const kfix_slice *s, const void *arg) {
  const part *p = arg;
  const kfix_block *b = &k->block[s->block];
  for (size_t done = 0, count; done < s->rows; done += count) {
    const size_t at = (s->at + done) % s->windows, example = s->first + (s->at + done) / s->windows;
    count = kfix_smaller(s->windows - at, s->rows - done);
    KFIX_RUN(k, gemm, KFIX_T, KFIX_N, p->rows, b->cols, count, 1,
             s->g.at + done * s->g.ld + p->first, s->g.ld, s->abar.at + done * s->abar.ld,
             s->abar.ld, at > 0, p->d.at + example * p->d.ld, b->cols);
  }
  return KFIX_OK;
}

kfix_status kfix_add_gram(kfix *k, const kfix_slice *all, kfix_real beta, kfix_real *gram) {
  const kfix_block *b = &k->block[all->block];
  part p = {.d = {k->buffer[KFIX_NET_SCRATCH].at[0], KFIX_GRAM_LD(b->cols, b->out)}};
  const kfix_visitor visitor = {add_windows, &p, KFIX_HAND_WINDOWS};
  for (; p.first < b->out; p.first += p.rows) {
    p.rows = kfix_smaller(b->out - p.first, KFIX_GRAM_ROWS);
    KFIX_TRY(kfix_each_slice(k, all, &visitor));
    KFIX_RUN(k, syrk, KFIX_N, all->rows, p.rows * b->cols, 1, p.d.at, p.d.ld,
             p.first > 0 ? 1 : beta, gram, KFIX_PACKED);
  }
  return KFIX_OK;
}
