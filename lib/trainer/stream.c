/* SPDX-License-Identifier: Apache-2.0
 * Walking state in its order. */
#include "trainer/stream.h"

#include <string.h>

#include "core/arithmetic.h"
#include "net/kinds.h"

static kfix_status each_buffer(kfix *k, const kfix_buffer *buffers, uint32_t count,
                               kfix_group group, kfix_visit_state *visit, void *context) {
  for (uint32_t i = 0; i < count; i++)
    if (buffers[i].at[1] && buffers[i].count && buffers[i].group == group)
      KFIX_TRY(visit(context, k, &buffers[i]));
  return KFIX_OK;
}

kfix_status kfix_each_state_of(kfix *k, kfix_group group, uint32_t layer, kfix_visit_state *visit,
                               void *context) {
  const kfix_method_info *m = k->method;
  if (layer > 0) {
    const kfix_block *b = &k->block[layer - 1];
    KFIX_TRY(each_buffer(k, b->own, kfix_block_regions(m), group, visit, context));
    if (!kfix_net_has_norms(k->net)) return KFIX_OK;
    return each_buffer(k, &k->node[b->node].running, 1, group, visit, context);
  }
  KFIX_TRY(each_buffer(k, k->buffer, KFIX_NET_REGION_COUNT, group, visit, context));
  return each_buffer(k, k->own, kfix_net_regions(m), group, visit, context);
}

kfix_status kfix_each_state(kfix *k, kfix_group group, kfix_visit_state *visit, void *context) {
  for (uint32_t layer = 0; layer <= k->depth; layer++)
    KFIX_TRY(kfix_each_state_of(k, group, layer, visit, context));
  return KFIX_OK;
}

/* Each piece is a wait for the device, so pieces are large: as the stage, which is idle, since data that
 * went up from it were copied. */
kfix_status kfix_stream_out(kfix *k, const void *device, size_t bytes, kfix_take_bytes *take,
                            void *context) {
  const kfix_buffer *stage = &k->buffer[KFIX_NET_STAGE];
  const size_t room = stage->count * sizeof(kfix_real);
  if (k->device.port->is_host) return take(context, device, bytes);
  for (size_t done = 0, step; done < bytes; done += step) {
    step = kfix_smaller(bytes - done, room);
    KFIX_RUN(k, download, stage->at[0], (const unsigned char *)device + done, step);
    KFIX_TRY(take(context, stage->at[0], step));
  }
  return KFIX_OK;
}

#define CODE(kind) KFIX_KIND_CODE_##kind,
static const uint32_t kind_codes[KFIX_KIND_COUNT] = {KFIX_KIND_LIST(CODE)};

/* Of a chain of dense layers nothing but its blocks is said, as 0.1.0 did. */
static void add_graph(kfix_digest_state *d, const kfix *k) {
  if (k->chain) return;
  for (uint32_t i = 0; i < k->net->node_count; i++) {
    const kfix_node_spec *n = &k->net->nodes[i];
    const uint32_t node[] = {kind_codes[n->kind], (uint32_t)n->activation, n->from, n->other,
                             n->units};
    kfix_digest_add(d, node, sizeof node);
    if (!kfix_node_has_windows(n)) continue;
    const kfix_windows windows = kfix_net_windows(k->net, n);
    kfix_digest_add(d, &windows, sizeof windows);
  }
  const uint32_t slice = kfix_net_slice(k->net);
  if (kfix_net_has_windows(k->net)) kfix_digest_add(d, &slice, sizeof slice);
  if (kfix_net_has_norms(k->net)) kfix_digest_add(d, &k->net->group, sizeof k->net->group);
}

uint64_t kfix_config_digest(const kfix *k) {
  const kfix_net *net = k->net;
  const uint32_t head[] = {net->block_count, (uint32_t)net->loss, (uint32_t)net->target,
                           net->row_block, KFIX_REAL_BYTES};
  kfix_digest_state d;
  kfix_digest_begin(&d, 0);
  kfix_digest_add(&d, head, sizeof head);
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    const uint32_t layer[] = {b->cols - 1, b->out, (uint32_t)k->node[b->node].spec->activation};
    kfix_digest_add(&d, layer, sizeof layer);
  }
  add_graph(&d, k);
  kfix_digest_add(&d, k->method->name, strlen(k->method->name));
  /* The default is left unsaid. */
  if (kfix_net_stats_rows(net) != 2 * net->row_block)
    kfix_digest_add(&d, &net->stats_rows, sizeof net->stats_rows);
  /* So is this: the same regions hold another inverse. */
  if (k->options.kron_solver != KFIX_KRON_BASES)
    kfix_digest_add(&d, &k->options.kron_solver, sizeof k->options.kron_solver);
  return kfix_digest_end(&d);
}
