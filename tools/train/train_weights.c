/* SPDX-License-Identifier: Apache-2.0
 * Weights from and to other programs. */
#include "train_weights.h"

#include <stdlib.h>

#include "weights/weights_facts.h"
#include "weights/weights_file.h"

static void release(kfix_real **layers, uint32_t depth) {
  for (uint32_t i = 0; layers != NULL && i < depth; i++) free(layers[i]);
  free(layers);
}

/* Layer i (from 0): its weights, and behind them the moments of a normalisation, which are the last iterate's. */
static kfix_status get_layer(const kfix_net *net, kfix *k, kfix_iterate which, uint32_t i,
                             kfix_real *w) {
  const kfix_node_spec *n = kfix_net_block(net, i);
  const kfix_status status = kfix_get_weights(k, which, i + 1, w);
  return status == KFIX_OK && n->moments ? kfix_get_moments(k, i + 1, w + n->moments) : status;
}

static kfix_status set_layer(const kfix_net *net, kfix *k, uint32_t i, const kfix_real *w) {
  const kfix_node_spec *n = kfix_net_block(net, i);
  const kfix_status status = kfix_set_weights(k, i + 1, w);
  return status == KFIX_OK && n->moments ? kfix_set_moments(k, i + 1, w + n->moments) : status;
}

static int collect(const kfix_net *net, kfix *k, kfix_iterate which, kfix_real **layers,
                   tool_error *err) {
  for (uint32_t i = 0; i < net->block_count; i++) {
    layers[i] = malloc(weights_reals(net, i) * sizeof *layers[i]);
    if (layers[i] == NULL) return tool_fail(err, "no memory for a copy of the weights");
    const kfix_status status = get_layer(net, k, which, i, layers[i]);
    if (status != KFIX_OK)
      return tool_fail(err, "weights of layer %u: %s", (unsigned)i + 1, kfix_status_text(status));
  }
  return 0;
}

int weights_export(const char *path, const kfix_net *net, kfix *k, kfix_iterate which,
                   uint64_t steps, const dataset_facts *facts, tool_error *err) {
  char *text = NULL;
  kfix_real **layers = calloc(net->block_count, sizeof *layers);
  int result = -1;
  if (layers == NULL)
    (void)tool_fail(err, "no memory for the list of weights");
  else if (weights_facts_write(net, facts, iterate_name(which), &text, err) == 0 &&
           collect(net, k, which, layers, err) == 0)
    result = weights_save(path, net, layers, steps, text, err);
  free(text);
  release(layers, net->block_count);
  return result;
}

static int take_layer(const weights_file *file, const kfix_net *net, uint32_t i, kfix *k,
                      tool_error *err) {
  kfix_real *w = malloc(weights_reals(net, i) * sizeof *w);
  if (w == NULL) return tool_fail(err, "no memory for a copy of the weights");
  int result = weights_read(file, net, i, w, err);
  const kfix_status status = result == 0 ? set_layer(net, k, i, w) : KFIX_OK;
  if (status != KFIX_OK)
    result =
        tool_fail(err, "%s: layer %u: %s", file->path, (unsigned)i + 1, kfix_status_text(status));
  free(w);
  return result;
}

int weights_import(const char *path, const kfix_net *net, kfix *k, tool_error *err) {
  weights_file file;
  int result = weights_open(&file, path, net, err);
  for (uint32_t i = 0; i < net->block_count && result == 0; i++)
    result = take_layer(&file, net, i, k, err);
  weights_close(&file);
  return result;
}
