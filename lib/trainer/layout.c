/* SPDX-License-Identifier: Apache-2.0
 * From the memory plan to a trainer's nodes, blocks and buffers. */
#include "trainer/layout.h"

#include "core/arithmetic.h"
#include "core/plan_walk.h"
#include "net/net.h"

/* Where the regions of a trainer go. */
typedef struct placing {
  kfix *k;
  unsigned char *device; /* where those lie that are not the host's */
  size_t host_bytes;
  kfix_status status;
} placing;

static kfix_real *copy_at(const placing *p, const kfix_region *region, uint32_t copy) {
  unsigned char *start = region->group == KFIX_GROUP_HOST
                             ? (unsigned char *)(void *)p->k + region->offset
                             : p->device + (region->offset - p->host_bytes);
  return (kfix_real *)(void *)(start + copy * region->copy_bytes);
}

static kfix_buffer *buffer_of(kfix *k, const kfix_region *region) {
  if (region->owner == KFIX_OF_NET) return &k->buffer[region->id];
  if (region->owner == KFIX_OF_METHOD) return &k->own[region->id];
  if (region->owner == KFIX_OF_DIRECTION) return &k->along[region->id];
  const kfix_block *b = &k->block[region->index];
  return region->owner == KFIX_OF_BLOCK ? &b->own[region->id] : &b->along[region->id];
}

static kfix_real **rows_of(kfix_node *n, uint32_t id) {
  if (KFIX_HAS_MOMENTS && id == KFIX_NODE_MOMENTS) return &n->moments.at;
  return id == KFIX_NODE_OUT ? &n->out.at : &n->delta.at;
}

/* A node keeps its running moments as they are, of the others where their rows stand. */
static void place_of_node(kfix_node *n, const kfix_region *region, const kfix_buffer *b) {
  if (KFIX_HAS_MOMENTS && region->id == KFIX_NODE_RUNNING)
    n->running = *b;
  else if (region->count)
    *rows_of(n, region->id) = b->at[0];
}

/* Points what keeps a region at its place. */
static void place(void *context, const kfix_region *region) {
  const placing *p = context;
  kfix_buffer node, *b = &node;
  if (region->owner == KFIX_OF_CONTROL) return;
  if (region->owner != KFIX_OF_NODE) b = buffer_of(p->k, region);
  *b = (kfix_buffer){{copy_at(p, region, 0), NULL}, region->count, region->group};
  if (region->copies > 1) b->at[1] = copy_at(p, region, 1);
  if (b == &node) place_of_node(&p->k->node[region->index], region, b);
  if (p->k->device.port->is_host) kfix_guard_write(b);
}

/* Zeroes, but in the host's part, which is zero, and where the port has put something. */
static void clear(void *context, const kfix_region *region) {
  placing *p = context;
  const int is_port = region->owner == KFIX_OF_NET && region->id == KFIX_NET_PORT;
  if (region->group == KFIX_GROUP_HOST || is_port) return;
  for (uint32_t copy = 0; copy < region->copies && p->status == KFIX_OK; copy++)
    p->status = p->k->device.port->fill(&p->k->device, 1, region->count, 0,
                                        copy_at(p, region, copy), region->count);
}

/* Behind the trainer: its blocks, the buffers of the method's regions, its nodes. */
static void carve_control(kfix *k) {
  const uint32_t own = k->method->plan->block_region_count;
  const uint32_t regions = kfix_block_regions(k->method);
  k->block = (kfix_block *)(void *)(k + 1);
  k->own = (kfix_buffer *)(void *)(k->block + k->depth);
  k->along = k->own + k->method->plan->net_region_count;
  kfix_buffer *next = k->own + kfix_net_regions(k->method);
  for (uint32_t i = 0; i < k->depth; i++, next += regions) {
    k->block[i].own = next;
    k->block[i].along = next + own;
  }
  k->node = (kfix_node *)(void *)next;
}

/* One window that shows the whole image shows what stands; not so where parameters belong to a channel each, for their
 * abar and g stand nowhere (net/summed.h). */
static int looks_through_windows(const kfix_net *net, const kfix_node_spec *n) {
  const kfix_windows g = kfix_net_windows(net, n);
  const int shows_all = n->each == 0 && g.kernel[0] == g.height && g.kernel[1] == g.width &&
                        g.pad[0] == 0 && g.pad[1] == 0;
  return kfix_node_has_windows(n) && !shows_all;
}

static void begin_block(kfix *k, uint32_t i, uint32_t place) {
  const kfix_node_spec *spec = &k->net->nodes[place - 1];
  kfix_block *b = &k->block[i];
  b->node = place;
  b->cols = spec->cols;
  b->out = kfix_node_rows(spec);
  b->windowed = (uint32_t)looks_through_windows(k->net, spec);
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
    n->out.ld = KFIX_LD((size_t)n->units + (place < net->node_count));
    n->delta.ld = KFIX_LD(n->units);
    n->block = KFIX_NO_BLOCK;
    if (!place) continue;
    if (KFIX_HAS_MOMENTS) n->moments.ld = KFIX_LD(n->spec->moments);
    k->node[n->spec->from].last_reader = place;
    if (n->spec->reads > 1) k->node[n->spec->other].last_reader = place;
    if (n->spec->cols == 0) continue;
    n->block = blocks;
    begin_block(k, blocks++, place);
  }
}

void kfix_lay_out(kfix *k, const kfix_port *port, kfix_crew *crew, void *handles,
                  unsigned char *device, size_t host_bytes) {
  placing where = {k, device, host_bytes, KFIX_OK};
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

kfix_status kfix_clear(kfix *k, unsigned char *device, size_t host_bytes) {
  placing where = {k, device, host_bytes, KFIX_OK};
  kfix_plan_walk(k->net, k->method, k->device.port, clear, &where);
  KFIX_TRY(where.status);
  for (uint32_t place = 0; place < k->net->node_count; place++) {
    const kfix_rows out = kfix_out(k, place);
    KFIX_RUN(k, fill, k->net->chunk, 1, 1, out.at + k->node[place].units, out.ld);
  }
  return KFIX_OK;
}

const kfix_observer kfix_nobody = {0};
