/* SPDX-License-Identifier: Apache-2.0
 * Weights in .safetensors or .npz, by the name of the file.
 *
 * Layer i (from 0) is layers.i.weight, out x in, or out x in x kernel rows x kernel columns of a convolution,
 * and layers.i.bias, out, where it has one; of a normalisation layers.i.weight, .bias, .running_mean and
 * .running_var, of so many channels, and .num_batches_tracked: what a PyTorch module whose `layers` is a ModuleList
 * of Linear, Conv2d and BatchNorm layers alone calls them, in the order in which it keeps them (weights_layout.h).
 * Metadata are text in JSON (weights_facts.h): under "kfix" in the __metadata__ of .safetensors, in .npz an array of bytes. */
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

/* Reals of layer i (from 0): its W, and behind that of a normalisation its running moments. */
size_t weights_reals(const kfix_net *net, uint32_t layer);

/* w = layer i as the network has it: rows of W x columns, the bias in the last; of a normalisation its moments
 * behind. The layer must be there with its shape, with a bias if W has one and only then; values must be finite,
 * floating-point numbers or integers of 16 bits and more, variances not below zero. */
int weights_read(const weights_file *file, const kfix_net *net, uint32_t layer, kfix_real *w,
                 tool_error *err);

/* layers[i]: layer i as above. steps: behind the running moments. */
int weights_save(const char *path, const kfix_net *net, kfix_real *const *layers, uint64_t steps,
                 const char *metadata, tool_error *err);

#endif
