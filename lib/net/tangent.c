/* SPDX-License-Identifier: Apache-2.0
 * Linearised forward pass: J v without a backward pass [KFAC App. C].
 *
 * A tangent must live until all that read its node have. In a chain that is the next node alone, so two
 * regions take turns; in a net with branches it stands in its node's DELTA, which the pass needs no
 * more. */
#include "core/arithmetic.h"
#include "net/net.h"

kfix_rows kfix_tangent_of(const kfix *k, uint32_t place) {
  const int turn = place % 2 ? KFIX_OWN_TANGENT0 : KFIX_OWN_TANGENT1;
  if (place < k->tangents_from) return (kfix_rows){NULL, 0};
  if (!k->chain) return kfix_delta(k, place);
  return (kfix_rows){k->own[turn].at[0], KFIX_LD(k->node[place].units)};
}

kfix_status kfix_tangent_from(kfix *k, uint32_t place, const kfix_real *theta, const kfix_real *v,
                              size_t first, size_t rows, kfix_rows out) {
  const uint32_t last = k->net->node_count;
  if (!k->chain) k->deltas_stand = 0;
  k->tangents_from = place;
  for (; place <= last; place++) {
    const kfix_node *n = &k->node[place];
    const kfix_rows tangent = place == last ? out : kfix_tangent_of(k, place);
    const kfix_rows a = kfix_out(k, place);
    KFIX_TRY(kfix_kind_infos[n->spec->kind]->tangent(k, place, theta, v, first, rows, tangent));
    KFIX_RUN(k, differentiate, n->activation, rows, n->units, a.at + first * a.ld, a.ld, tangent.at,
             tangent.ld);
  }
  return KFIX_OK;
}

kfix_status kfix_tangent(kfix *k, const kfix_real *theta, const kfix_real *v, size_t first,
                         size_t rows, kfix_rows out) {
  return kfix_tangent_from(k, 1, theta, v, first, rows, out);
}
