/* SPDX-License-Identifier: Apache-2.0
 * The table of forms, made from KFIX_KIND_LIST, and what config.h asserts of a config, for a
 * description made in another way. */
#include "core/arithmetic.h"
#include "net/kind.h"

#define FORM(kind) &kfix_form_##kind,
const kfix_kind_form *const kfix_kind_forms[KFIX_KIND_COUNT] = {KFIX_KIND_LIST(FORM)};

static int is_read(const kfix_net *net, uint32_t place) {
  for (uint32_t i = place; i < net->node_count; i++) {
    const kfix_node_spec *n = &net->nodes[i];
    if (n->from == place || (n->reads > 1 && n->other == place)) return 1;
  }
  return place == net->node_count;
}

static int node_is_valid(const kfix_net *net, uint32_t place) {
  const kfix_node_spec *n = &net->nodes[place - 1];
  const int last = place == net->node_count;
  if ((unsigned)n->kind >= KFIX_KIND_COUNT || (unsigned)n->activation >= KFIX_ACTIVATION_COUNT)
    return 0;
  if (n->units == 0 || n->from >= place || n->other >= place || !is_read(net, place)) return 0;
  /* A block on its own (kfix_block_absorb) may have the homogeneous coordinate as only input. */
  if (kfix_net_units(net, n->from) == 0 && net->node_count > 1) return 0;
  if (!kfix_kind_forms[n->kind]->fits(net, n)) return 0;
  return n->activation != KFIX_SOFTMAX || (last && net->loss == KFIX_CATEGORICAL);
}

static int graph_is_sound(const kfix_net *net) {
  uint32_t blocks = 0;
  if (!net->nodes || net->node_count == 0 || net->node_count > KFIX_NODES_MAX) return 0;
  for (uint32_t place = 1; place <= net->node_count; place++) {
    if (!node_is_valid(net, place)) return 0;
    blocks += net->nodes[place - 1].cols > 0;
  }
  return blocks > 0 && blocks == net->block_count && blocks <= KFIX_BLOCKS_MAX;
}

int kfix_net_is_sound(const kfix_net *net) {
  if (!net->name || net->row_block == 0 || KFIX_KC % net->row_block) return 0;
  if (net->slice > KFIX_KC) return 0;
  if (net->chunk == 0 || net->chunk % net->row_block) return 0;
  if ((unsigned)net->loss >= KFIX_LOSS_COUNT || (unsigned)net->target >= KFIX_TARGET_COUNT)
    return 0;
  if (!graph_is_sound(net)) return 0;
  const kfix_activation link = net->nodes[net->node_count - 1].activation;
  if (net->loss == KFIX_BERNOULLI && link != KFIX_SIGMOID) return 0;
  if (net->loss == KFIX_CATEGORICAL && link != KFIX_SOFTMAX) return 0;
  return net->target != KFIX_TARGET_INPUT || net->inputs == kfix_net_outputs(net);
}
