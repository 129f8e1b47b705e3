/* SPDX-License-Identifier: Apache-2.0
 * From the memory plan to a trainer's nodes, blocks and buffers. */
#include "trainer/layout.h"

#include <string.h>

#include "core/arithmetic.h"
#include "core/plan_walk.h"
#include "net/net.h"

typedef struct placing {
  kfix *k;
  unsigned char *device; /* where the regions lie that are not the host's */
  size_t host_bytes;
} placing;

static void place_node(kfix_node *n, const kfix_region *region, unsigned char *start) {
  kfix_real *at = (kfix_real *)(void *)start;
  if (region->id == KFIX_NODE_OUT)
    n->out = at;
  else
    n->delta = at;
}

static kfix_buffer *buffer_of(kfix *k, const kfix_region *region) {
  if (region->owner == KFIX_OF_NET) return &k->buffer[region->id];
  if (region->owner == KFIX_OF_METHOD) return &k->own[region->id];
  return &k->block[region->index].own[region->id];
}

/* Points what keeps a region at its place. */
static void place(void *context, const kfix_region *region) {
  const placing *p = context;
  kfix *k = p->k;
  kfix_buffer node, *b = &node;
  if (region->owner == KFIX_OF_CONTROL) return;
  if (region->owner != KFIX_OF_NODE) b = buffer_of(k, region);
  unsigned char *start = region->group == KFIX_GROUP_HOST
                             ? (unsigned char *)(void *)k + region->offset
                             : p->device + (region->offset - p->host_bytes);
  *b = (kfix_buffer){{NULL, NULL}, region->count, region->group};
  for (uint32_t copy = 0; copy < region->copies; copy++)
    b->at[copy] = (kfix_real *)(void *)(start + copy * region->copy_bytes);
  if (b == &node) place_node(&k->node[region->index], region, start);
  if (k->device.port->is_host) kfix_guard_write(b);
}

/* Behind the trainer: its blocks, the buffers of the method's regions, its nodes. */
static void carve_control(kfix *k) {
  const uint32_t regions = k->method->plan->block_region_count;
  k->block = (kfix_block *)(void *)(k + 1);
  k->own = (kfix_buffer *)(void *)(k->block + k->depth);
  kfix_buffer *next = k->own + k->method->plan->net_region_count;
  for (uint32_t i = 0; i < k->depth; i++, next += regions) k->block[i].own = next;
  k->node = (kfix_node *)(void *)next;
}

static void begin_block(kfix *k, uint32_t i, uint32_t place) {
  const kfix_node_spec *spec = &k->net->nodes[place - 1];
  kfix_block *b = &k->block[i];
  b->node = place;
  b->cols = spec->cols;
  b->out = spec->units;
  b->w = k->parameters;
  k->parameters += KFIX_W_COUNT(b->cols, b->out);
}

/* Nodes and their blocks, without memory yet. */
static void describe(kfix *k) {
  const kfix_net *net = k->net;
  uint32_t blocks = 0;
  for (uint32_t place = 0; place <= net->node_count; place++) {
    kfix_node *n = &k->node[place];
    n->spec = place ? &net->nodes[place - 1] : NULL;
    n->units = kfix_net_units(net, place);
    n->activation = kfix_net_activation(net, place);
    n->block = KFIX_NO_BLOCK;
    if (!place) continue;
    k->node[n->spec->from].last_reader = place;
    if (n->spec->reads > 1) k->node[n->spec->other].last_reader = place;
    if (n->spec->cols == 0) continue;
    n->block = blocks;
    begin_block(k, blocks++, place);
  }
}

void kfix_lay_out(kfix *k, const kfix_port *port, kfix_crew *crew, void *handles,
                  unsigned char *device, size_t host_bytes) {
  placing where = {k, device, host_bytes};
  k->depth = k->net->block_count;
  k->chain = kfix_net_is_chain(k->net);
  carve_control(k);
  describe(k);
  k->device.port = port;
  kfix_plan_walk(k->net, k->method, port, place, &where);
  const kfix_buffer *scratch = &k->buffer[KFIX_NET_PORT];
  k->device = (kfix_device){
      port, crew, scratch->at[0], scratch->count * sizeof(kfix_real), k->net->threads, handles};
}

static kfix_status clear_buffer(kfix *k, const kfix_buffer *b) {
  for (int copy = 0; copy < 2; copy++)
    if (b->at[copy] && b->count) KFIX_RUN(k, fill, 1, b->count, 0, b->at[copy], b->count);
  return KFIX_OK;
}

/* The host's part, which kernels do not reach. */
static void clear_host(kfix *k) {
  const kfix_buffer *row = &k->buffer[KFIX_NET_ROW], *stage = &k->buffer[KFIX_NET_STAGE];
  memset(row->at[0], 0, row->count * sizeof(kfix_real));
  memset(stage->at[0], 0, stage->count * sizeof(kfix_real));
}

static kfix_status clear_buffers(kfix *k, const kfix_buffer *buffers, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) KFIX_TRY(clear_buffer(k, &buffers[i]));
  return KFIX_OK;
}

/* Zeroes, and ones where others read a homogeneous coordinate. */
static kfix_status clear_node(kfix *k, uint32_t place) {
  const kfix_rows out = kfix_out(k, place);
  for (int which = KFIX_NODE_OUT; which <= KFIX_NODE_DELTA; which++) {
    const kfix_buffer b = kfix_node_buffer(k, place, which);
    KFIX_TRY(clear_buffer(k, &b));
  }
  if (place < k->net->node_count)
    KFIX_RUN(k, fill, k->net->chunk, 1, 1, out.at + k->node[place].units, out.ld);
  return KFIX_OK;
}

kfix_status kfix_clear(kfix *k) {
  clear_host(k);
  for (int i = 0; i < KFIX_NET_REGION_COUNT; i++)
    if (i != KFIX_NET_PORT && k->buffer[i].group != KFIX_GROUP_HOST)
      KFIX_TRY(clear_buffer(k, &k->buffer[i]));
  KFIX_TRY(clear_buffers(k, k->own, k->method->plan->net_region_count));
  for (uint32_t i = 0; i < k->depth; i++)
    KFIX_TRY(clear_buffers(k, k->block[i].own, k->method->plan->block_region_count));
  for (uint32_t place = 0; place <= k->net->node_count; place++) KFIX_TRY(clear_node(k, place));
  return KFIX_OK;
}
