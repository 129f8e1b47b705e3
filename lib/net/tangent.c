/* SPDX-License-Identifier: Apache-2.0
 * Linearised forward pass: J v without a backward pass [KFAC App. C]. */
#include "core/arithmetic.h"
#include "net/net.h"

/* The rows of a stored matrix that the pass is about. */
static const kfix_real *rows_of(kfix_rows m, size_t first) {
  return m.at + first * m.ld;
}

kfix_status kfix_tangent(kfix *k, const kfix_real *theta, const kfix_real *v, size_t first,
                         size_t rows, kfix_net_region out) {
  const uint32_t depth = k->net->depth;
  kfix_rows below = {NULL, 0};
  for (uint32_t i = 0; i < depth; i++) {
    const kfix_layer *l = &k->layer[i];
    const size_t cols = (size_t)l->in + 1;
    const int last = i + 1 == depth;
    const kfix_net_region turn = i % 2 ? KFIX_NET_TANGENT1 : KFIX_NET_TANGENT0;
    const kfix_rows tangent =
        last ? kfix_outputs(k, out) : (kfix_rows){k->buffer[turn].at[0], KFIX_LD(l->out)};
    const kfix_rows abar = kfix_abar(k, i);
    const kfix_rows a = last ? kfix_outputs(k, KFIX_NET_OUTPUT) : kfix_abar(k, i + 1);
    KFIX_RUN(k, gemm, KFIX_N, KFIX_T, rows, l->out, cols, 1, rows_of(abar, first), abar.ld,
             v + l->w, cols, 0, tangent.at, tangent.ld);
    if (i > 0)
      KFIX_RUN(k, gemm, KFIX_N, KFIX_T, rows, l->out, l->in, 1, below.at, below.ld, theta + l->w,
               cols, 1, tangent.at, tangent.ld);
    KFIX_RUN(k, differentiate, l->activation, rows, l->out, rows_of(a, first), a.ld, tangent.at,
             tangent.ld);
    below = tangent;
  }
  return KFIX_OK;
}
