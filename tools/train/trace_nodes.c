/* SPDX-License-Identifier: Apache-2.0
 * nodes.json of a traced step: the graph behind its matrices. */
#include "arrays/json_writer.h"
#include "files/atomic_file.h"
#include "trace_files.h"
#include "weights/weights_facts.h"

static void put_inputs(json_writer *json, const kfix_net *net, const kfix_node_spec *n) {
  json_array(json, "inputs");
  json_string(json, NULL, kfix_net_place_name(net, n->from));
  if (n->reads > 1) json_string(json, NULL, kfix_net_place_name(net, n->other));
  json_end(json);
}

static void put_geometry(json_writer *json, const kfix_node_spec *n) {
  json_object(json, "geometry");
  if (n->kind == KFIX_KIND_dense) json_unsigned(json, "units", n->units);
  json_end(json);
}

static void put_shape(json_writer *json, const kfix_node_spec *n) {
  json_object(json, "shape");
  json_unsigned(json, "height", 1);
  json_unsigned(json, "width", 1);
  json_unsigned(json, "channels", n->units);
  json_end(json);
}

/* block: from 1. */
static void put_node(json_writer *json, const kfix_net *net, const kfix_node_spec *n,
                     uint32_t block) {
  json_object(json, NULL);
  json_string(json, "name", n->name);
  json_string(json, "kind", weights_kind(n->kind));
  put_inputs(json, net, n);
  put_geometry(json, n);
  json_string(json, "activation", weights_activation(n->activation));
  put_shape(json, n);
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
    put_node(&json, t->net, &t->net->nodes[i], blocks);
  }
  json_end(&json);
  return atomic_commit(&file, err);
}
