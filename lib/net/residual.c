/* SPDX-License-Identifier: Apache-2.0
 * Which nodes end a residual branch, and which are projections of a shortcut. */
#include "net/residual.h"

#include "core/arithmetic.h"
#include "net/kind.h"
#include "net/net.h"

/* A dense node or a convolution: its weights are drawn by kfix_initial_row. */
static int is_drawn(const kfix_net *net, uint32_t place) {
  return place > 0 && kfix_kind_infos[net->nodes[place - 1].kind]->initialise == kfix_initial_row;
}

/* The first of them on the way back, from `place` on; 0: there is none. */
static uint32_t last_drawn(const kfix_net *net, uint32_t place) {
  while (place > 0 && !is_drawn(net, place)) place = net->nodes[place - 1].from;
  return place;
}

static uint32_t count_drawn(const kfix_net *net, uint32_t place) {
  uint32_t count = 0;
  for (; place > 0; place = net->nodes[place - 1].from) count += (uint32_t)is_drawn(net, place);
  return count;
}

/* Whether the way back from one place leads over another. Places fall along it. */
static int leads_over(const kfix_net *net, uint32_t place, uint32_t over) {
  while (place > over) place = net->nodes[place - 1].from;
  return place == over;
}

/* The gain that a sum gives to the node at `place`; 0: none. */
static double gain_by(const kfix_net *net, const kfix_node_spec *sum, uint32_t place) {
  const uint32_t first = count_drawn(net, sum->from), second = count_drawn(net, sum->other);
  const uint32_t branch = first > second ? sum->from : sum->other;
  const uint32_t shortcut = first > second ? sum->other : sum->from;
  if (first == second) return 0;
  if (place == last_drawn(net, branch)) return 0.2;
  return place == last_drawn(net, shortcut) && !leads_over(net, branch, place) ? 1 : 0;
}

double kfix_residual_gain(const kfix_net *net, uint32_t place) {
  const uint32_t source = net->nodes[place - 1].from;
  double gain = source > 0 && net->nodes[source - 1].activation == KFIX_RELU ? 2 : 1;
  for (uint32_t i = 0; i < net->node_count; i++) {
    const double given = net->nodes[i].reads > 1 ? gain_by(net, &net->nodes[i], place) : 0;
    if (given > 0 && given < gain) gain = given;
  }
  return gain;
}
