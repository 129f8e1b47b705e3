/* SPDX-License-Identifier: Apache-2.0
 * Running averages of terms. */
#include "curvature/kron_batch.h"

#include <math.h>

#include "core/arithmetic.h"

kfix_status kfix_kron_average(const kfix_kron_batch *b, const kfix_kron_edge *s, int which,
                              double sign, const kfix_real *batch) {
  kfix *k = b->k;
  KFIX_RUN(k, axpby, KFIX_TRIANGLE(s->n), (kfix_real)b->past, kfix_current(k, s->term[which]),
           (kfix_real)(sign * (1 - b->past)), batch, kfix_spare(k, s->term[which]));
  return KFIX_OK;
}

kfix_status kfix_kron_average_second(const kfix_kron_batch *b, const kfix_real *in,
                                     const kfix_real *out) {
  kfix *k = b->k;
  double along[2], *slot = kfix_slot_at(k, KFIX_SLOT_BLOCKS);
  KFIX_RUN(k, dot, KFIX_TRIANGLE(b->in.n), in, kfix_current(k, b->in.term[1]), slot);
  KFIX_RUN(k, dot, KFIX_TRIANGLE(b->out.n), out, kfix_current(k, b->out.term[1]), slot + 1);
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BLOCKS, 2, along));
  const double sign = along[0] + along[1] < 0 ? -1 : 1;
  if (!isfinite(along[0] + along[1])) return KFIX_STATISTICS_NONFINITE;
  KFIX_TRY(kfix_kron_average(b, &b->in, 1, sign, in));
  return kfix_kron_average(b, &b->out, 1, sign, out);
}
