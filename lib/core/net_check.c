/* SPDX-License-Identifier: Apache-2.0
 * What core/config.h asserts of a config, for a description made in another way. */
#include "core/arithmetic.h"
#include "core/net_spec.h"

static int layer_is_valid(const kfix_net *net, uint32_t i) {
  const kfix_layer_spec *l = &net->layers[i];
  const int last = i + 1 == net->depth;
  /* A block on its own (kfix_block_absorb) may have the homogeneous coordinate as only input. */
  if ((l->in == 0 && net->depth > 1) || l->out == 0) return 0;
  if ((unsigned)l->activation >= KFIX_ACTIVATION_COUNT) return 0;
  if (i > 0 && l->in != l[-1].out) return 0;
  return l->activation != KFIX_SOFTMAX || (last && net->loss == KFIX_CATEGORICAL);
}

int kfix_net_is_sound(const kfix_net *net) {
  if (!net->layers || net->depth == 0 || net->depth > KFIX_DEPTH_MAX || !net->name) return 0;
  if (net->block == 0 || KFIX_KC % net->block || net->chunk == 0 || net->chunk % net->block)
    return 0;
  if ((unsigned)net->loss >= KFIX_LOSS_COUNT || (unsigned)net->target >= KFIX_TARGET_COUNT)
    return 0;
  for (uint32_t i = 0; i < net->depth; i++)
    if (!layer_is_valid(net, i)) return 0;
  const kfix_activation link = net->layers[net->depth - 1].activation;
  if (net->loss == KFIX_BERNOULLI && link != KFIX_SIGMOID) return 0;
  if (net->loss == KFIX_CATEGORICAL && link != KFIX_SOFTMAX) return 0;
  return net->target != KFIX_TARGET_INPUT || kfix_net_inputs(net) == kfix_net_outputs(net);
}
