/* SPDX-License-Identifier: Apache-2.0
 * What a direction shows of itself. */
#include "direction/show.h"

#include "core/arithmetic.h"

/* The observer looks at host memory: a row comes down where it is not there. */
kfix_status kfix_show_vector(kfix *k, const char *name, const kfix_real *v, int sign) {
  const kfix_observer *o = k->watch;
  kfix_real *row = k->buffer[KFIX_NET_ROW].at[0];
  if (!o->vector) return KFIX_OK;
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    for (size_t r = 0; r < b->out; r++) {
      KFIX_RUN(k, download, row, v + b->w + r * b->cols, b->cols * sizeof *row);
      for (size_t j = 0; j < b->cols; j++) row[j] *= (kfix_real)sign;
      o->vector(o->context, name, i + 1, r, row, b->cols);
    }
  }
  return KFIX_OK;
}

void kfix_show_symmetric(kfix *k, const char *name, size_t n, const double *packed) {
  const kfix_observer *o = k->watch;
  for (size_t i = 0; o->number && i < n; i++)
    for (size_t j = 0; j < n; j++)
      o->number(o->context, name, i, j,
                i >= j ? packed[KFIX_TRIANGLE(i) + j] : packed[KFIX_TRIANGLE(j) + i]);
}

void kfix_show_row(kfix *k, const char *name, size_t n, const double *values) {
  const kfix_observer *o = k->watch;
  for (size_t j = 0; o->number && j < n; j++) o->number(o->context, name, 0, j, values[j]);
}
