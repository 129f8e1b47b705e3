/* SPDX-License-Identifier: Apache-2.0
 * Gradients of single examples, summed over their windows. */
#include "curvature/example_gradients.h"

#include "core/arithmetic.h"

kfix_status kfix_each_example_gradient(kfix *k, const kfix_slice *s, const kfix_phase *phase,
                                       kfix_real *d, kfix_take_gradient *take) {
  const kfix_block *b = &k->block[s->block];
  for (size_t done = 0, count; done < s->rows; done += count) {
    const size_t at = (s->at + done) % s->windows;
    count = kfix_smaller(s->windows - at, s->rows - done);
    KFIX_RUN(k, gemm, KFIX_T, KFIX_N, b->out, b->cols, count, 1, s->g.at + done * s->g.ld, s->g.ld,
             s->abar.at + done * s->abar.ld, s->abar.ld, at > 0, d, b->cols);
    if (at + count == s->windows) KFIX_TRY(take(k, b, d, phase));
  }
  return KFIX_OK;
}
