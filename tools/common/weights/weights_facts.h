/* SPDX-License-Identifier: Apache-2.0
 * What an export says about its weights, as text in JSON: README.md has the keys. */
#ifndef KFIX_TOOLS_WEIGHTS_FACTS_H
#define KFIX_TOOLS_WEIGHTS_FACTS_H

#include "arrays/json_writer.h"
#include "data/dataset_facts.h"
#include "files/tool_error.h"
#include "lib/kfix.h"

/* The words of configs. */
const char *weights_activation(kfix_activation activation);
const char *weights_loss(kfix_loss loss);
const char *weights_kind(uint32_t kind);

/* kernel, stride and pad of a node that looks through windows, each [vertical, horizontal]; eps and group, the
 * rows behind its moments in training, of a normalisation; nothing of others. */
void weights_geometry_write(json_writer *json, const kfix_net *net, const kfix_node_spec *node);

/* *text = the facts of weights of this network that were trained on such data; `iterate`: "last" or
 * "average". free() releases it. */
int weights_facts_write(const kfix_net *net, const dataset_facts *facts, const char *iterate,
                        char **text, tool_error *err);

/* What weights_facts_write wrote, for a network that must be the same but for its name; `path` is for
 * messages. facts_free releases *facts, also after failure. Keys that are not known are skipped. */
int weights_facts_read(const char *path, const char *text, const kfix_net *net,
                       dataset_facts *facts, tool_error *err);

#endif
