/* SPDX-License-Identifier: Apache-2.0
 * nodes.json of a traced step: the graph behind its matrices. */
#include "files/atomic_file.h"
#include "trace_files.h"
#include "weights/weights_facts.h"

static void put_inputs(json_writer *json, const kfix_net *net, const kfix_node_spec *n) {
  json_array(json, "inputs");
  json_string(json, NULL, kfix_net_place_name(net, n->from));
  if (n->reads > 1) json_string(json, NULL, kfix_net_place_name(net, n->other));
  json_end(json);
}

static void put_geometry(json_writer *json, const kfix_net *net, const kfix_node_spec *n) {
  json_object(json, "geometry");
  if (n->kind == KFIX_KIND_dense) json_unsigned(json, "units", n->units);
  if (n->kind == KFIX_KIND_conv) json_unsigned(json, "channels", n->image.channels);
  weights_geometry_write(json, net, n);
  if (n->kind == KFIX_KIND_conv) {
    const kfix_windows windows = kfix_net_windows(net, n);
    json_bool(json, "bias", n->cols > kfix_patch_reals(&windows));
  }
  if (n->kind == KFIX_KIND_depthwise)
    json_bool(json, "bias", n->each > (uint64_t)n->kernel[0] * n->kernel[1]);
  json_end(json);
}

void trace_shape(json_writer *json, const char *key, const kfix_image *image) {
  json_object(json, key);
  json_unsigned(json, "height", image->height);
  json_unsigned(json, "width", image->width);
  json_unsigned(json, "channels", image->channels);
  json_end(json);
}

/* block: from 1. */
static void put_node(json_writer *json, const kfix_net *net, uint32_t place, uint32_t block) {
  const kfix_node_spec *n = &net->nodes[place - 1];
  const kfix_image image = kfix_net_image(net, place);
  json_object(json, NULL);
  json_string(json, "name", n->name);
  json_string(json, "kind", weights_kind(n->kind));
  put_inputs(json, net, n);
  put_geometry(json, net, n);
  json_string(json, "activation", weights_activation(n->activation));
  trace_shape(json, "shape", &image);
  if (n->cols > 0)
    json_unsigned(json, "block", block);
  else
    json_null(json, "block");
  json_end(json);
}

int trace_nodes(const train_trace *t, const char *folder, tool_error *err) {
  char path[TRACE_PATH_BYTES];
  atomic_file file;
  uint32_t blocks = 0;
  if (kfix_net_is_chain(t->net)) return 0;
  (void)snprintf(path, sizeof path, "%s/nodes.json", folder);
  if (atomic_open(&file, path, err) != 0) return -1;
  json_writer json = json_to(file.stream);
  json_array(&json, NULL);
  for (uint32_t i = 0; i < t->net->node_count; i++) {
    blocks += t->net->nodes[i].cols > 0;
    put_node(&json, t->net, i + 1, blocks);
  }
  json_end(&json);
  return atomic_commit(&file, err);
}
