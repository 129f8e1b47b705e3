/* SPDX-License-Identifier: Apache-2.0
 * Facts about weights, written. */
#define _POSIX_C_SOURCE 200809L
#include "weights_facts.h"

#include <stdlib.h>

#include "weights_layout.h"

const char *weights_activation(kfix_activation activation) {
  static const char *const words[] = {"linear", "relu", "sigmoid", "tanh", "softmax"};
  return words[activation];
}

const char *weights_loss(kfix_loss loss) {
  static const char *const words[] = {"mse", "bernoulli", "categorical"};
  return words[loss];
}

const char *weights_kind(uint32_t kind) {
#define KIND_WORD(kind) #kind,
  static const char *const words[] = {KFIX_KIND_LIST(KIND_WORD)};
  return words[kind];
}

static void write_words(json_writer *json, const char *key, const word_list *words, size_t first,
                        size_t count) {
  if (words->count < first + count) count = 0;
  if (count == 0) {
    json_null(json, key);
    return;
  }
  json_array(json, key);
  for (size_t i = 0; i < count; i++) json_string(json, NULL, words->word[first + i]);
  json_end(json);
}

static void write_numbers(json_writer *json, const char *key, const double *x, size_t count) {
  if (x == NULL) {
    json_null(json, key);
    return;
  }
  json_array(json, key);
  for (size_t i = 0; i < count; i++) json_double(json, NULL, x[i]);
  json_end(json);
}

static void write_layers(json_writer *json, const kfix_net *net) {
  json_array(json, "layers");
  for (uint32_t i = 0; i < net->block_count; i++) {
    json_object(json, NULL);
    const kfix_node_spec *n = kfix_net_block(net, i);
    const weights_layout l = weights_layout_of(net, i);
    json_unsigned(json, "inputs", l.is_norm ? l.out : l.in);
    json_unsigned(json, "outputs", l.out);
    json_string(json, "activation", weights_activation(n->activation));
    json_end(json);
  }
  json_end(json);
}

static void write_pair(json_writer *json, const char *key, const uint32_t pair[2]) {
  json_array(json, key);
  json_unsigned(json, NULL, pair[0]);
  json_unsigned(json, NULL, pair[1]);
  json_end(json);
}

void weights_geometry_write(json_writer *json, const kfix_net *net, const kfix_node_spec *n) {
  if (n->moments) {
    json_double(json, "eps", KFIX_NORM_EPS);
    json_unsigned(json, "group", net->group);
    return;
  }
  if (n->kernel[0] == 0) return;
  write_pair(json, "kernel", n->kernel);
  write_pair(json, "stride", n->stride);
  write_pair(json, "pad", n->pad);
}

static void write_nodes(json_writer *json, const kfix_net *net) {
  uint32_t layer = 0;
  json_array(json, "nodes");
  for (uint32_t i = 0; i < net->node_count; i++) {
    const kfix_node_spec *n = &net->nodes[i];
    json_object(json, NULL);
    json_string(json, "name", n->name);
    json_string(json, "kind", weights_kind(n->kind));
    json_array(json, "reads");
    json_string(json, NULL, kfix_net_place_name(net, n->from));
    if (n->reads > 1) json_string(json, NULL, kfix_net_place_name(net, n->other));
    json_end(json);
    weights_geometry_write(json, net, n);
    json_string(json, "activation", weights_activation(n->activation));
    if (n->cols > 0)
      json_unsigned(json, "layer", layer++);
    else
      json_null(json, "layer");
    json_end(json);
  }
  json_end(json);
}

/* How a row of the data is an image, or null. */
static void write_shape(json_writer *json, const kfix_image *image) {
  if (image->height * image->width <= 1) {
    json_null(json, "shape");
    return;
  }
  json_array(json, "shape");
  json_unsigned(json, NULL, image->height);
  json_unsigned(json, NULL, image->width);
  json_unsigned(json, NULL, image->channels);
  json_end(json);
}

static void write_input(json_writer *json, const kfix_net *net, const dataset_facts *facts) {
  const int moved = facts_move_inputs(facts);
  const size_t count = facts->channels > 0 ? facts->channels : facts->inputs;
  json_object(json, "input");
  write_shape(json, &net->image);
  write_words(json, "names", &facts->names, 0, facts->inputs);
  json_bool(json, "pixels", facts->pixels);
  if (facts->channels > 0) json_unsigned(json, "channels", facts->channels);
  write_numbers(json, "mean", moved ? facts->mean : NULL, count);
  write_numbers(json, "scale", moved ? facts->scale : NULL, count);
  json_end(json);
}

static void write_target(json_writer *json, const kfix_net *net, const dataset_facts *facts) {
  static const char *const kinds[] = {"input", "values", "class"};
  const int moved = facts_move_target(facts);
  json_object(json, "target");
  json_string(json, "kind", kinds[net->target]);
  write_words(json, "names", &facts->names, facts->inputs, 1);
  write_numbers(json, "mean", moved ? facts->mean + facts->inputs : NULL, 1);
  write_numbers(json, "scale", moved ? facts->scale + facts->inputs : NULL, 1);
  write_words(json, "classes", &facts->classes, 0, facts->classes.count);
  json_end(json);
}

int weights_facts_write(const kfix_net *net, const dataset_facts *facts, const char *iterate,
                        char **text, tool_error *err) {
  size_t length;
  FILE *stream = open_memstream(text, &length);
  if (stream == NULL) return tool_fail(err, "no memory for the metadata of the weights");
  json_writer json = json_to(stream);
  json_object(&json, NULL);
  json_string(&json, "kfix", KFIX_VERSION);
  json_string(&json, "config", net->name);
  json_string(&json, "real", KFIX_REAL_NAME);
  json_string(&json, "iterate", iterate);
  json_string(&json, "loss", weights_loss(net->loss));
  write_layers(&json, net);
  if (!kfix_net_is_chain(net)) write_nodes(&json, net);
  write_input(&json, net, facts);
  write_target(&json, net, facts);
  json_string(&json, "validation", facts->validation);
  json_end(&json);
  const int failed = ferror(stream) | fclose(stream);
  if (!failed) return 0;
  free(*text);
  return tool_fail(err, "no memory for the metadata of the weights");
}
