/* SPDX-License-Identifier: Apache-2.0
 * Moving along an update. */
#include "optim/update.h"

#include "core/arithmetic.h"

kfix_status kfix_move(kfix *k, const kfix_buffer *region, double a, const kfix_real *x, double b,
                      const kfix_real *y) {
  const kfix_buffer *theta = &k->buffer[KFIX_NET_THETA], *mean = &k->buffer[KFIX_NET_AVERAGE];
  KFIX_RUN(k, move, k->parameters, (kfix_real)a, x, (kfix_real)b, y, kfix_spare(k, region),
           kfix_current(k, theta), kfix_spare(k, theta), kfix_averaging(k), kfix_current(k, mean),
           kfix_spare(k, mean), kfix_slot_at(k, KFIX_SLOT_BAD_THETA));
  return KFIX_OK;
}

/* The observer looks at host memory: a row comes down where it is not there. */
static kfix_status show_direction(kfix *k) {
  const kfix_observer *o = k->watch;
  kfix_real *row = k->buffer[KFIX_NET_ROW].at[0];
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    const kfix_real *delta = kfix_delta_place(k) + b->w;
    for (size_t r = 0; r < b->out; r++) {
      KFIX_RUN(k, download, row, delta + r * b->cols, b->cols * sizeof *row);
      o->direction(o->context, i + 1, r, row, b->cols);
    }
  }
  return KFIX_OK;
}

kfix_status kfix_advance(kfix *k, double alpha, double mu) {
  const kfix_buffer *update = &k->own[KFIX_OWN_UPDATE];
  if (k->watch->direction) KFIX_TRY(show_direction(k));
  return kfix_move(k, update, alpha, kfix_delta_place(k), mu, kfix_current(k, update));
}
