/* SPDX-License-Identifier: Apache-2.0
 * Facts about weights, read. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "weights_facts.h"
#include "weights_facts_text.h"

static void read_input_names(facts_text *t) {
  if (t->facts->names.count > 0) t->json.bad = 1;
  facts_read_words(t, &t->facts->names);
}
static void read_pixels(facts_text *t) {
  t->facts->pixels = json_accept_word(&t->json, "true");
  if (!t->facts->pixels && !json_accept_word(&t->json, "false")) t->json.bad = 1;
}
/* Stands before the numbers, of which there is then one for each channel. */
static void read_channels(facts_text *t) {
  const size_t channels = json_read_count(&t->json);
  if (channels == 0 || channels > t->facts->inputs || t->facts->inputs % channels != 0)
    t->json.bad = 1;
  else
    t->facts->channels = channels;
}
static void read_inputs(facts_text *t, double *to) {
  const size_t channels = t->facts->channels;
  facts_read_numbers(t, to, channels > 0 ? channels : t->facts->inputs);
  for (size_t j = channels; channels > 0 && j < t->facts->inputs; j++) to[j] = to[j - channels];
}
static void read_input_mean(facts_text *t) {
  read_inputs(t, t->facts->mean);
}
static void read_input_scale(facts_text *t) {
  read_inputs(t, t->facts->scale);
}
static void read_target_mean(facts_text *t) {
  facts_read_numbers(t, t->facts->mean + t->facts->inputs, 1);
}
static void read_target_scale(facts_text *t) {
  facts_read_numbers(t, t->facts->scale + t->facts->inputs, 1);
}
static void read_classes(facts_text *t) {
  if (t->facts->classes.count > 0) t->json.bad = 1;
  facts_read_words(t, &t->facts->classes);
}

static void read_input_shape(facts_text *t) {
  const kfix_image *image = &t->net->image;
  const uint32_t wanted[] = {image->height, image->width, image->channels};
  const int none = image->height * image->width <= 1;
  if (json_accept_word(&t->json, "null") != none)
    t->other = 1;
  else if (!none)
    facts_read_these(t, wanted, 3);
}

static void read_input(facts_text *t) {
  static const facts_field fields[] = {{"shape", read_input_shape}, {"names", read_input_names},
                                       {"pixels", read_pixels},     {"channels", read_channels},
                                       {"mean", read_input_mean},   {"scale", read_input_scale}};
  facts_read_object(t, fields, sizeof fields / sizeof fields[0]);
}

/* The target's name stands behind those of the inputs. */
static void read_target(facts_text *t) {
  static const facts_field fields[] = {{"names", read_input_names},
                                       {"mean", read_target_mean},
                                       {"scale", read_target_scale},
                                       {"classes", read_classes}};
  const word_list inputs = t->facts->names;
  t->facts->names = (word_list){NULL, 0, 0};
  facts_read_object(t, fields, sizeof fields / sizeof fields[0]);
  word_list target = t->facts->names;
  t->facts->names = inputs;
  if (target.count == 1 && inputs.count == t->facts->inputs &&
      words_add(&t->facts->names, target.word[0], strlen(target.word[0])) != 0)
    t->no_memory = 1;
  words_free(&target);
}

static void read_loss(facts_text *t) {
  if (!facts_read_word(t, weights_loss(t->net->loss))) t->other = 1;
}

static void read_validation(facts_text *t) {
  if (json_accept_word(&t->json, "null")) return;
  (void)facts_read_word(t, "");
  free(t->facts->validation);
  t->facts->validation = strdup(t->word);
  if (t->facts->validation == NULL) t->no_memory = 1;
}

/* Shapes are those of the arrays, which are compared on their own. */
static void read_layers(facts_text *t) {
  uint32_t layer = 0;
  json_expect(&t->json, '[');
  do {
    json_expect(&t->json, '{');
    do {
      const int activation = facts_read_word(t, "activation");
      json_expect(&t->json, ':');
      if (!activation)
        json_skip(&t->json, FACTS_NESTED_MAX);
      else if (layer >= t->net->block_count ||
               !facts_read_word(t, weights_activation(kfix_net_block(t->net, layer)->activation)))
        t->other = 1;
    } while (!t->other && json_accept(&t->json, ','));
    if (t->other) return;
    json_expect(&t->json, '}');
    layer++;
  } while (json_accept(&t->json, ','));
  json_expect(&t->json, ']');
}

/* ---- nodes: those of the network, whatever their names ---- */

static void add_place(facts_text *t, const char *name, size_t length) {
  if (words_add(&t->places, name, length) != 0) t->no_memory = 1;
}

static void read_node_name(facts_text *t) {
  const size_t length = json_read_string(&t->json, t->word);
  if (t->places.count != (size_t)t->node + 1) t->json.bad = 1;
  add_place(t, t->word, length);
}
static void read_kind(facts_text *t) {
  if (!facts_read_word(t, weights_kind(t->net->nodes[t->node].kind))) t->other = 1;
}
static void read_activation(facts_text *t) {
  if (!facts_read_word(t, weights_activation(t->net->nodes[t->node].activation))) t->other = 1;
}
static void read_reads(facts_text *t) {
  const kfix_node_spec *n = &t->net->nodes[t->node];
  const uint16_t wanted[] = {n->from, n->other};
  uint32_t count = 0;
  json_expect(&t->json, '[');
  do {
    const size_t length = json_read_string(&t->json, t->word);
    if (count == n->reads || words_find(&t->places, t->word, length) != wanted[count++])
      t->other = 1;
  } while (!t->other && json_accept(&t->json, ','));
  json_expect(&t->json, ']');
  if (count != n->reads) t->other = 1;
}
static void read_layer(facts_text *t) {
  const int none = t->net->nodes[t->node].cols == 0;
  if (json_accept_word(&t->json, "null") != none ||
      (!none && json_read_count(&t->json) != t->layer++))
    t->other = 1;
}

static void read_kernel(facts_text *t) {
  facts_read_these(t, t->net->nodes[t->node].kernel, 2);
}
static void read_stride(facts_text *t) {
  facts_read_these(t, t->net->nodes[t->node].stride, 2);
}
static void read_pad(facts_text *t) {
  facts_read_these(t, t->net->nodes[t->node].pad, 2);
}

/* Of a normalisation; its group is a matter of training alone. */
static void read_eps(facts_text *t) {
  if (json_read_double(&t->json) != KFIX_NORM_EPS) t->other = 1;
}

static void read_nodes(facts_text *t) {
  static const facts_field fields[] = {{"name", read_node_name}, {"kernel", read_kernel},
                                       {"stride", read_stride},  {"pad", read_pad},
                                       {"eps", read_eps},        {"kind", read_kind},
                                       {"reads", read_reads},    {"activation", read_activation},
                                       {"layer", read_layer}};
  t->node = t->layer = 0;
  words_free(&t->places);
  add_place(t, "input", 5);
  json_expect(&t->json, '[');
  do {
    if (t->node == t->net->node_count) t->other = 1;
    if (t->other || t->no_memory) return;
    facts_read_object(t, fields, sizeof fields / sizeof fields[0]);
    t->node++;
  } while (json_accept(&t->json, ','));
  json_expect(&t->json, ']');
}

/* Weights of a chain say nothing of nodes. */
static int has_its_nodes(const facts_text *t) {
  return t->node == t->net->node_count || (t->node == 0 && kfix_net_is_chain(t->net));
}

static int check(const facts_text *t) {
  const size_t classes = t->facts->classes.count, names = t->facts->names.count;
  const size_t outputs = kfix_net_outputs(t->net);
  if (t->no_memory) return tool_fail(t->err, "%s: no memory for its metadata", t->path);
  if (t->other)
    return tool_fail(t->err,
                     "%s: its metadata tell of a network with another loss, other activations or "
                     "other nodes: build the CONFIG that it was trained with",
                     t->path);
  if (t->json.bad || (names > 0 && names != t->facts->inputs && names != t->facts->inputs + 1) ||
      (classes > 0 && classes > (outputs == 1 ? 2 : outputs)))
    return tool_fail(t->err, "%s: its metadata cannot be read: export the weights again", t->path);
  return 0;
}

int weights_facts_read(const char *path, const char *text, const kfix_net *net,
                       dataset_facts *facts, tool_error *err) {
  static const facts_field fields[] = {{"loss", read_loss},     {"layers", read_layers},
                                       {"nodes", read_nodes},   {"input", read_input},
                                       {"target", read_target}, {"validation", read_validation}};
  const size_t length = strlen(text);
  memset(facts, 0, sizeof *facts);
  facts_text t = {.json = {text, text + length, 0},
                  .word = malloc(length + 1),
                  .path = path,
                  .net = net,
                  .facts = facts,
                  .err = err};
  t.no_memory = t.word == NULL || facts_reserve(facts, net->inputs) != 0;
  if (!t.no_memory) facts_read_object(&t, fields, sizeof fields / sizeof fields[0]);
  if (!t.no_memory && !t.other && !json_at_end(&t.json)) t.json.bad = 1;
  if (!t.json.bad && !has_its_nodes(&t)) t.other = 1;
  words_free(&t.places);
  free(t.word);
  return check(&t);
}
