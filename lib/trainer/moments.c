/* SPDX-License-Identifier: Apache-2.0
 * Running moments of a layer, out and in. */
#include <math.h>

#include "core/arithmetic.h"
#include "kfix.h"
#include "net/net.h"

/* Of layer i; NULL: it is no normalisation. */
static const kfix_buffer *running_of(const kfix *k, uint32_t layer) {
  if (!k || layer < 1 || layer > k->depth) return NULL;
  const kfix_buffer *b = &k->node[k->block[layer - 1].node].running;
  return b->count ? b : NULL;
}

kfix_status kfix_get_moments(kfix *k, uint32_t layer, kfix_real *moments) {
  const kfix_buffer *b = running_of(k, layer);
  if (!b || !moments) return KFIX_ARGUMENT;
  KFIX_RUN(k, download, moments, kfix_current(k, b), b->count * sizeof *moments);
  return KFIX_OK;
}

kfix_status kfix_set_moments(kfix *k, uint32_t layer, const kfix_real *moments) {
  const kfix_buffer *b = running_of(k, layer);
  if (!b || !moments) return KFIX_ARGUMENT;
  for (size_t i = 0; i < b->count; i++)
    if (!isfinite(moments[i]) || (i % 2 && moments[i] < 0)) return KFIX_ARGUMENT;
  KFIX_RUN(k, upload, kfix_current(k, b), moments, b->count * sizeof *moments);
  return KFIX_OK;
}
