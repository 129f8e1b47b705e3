/* SPDX-License-Identifier: Apache-2.0
 * The walk over the memory plan, with run-time sizes. */
#include "core/plan_walk.h"

#include "core/arithmetic.h"
#include "core/context.h"

size_t kfix_net_parameters(const kfix_net *net) {
  size_t count = 0;
  for (uint32_t i = 0; i < net->node_count; i++)
    count += KFIX_W_COUNT(net->nodes[i].cols, kfix_node_rows(&net->nodes[i]));
  return count;
}

static size_t widest_units(const kfix_net *net) {
  size_t widest = 0;
  for (uint32_t i = 0; i < net->node_count; i++) widest = kfix_larger(widest, net->nodes[i].units);
  return widest;
}

static size_t widest_factor(const kfix_net *net) {
  size_t widest = 0;
  for (uint32_t i = 0; i < net->node_count; i++) {
    const kfix_node_spec *n = &net->nodes[i];
    const size_t rows = (size_t)kfix_net_image(net, i + 1).channels * kfix_node_each(n);
    widest = kfix_larger(widest, kfix_larger(n->cols, rows));
  }
  return widest;
}

/* Of blocks that look through windows: columns of W and 1, or its rows; 0: there are none. */
static size_t most_windowed(const kfix_net *net, int rows) {
  size_t most = 0;
  for (uint32_t i = 0; i < net->node_count; i++) {
    const kfix_node_spec *n = &net->nodes[i];
    if (n->cols == 0 || !kfix_node_has_windows(n)) continue;
    most = kfix_larger(most, rows ? kfix_node_rows(n) : (size_t)n->cols + 1);
  }
  return most;
}

/* The control block has no copies and no guard. */
static void walk_control(kfix_walk *walk, const kfix_net *net, const kfix_method_info *method) {
  const size_t bytes = KFIX_CONTROL_BYTES(net->node_count, net->block_count,
                                          kfix_net_regions(method), kfix_block_regions(method));
  const kfix_region region = {
      "CONTROL", KFIX_GROUP_HOST, KFIX_OF_CONTROL, 0, 0, 0, 1, bytes / KFIX_REAL_BYTES, 0, bytes};
  walk->offset = bytes;
  if (walk->visit) walk->visit(walk->context, &region);
}

static kfix_along_sizes along_sizes(const kfix_net *net) {
  return (kfix_along_sizes){kfix_net_parameters(net), kfix_net_stats_rows(net), net->block_count,
                            kfix_net_coarse(net)};
}

size_t kfix_widest(const kfix_net *net, const kfix_method_info *method) {
  const kfix_along_sizes sizes = along_sizes(net);
  const size_t factor = widest_factor(net);
  return method->along ? kfix_larger(factor, method->along->order(&sizes)) : factor;
}

static void walk_host(kfix_walk *walk, const kfix_net *net, const kfix_method_info *method,
                      const kfix_port *port) {
  const kfix_along_sizes sizes = along_sizes(net);
  const size_t in = net->inputs, out = kfix_net_outputs(net);
  const size_t given = net->target != KFIX_TARGET_INPUT, widest = kfix_widest(net, method);
  const size_t bytes = port->host_bytes ? port->host_bytes(widest, kfix_net_stats_rows(net)) : 0;
  kfix_walk_owner(walk, KFIX_OF_NET, 0, 0);
  KFIX_REGIONS_HOST(KFIX_WALK, kfix_larger(widest_factor(net), out),
                    KFIX_STAGE_REALS(!port->is_host, net->chunk, in, out, given),
                    KFIX_REALS_OF(bytes))
  walk->next_of_net = walk->next;
  if (!method->along) return;
  kfix_walk_owner(walk, KFIX_OF_DIRECTION, 0, 0);
  method->along->host_regions(walk, &sizes);
}

/* The net's own numbers go on behind those of the host. */
static void walk_net(kfix_walk *walk, const kfix_net *net, const kfix_method_info *method) {
  const size_t parameters = kfix_net_parameters(net), out = kfix_net_outputs(net);
  const size_t given = net->target != KFIX_TARGET_INPUT;
  const size_t turn = kfix_net_is_chain(net) ? widest_units(net) : 0;
  const kfix_net_sizes sizes = {parameters, net->chunk, out, turn};
  kfix_walk_owner(walk, KFIX_OF_NET, 0, 0);
  walk->next = walk->next_of_net;
  KFIX_REGIONS_NET(KFIX_WALK, parameters, (size_t)net->chunk, out, given, net->block_count)
  kfix_walk_owner(walk, KFIX_OF_METHOD, 0, 0);
  method->plan->net_regions(walk, &sizes);
  if (!method->along) return;
  const kfix_along_sizes along = along_sizes(net);
  kfix_walk_owner(walk, KFIX_OF_DIRECTION, 0, 0);
  walk->next = method->along->host_region_count;
  method->along->net_regions(walk, &along);
}

static void walk_node(kfix_walk *walk, const kfix_net *net, uint32_t place, uint32_t layer) {
  const size_t units = kfix_net_units(net, place), last = place == net->node_count;
  kfix_walk_owner(walk, KFIX_OF_NODE, place, layer);
  KFIX_REGIONS_NODE(KFIX_WALK, (size_t)net->chunk, units + !last, units,
                    net->chunk / kfix_net_group(net), net->nodes[place - 1].moments)
}

/* What a block of the node at `place` has; returns its scratch. */
static size_t walk_block(kfix_walk *walk, const kfix_net *net, const kfix_method_info *method,
                         uint32_t place, uint32_t layer) {
  const size_t stats_rows = kfix_net_stats_rows(net);
  const int windowed = kfix_node_has_windows(&net->nodes[place - 1]);
  const kfix_block_sizes sizes = {
      KFIX_HELD((size_t)(windowed ? net->row_block : net->chunk), stats_rows),
      net->nodes[place - 1].cols,
      kfix_node_rows(&net->nodes[place - 1]),
      net->row_block,
      stats_rows,
      place > 1,
      place < net->node_count,
      kfix_net_has_norms(net) ? 0 : KFIX_HELD((size_t)net->chunk, stats_rows),
      kfix_net_units(net, net->nodes[place - 1].from) + (size_t)1,
      net->nodes[place - 1].units,
      windowed ? stats_rows : 0};
  kfix_walk_owner(walk, KFIX_OF_BLOCK, layer - 1, layer);
  method->plan->block_regions(walk, &sizes);
  const size_t scratch = method->plan->scratch(&sizes);
  if (!method->along) return scratch;
  kfix_walk_owner(walk, KFIX_OF_DIRECTION_BLOCK, layer - 1, layer);
  method->along->block_regions(walk, &sizes);
  return kfix_larger(scratch, method->along->scratch(&sizes));
}

uint32_t kfix_net_regions(const kfix_method_info *method) {
  const kfix_along_plan *along = method->along;
  return method->plan->net_region_count +
         (along ? along->host_region_count + along->net_region_count : 0);
}

uint32_t kfix_block_regions(const kfix_method_info *method) {
  return method->plan->block_region_count + (method->along ? method->along->block_region_count : 0);
}

static size_t walk_nodes(kfix_walk *walk, const kfix_net *net, const kfix_method_info *method) {
  size_t scratch = 0;
  uint32_t layer = 0;
  kfix_walk_owner(walk, KFIX_OF_NODE, 0, 0);
  KFIX_REGIONS_INPUT(KFIX_WALK, (size_t)net->chunk, (size_t)net->inputs)
  for (uint32_t place = 1; place <= net->node_count; place++) {
    const int has_block = net->nodes[place - 1].cols > 0;
    if (has_block) layer++;
    walk_node(walk, net, place, has_block ? layer : 0);
    if (has_block) scratch = kfix_larger(scratch, walk_block(walk, net, method, place, layer));
  }
  return scratch;
}

size_t kfix_plan_host(const kfix_net *net, const kfix_method_info *method, const kfix_port *port) {
  kfix_walk walk = {.owner = KFIX_OF_CONTROL};
  walk_control(&walk, net, method);
  walk_host(&walk, net, method, port);
  return walk.offset;
}

size_t kfix_plan_walk(const kfix_net *net, const kfix_method_info *method, const kfix_port *port,
                      kfix_region_visit *visit, void *context) {
  kfix_walk here = {.visit = visit, .context = context, .owner = KFIX_OF_CONTROL};
  kfix_walk *walk = &here;
  const size_t port_bytes = port->scratch_bytes(kfix_net_parameters(net), net->chunk, net->threads,
                                                kfix_widest(net, method));
  walk_control(walk, net, method);
  walk_host(walk, net, method, port);
  walk_net(walk, net, method);
  const size_t scratch = walk_nodes(walk, net, method);
  kfix_walk_owner(walk, KFIX_OF_NET, 0, 0);
  walk->next = KFIX_NET_SCRATCH;
  KFIX_REGIONS_SCRATCH(KFIX_WALK, scratch, KFIX_REALS_OF(port_bytes))
  KFIX_REGIONS_SLICE(KFIX_WALK, most_windowed(net, 0), most_windowed(net, 1), kfix_net_slice(net),
                     net->row_block)
  return walk->offset;
}
