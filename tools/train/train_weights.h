/* SPDX-License-Identifier: Apache-2.0
 * Weights from and to other programs: .safetensors or .npz, by the name of the file.
 *
 * Layer i (from 1) is layers.(i-1).weight, out x in, and layers.(i-1).bias, out: what a PyTorch
 * module whose `layers` is a Sequential or ModuleList of Linear layers alone calls them. */
#ifndef KFIX_TOOLS_TRAIN_WEIGHTS_H
#define KFIX_TOOLS_TRAIN_WEIGHTS_H

#include "lib/kfix.h"
#include "tool_error.h"

int weights_export(const char *path, const kfix_net *net, kfix *k, kfix_iterate which,
                   tool_error *err);

/* Every layer must be there with its shape, and no layer more; other arrays are ignored. Values must
 * be finite, floating-point numbers or integers of 16 bits and more. On failure the layers before
 * the one at fault are set. */
int weights_import(const char *path, const kfix_net *net, kfix *k, tool_error *err);

#endif
