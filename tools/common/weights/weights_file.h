/* SPDX-License-Identifier: Apache-2.0
 * Weights in .safetensors or .npz, by the name of the file.
 *
 * Layer i (from 0) is layers.i.weight, out x in, and layers.i.bias, out: what a PyTorch module whose
 * `layers` is a Sequential or ModuleList of Linear layers alone calls them. Metadata are text in JSON
 * (weights_facts.h): under "kfix" in the __metadata__ of .safetensors, in .npz an array of bytes. */
#ifndef KFIX_TOOLS_WEIGHTS_FILE_H
#define KFIX_TOOLS_WEIGHTS_FILE_H

#include "arrays/npz.h"
#include "arrays/safetensors.h"
#include "lib/kfix.h"

/* The array of a .npz. */
#define WEIGHTS_METADATA "metadata"

typedef struct weights_file {
  const char *path;
  int npz;
  npz_file zip;
  safetensors_file safe;
  const char *text; /* the metadata, or NULL */
  char *bytes;
} weights_file;

/* Release with weights_close, also after failure. Refused: a layer more than the network has. */
int weights_open(weights_file *file, const char *path, const kfix_net *net, tool_error *err);
void weights_close(weights_file *file);

/* Reals of layer i (from 0), weight and bias. */
size_t weights_reals(const kfix_net *net, uint32_t layer);

/* w = layer i, out x (in + 1), the bias in the last column. The layer must be there with its shape;
 * values must be finite, floating-point numbers or integers of 16 bits and more. */
int weights_read(const weights_file *file, const kfix_net *net, uint32_t layer, kfix_real *w,
                 tool_error *err);

/* layers[i]: layer i as above. */
int weights_save(const char *path, const kfix_net *net, kfix_real *const *layers,
                 const char *metadata, tool_error *err);

#endif
