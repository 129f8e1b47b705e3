/* SPDX-License-Identifier: Apache-2.0
 * A one and a gradient for each example. */
#include "net/summed.h"

#include "core/arithmetic.h"

kfix_summed kfix_summed_of(const kfix *k, const kfix_block *b) {
  const size_t ld = KFIX_LD(b->out);
  kfix_real *g = k->buffer[KFIX_NET_SLICE_G].at[0];
  return (kfix_summed){{k->buffer[KFIX_NET_SLICE_ABAR].at[0], KFIX_LD(1)},
                       {g + kfix_net_slice(k->net) * ld, ld}};
}

kfix_status kfix_each_summed_slice(kfix *k, const kfix_slice *all, kfix_sum_examples *sum,
                                   const kfix_visitor *visitor) {
  const kfix_block *b = &k->block[all->block];
  const kfix_summed at = kfix_summed_of(k, b);
  kfix_slice s = *all;
  s.abar = at.ones;
  s.g = at.sums;
  for (size_t first = 0; first < all->rows; first += s.rows) {
    const kfix_rows x = {all->abar.at + first * all->abar.ld, all->abar.ld};
    const kfix_rows g = {all->g.at + first * all->g.ld, all->g.ld};
    s.rows = kfix_smaller(all->rows - first, k->net->row_block);
    s.first = first;
    s.roots = all->roots + first;
    KFIX_RUN(k, fill, s.rows, 1, 1, s.abar.at, s.abar.ld);
    KFIX_TRY(sum(k, b, first, s.rows, x, g, s.g));
    KFIX_TRY(visitor->visit(k, &s, visitor->arg));
  }
  return KFIX_OK;
}
