/* SPDX-License-Identifier: Apache-2.0
 * Weights from and to other programs. */
#include "train_weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "npz.h"
#include "safetensors.h"

static int is_npz(const char *path) {
  const char *dot = strrchr(path, '.');
  return dot != NULL && strcmp(dot, ".npz") == 0;
}

static size_t layer_reals(const kfix_layer_spec *layer) {
  return (size_t)layer->out * ((size_t)layer->in + 1);
}

/* Cuts the last column, the bias, from w: weight and bias lie one after the other in out. */
static void split_bias(const kfix_layer_spec *layer, const kfix_real *w, kfix_real *out) {
  const size_t in = layer->in;
  kfix_real *bias = out + in * layer->out;
  for (size_t r = 0; r < layer->out; r++) {
    memcpy(out + r * in, w + r * (in + 1), in * sizeof *w);
    bias[r] = w[r * (in + 1) + in];
  }
}

static void join_bias(const kfix_layer_spec *layer, const kfix_real *split, kfix_real *w) {
  const size_t in = layer->in;
  const kfix_real *bias = split + in * layer->out;
  for (size_t r = 0; r < layer->out; r++) {
    memcpy(w + r * (in + 1), split + r * in, in * sizeof *w);
    w[r * (in + 1) + in] = bias[r];
  }
}

/* The two views of layer i (from 0) on its place in `split`. */
static void name_views(tensor_view views[2], const kfix_layer_spec *layer, uint32_t i,
                       const kfix_real *split) {
  char name[64];
  (void)snprintf(name, sizeof name, "layers.%u.weight", (unsigned)i);
  views[0] = tensor_of(name, TENSOR_REAL, layer->out, layer->in, split);
  (void)snprintf(name, sizeof name, "layers.%u.bias", (unsigned)i);
  views[1] =
      tensor_of_vector(name, TENSOR_REAL, layer->out, split + (size_t)layer->in * layer->out);
}

/* Room for all layers, and behind it for the largest. */
static kfix_real *reserve(const kfix_net *net, size_t *all, tool_error *err) {
  size_t largest = 0;
  *all = 0;
  for (uint32_t i = 0; i < net->depth; i++) {
    const size_t count = layer_reals(&net->layers[i]);
    *all += count;
    if (count > largest) largest = count;
  }
  kfix_real *reals = malloc((*all + largest) * sizeof *reals);
  if (reals == NULL) (void)tool_fail(err, "no memory for a copy of the weights");
  return reals;
}

static int collect(const kfix_net *net, kfix *k, kfix_iterate which, tensor_view *views,
                   kfix_real *reals, kfix_real *w, tool_error *err) {
  for (uint32_t i = 0; i < net->depth; i++) {
    const kfix_layer_spec *layer = &net->layers[i];
    const kfix_status status = kfix_get_weights(k, which, i + 1, w);
    if (status != KFIX_OK)
      return tool_fail(err, "weights of layer %u: %s", (unsigned)i + 1, kfix_status_text(status));
    split_bias(layer, w, reals);
    name_views(views + 2 * (size_t)i, layer, i, reals);
    reals += layer_reals(layer);
  }
  return 0;
}

int weights_export(const char *path, const kfix_net *net, kfix *k, kfix_iterate which,
                   tool_error *err) {
  size_t all;
  const size_t count = 2 * (size_t)net->depth;
  kfix_real *reals = reserve(net, &all, err);
  tensor_view *views = calloc(count, sizeof *views);
  int result = -1;
  if (reals != NULL && views != NULL && collect(net, k, which, views, reals, reals + all, err) == 0)
    result = is_npz(path) ? npz_save(path, views, count, err)
                          : safetensors_save(path, views, count, err);
  else if (views == NULL)
    (void)tool_fail(err, "no memory for the list of weights");
  free(views);
  free(reals);
  return result;
}

/* A file of either kind. */
typedef struct weights_file {
  const char *path;
  int npz;
  npz_file zip;
  safetensors_file safe;
} weights_file;

static const tensor_view *find(const weights_file *file, const char *name) {
  return file->npz ? npz_find(&file->zip, name) : safetensors_find(&file->safe, name);
}

/* Of 8 bits and less, weights are quantised: without their scale, kept elsewhere, they are wrong. */
static int check_type(const weights_file *file, const tensor_view *found, tool_error *err) {
  if (found->type != TENSOR_I8 && found->type != TENSOR_U8 && found->type != TENSOR_BOOL) return 0;
  return tool_fail(err, "%s: '%s' holds %s: quantised weights are not read; save them as F32",
                   file->path, found->name, tensor_type_safetensors(found->type));
}

static int read_tensor(const weights_file *file, const tensor_view *wanted, kfix_real *out,
                       tool_error *err) {
  const tensor_view *found = find(file, wanted->name);
  if (found == NULL)
    return tool_fail(err, "%s: has no '%s': name the layers layers.0.weight, layers.0.bias, ...",
                     file->path, wanted->name);
  if (found->trouble.text[0] != '\0') return tool_fail(err, "%s", found->trouble.text);
  size_t count = 1;
  int same = found->dims == wanted->dims;
  for (size_t i = 0; i < wanted->dims; i++) {
    same = same && found->shape[i] == wanted->shape[i];
    count *= wanted->shape[i];
  }
  if (!same)
    return tool_fail(err, "%s: '%s' has another shape than this network's %zu%s%.0zu (out x in)",
                     file->path, wanted->name, wanted->shape[0], wanted->dims == 2 ? " x " : "",
                     wanted->dims == 2 ? wanted->shape[1] : 0);
  if (check_type(file, found, err) != 0) return -1;
  return tensor_read(found, 0, count, out, file->path, err);
}

static int read_layer(const weights_file *file, const kfix_net *net, uint32_t i, kfix *k,
                      kfix_real *split, kfix_real *w, tool_error *err) {
  const kfix_layer_spec *layer = &net->layers[i];
  tensor_view views[2];
  name_views(views, layer, i, split);
  if (read_tensor(file, &views[0], split, err) != 0) return -1;
  if (read_tensor(file, &views[1], split + (size_t)layer->in * layer->out, err) != 0) return -1;
  join_bias(layer, split, w);
  const kfix_status status = kfix_set_weights(k, i + 1, w);
  if (status == KFIX_OK) return 0;
  return tool_fail(err, "%s: layer %u: %s", file->path, (unsigned)i + 1, kfix_status_text(status));
}

/* 1 if it is the weight or bias of a layer from `depth` (counted from 0) on. */
static int is_deeper(const char *name, uint32_t depth) {
  char *end;
  if (strncmp(name, "layers.", 7) != 0 || name[7] < '0' || name[7] > '9') return 0;
  const unsigned long long layer = strtoull(name + 7, &end, 10);
  return layer >= depth && (strcmp(end, ".weight") == 0 || strcmp(end, ".bias") == 0);
}

static int check_depth(const weights_file *file, const kfix_net *net, tool_error *err) {
  const tensor_view *views = file->npz ? file->zip.views : file->safe.views;
  const size_t count = file->npz ? file->zip.count : file->safe.count;
  for (size_t i = 0; i < count; i++)
    if (is_deeper(views[i].name, net->depth))
      return tool_fail(err,
                       "%s: has '%s', but this network has %u layers: build the CONFIG it fits",
                       file->path, views[i].name, (unsigned)net->depth);
  return 0;
}

static int read_layers(const weights_file *file, const kfix_net *net, kfix *k, tool_error *err) {
  size_t all;
  if (check_depth(file, net, err) != 0) return -1;
  kfix_real *reals = reserve(net, &all, err);
  int result = reals == NULL ? -1 : 0;
  for (uint32_t i = 0; i < net->depth && result == 0; i++)
    result = read_layer(file, net, i, k, reals, reals + all, err);
  free(reals);
  return result;
}

int weights_import(const char *path, const kfix_net *net, kfix *k, tool_error *err) {
  weights_file file;
  memset(&file, 0, sizeof file);
  file.path = path;
  file.npz = is_npz(path);
  const int loaded =
      file.npz ? npz_load(path, &file.zip, err) : safetensors_load(path, &file.safe, err);
  const int result = loaded == 0 ? read_layers(&file, net, k, err) : -1;
  if (file.npz)
    npz_free(&file.zip);
  else
    safetensors_free(&file.safe);
  return result;
}
