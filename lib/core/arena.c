/* SPDX-License-Identifier: Apache-2.0
 * The walk over the memory plan, with run-time sizes. */
#include "core/arena.h"

#include "core/arithmetic.h"
#include "core/context.h"
#include "core/method.h"

void kfix_walk_region(kfix_walk *walk, const char *name, kfix_group group, uint32_t id,
                      size_t count) {
  const kfix_region region = {
      name,  group,        walk->layer,           id, (uint32_t)KFIX_COPIES(group),
      count, walk->offset, KFIX_COPY_BYTES(count)};
  walk->offset += KFIX_REGION_BYTES(group, count);
  if (walk->visit) walk->visit(walk->context, &region);
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

size_t kfix_net_parameters(const kfix_net *net) {
  size_t count = 0;
  for (uint32_t i = 0; i < net->depth; i++)
    count += KFIX_W_COUNT(net->layers[i].in, net->layers[i].out);
  return count;
}

size_t kfix_net_widest(const kfix_net *net) {
  size_t widest = 0;
  for (uint32_t i = 0; i < net->depth; i++)
    widest = larger(widest, larger((size_t)net->layers[i].in + 1, net->layers[i].out));
  return widest;
}

#define WALK_NET(id, group, count) \
  kfix_walk_region(walk, #id, KFIX_GROUP_##group, KFIX_NET_##id, (count));
#define WALK_LAYER(id, group, count) \
  kfix_walk_region(walk, #id, KFIX_GROUP_##group, KFIX_LAYER_##id, (count));

/* The control block has no copies and no guard. */
static void walk_control(kfix_walk *walk, const kfix_net *net) {
  const size_t bytes = KFIX_CONTROL_BYTES(net->depth);
  const kfix_region region = {"CONTROL", KFIX_GROUP_HOST,         0, KFIX_NET_REGION_COUNT,
                              1,         bytes / KFIX_REAL_BYTES, 0, bytes};
  walk->offset = bytes;
  if (walk->visit) walk->visit(walk->context, &region);
}

static size_t reals_of(size_t bytes) {
  return KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN) / KFIX_REAL_BYTES;
}

static void walk_host(kfix_walk *walk, const kfix_net *net, const kfix_port *port) {
  const size_t in = kfix_net_inputs(net), out = kfix_net_outputs(net);
  const size_t given = net->target != KFIX_TARGET_INPUT, widest = kfix_net_widest(net);
  const size_t bytes = port->host_bytes ? port->host_bytes(widest, kfix_net_stats_rows(net)) : 0;
  KFIX_REGIONS_HOST(WALK_NET, widest, KFIX_STAGE_REALS(!port->is_host, net->chunk, in, out, given),
                    reals_of(bytes))
}

static void walk_net(kfix_walk *walk, const kfix_net *net, const kfix_method_info *method) {
  const size_t chunk = net->chunk, parameters = kfix_net_parameters(net);
  const size_t out = kfix_net_outputs(net), given = net->target != KFIX_TARGET_INPUT;
  size_t widest = 0;
  for (uint32_t i = 0; i < net->depth; i++) widest = larger(widest, net->layers[i].out);
  KFIX_REGIONS_NET(WALK_NET, parameters, chunk, out, given, net->depth)
  method->net_regions(walk, parameters, chunk, out, widest);
}

static size_t walk_layers(kfix_walk *walk, const kfix_net *net, const kfix_method_info *method) {
  const size_t stats_rows = kfix_net_stats_rows(net);
  size_t scratch = 0;
  for (uint32_t i = 0; i < net->depth; i++) {
    const size_t in = net->layers[i].in, out = net->layers[i].out;
    walk->layer = i + 1;
    KFIX_REGIONS_LAYER(WALK_LAYER, (size_t)net->chunk, in, out)
    method->layer_regions(walk, KFIX_HELD((size_t)net->chunk, stats_rows), in, out);
    scratch = larger(scratch, method->scratch(walk, in, out, net->block, stats_rows));
  }
  walk->layer = 0;
  return scratch;
}

size_t kfix_plan_host(const kfix_net *net, const kfix_port *port) {
  kfix_walk walk = {NULL, NULL, 0, 0, net->depth};
  walk_control(&walk, net);
  walk_host(&walk, net, port);
  return walk.offset;
}

size_t kfix_plan_walk(const kfix_net *net, const kfix_method_info *method, const kfix_port *port,
                      kfix_region_visit *visit, void *context) {
  kfix_walk here = {visit, context, 0, 0, net->depth};
  kfix_walk *walk = &here;
  const size_t port_bytes =
      port->scratch_bytes(kfix_net_parameters(net), net->chunk, net->threads, kfix_net_widest(net));
  walk_control(walk, net);
  walk_host(walk, net, port);
  walk_net(walk, net, method);
  const size_t scratch = walk_layers(walk, net, method);
  WALK_NET(SCRATCH, SCRATCH, scratch)
  WALK_NET(PORT, SCRATCH, reals_of(port_bytes))
  return walk->offset;
}
