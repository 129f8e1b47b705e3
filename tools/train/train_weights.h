/* SPDX-License-Identifier: Apache-2.0
 * Weights, and moments of normalisations, from and to other programs: .safetensors or .npz, by the name of the file
 * (tools/common/weights/weights_file.h). */
#ifndef KFIX_TOOLS_TRAIN_WEIGHTS_H
#define KFIX_TOOLS_TRAIN_WEIGHTS_H

#include "data/dataset_facts.h"
#include "files/tool_error.h"
#include "lib/kfix.h"

static inline const char *iterate_name(kfix_iterate which) {
  return which == KFIX_ITERATE ? "last" : "average";
}

/* After so many steps, with what `facts` say of the data, for kfix-predict and others. */
int weights_export(const char *path, const kfix_net *net, kfix *k, kfix_iterate which,
                   uint64_t steps, const dataset_facts *facts, tool_error *err);

/* Every layer must be there with its shape, and no layer more; other arrays are ignored. Values must
 * be finite, floating-point numbers or integers of 16 bits and more. On failure the layers before
 * the one at fault are set. */
int weights_import(const char *path, const kfix_net *net, kfix *k, tool_error *err);

#endif
