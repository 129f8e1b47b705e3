/* SPDX-License-Identifier: Apache-2.0
 * Weights in files. */
#include "weights_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_npz(const char *path) {
  const char *dot = strrchr(path, '.');
  return dot != NULL && strcmp(dot, ".npz") == 0;
}

size_t weights_reals(const kfix_net *net, uint32_t layer) {
  const kfix_node_spec *n = kfix_net_block(net, layer);
  return (size_t)kfix_node_rows(n) * n->cols;
}

/* Cuts the last column, the bias, from w: weight and bias lie one after the other in out. */
static void split_bias(const kfix_node_spec *layer, const kfix_real *w, kfix_real *out) {
  const size_t in = layer->cols - 1;
  kfix_real *bias = out + in * kfix_node_rows(layer);
  for (size_t r = 0; r < kfix_node_rows(layer); r++) {
    memcpy(out + r * in, w + r * (in + 1), in * sizeof *w);
    bias[r] = w[r * (in + 1) + in];
  }
}

static void join_bias(const kfix_node_spec *layer, const kfix_real *split, kfix_real *w) {
  const size_t in = layer->cols - 1;
  const kfix_real *bias = split + in * kfix_node_rows(layer);
  for (size_t r = 0; r < kfix_node_rows(layer); r++) {
    memcpy(w + r * (in + 1), split + r * in, in * sizeof *w);
    w[r * (in + 1) + in] = bias[r];
  }
}

/* The two views of layer i (from 0) on its place in `split`. */
static void name_views(tensor_view views[2], const kfix_node_spec *layer, uint32_t i,
                       const kfix_real *split) {
  char name[64];
  (void)snprintf(name, sizeof name, "layers.%u.weight", (unsigned)i);
  views[0] = tensor_of(name, TENSOR_REAL, kfix_node_rows(layer), layer->cols - 1, split);
  (void)snprintf(name, sizeof name, "layers.%u.bias", (unsigned)i);
  views[1] = tensor_of_vector(name, TENSOR_REAL, kfix_node_rows(layer),
                              split + (size_t)(layer->cols - 1) * kfix_node_rows(layer));
}

/* ---- writing ---- */

static int save_views(const char *path, tensor_view *views, size_t count, const char *metadata,
                      tool_error *err) {
  if (!is_npz(path)) return safetensors_save(path, views, count, metadata, err);
  if (metadata != NULL)
    views[count++] = tensor_of_vector(WEIGHTS_METADATA, TENSOR_U8, strlen(metadata), metadata);
  return npz_save(path, views, count, err);
}

int weights_save(const char *path, const kfix_net *net, kfix_real *const *layers,
                 const char *metadata, tool_error *err) {
  const size_t count = 2 * (size_t)net->block_count;
  size_t all = 0;
  for (uint32_t i = 0; i < net->block_count; i++) all += weights_reals(net, i);
  kfix_real *reals = malloc(all * sizeof *reals), *at = reals;
  tensor_view *views = calloc(count + 1, sizeof *views);
  int answer = -1;
  if (reals == NULL || views == NULL) {
    (void)tool_fail(err, "no memory for a copy of the weights");
  } else {
    for (uint32_t i = 0; i < net->block_count; at += weights_reals(net, i++)) {
      split_bias(kfix_net_block(net, i), layers[i], at);
      name_views(views + 2 * (size_t)i, kfix_net_block(net, i), i, at);
    }
    answer = save_views(path, views, count, metadata, err);
  }
  free(views);
  free(reals);
  return answer;
}

/* ---- reading ---- */

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

int weights_read(const weights_file *file, const kfix_net *net, uint32_t i, kfix_real *w,
                 tool_error *err) {
  const kfix_node_spec *layer = kfix_net_block(net, i);
  tensor_view views[2];
  kfix_real *split = calloc(weights_reals(net, i), sizeof *split);
  if (split == NULL) return tool_fail(err, "no memory for a copy of the weights");
  name_views(views, layer, i, split);
  int answer = read_tensor(file, &views[0], split, err);
  if (answer == 0)
    answer = read_tensor(file, &views[1], split + (size_t)(layer->cols - 1) * kfix_node_rows(layer),
                         err);
  if (answer == 0) join_bias(layer, split, w);
  free(split);
  return answer;
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
    if (is_deeper(views[i].name, net->block_count))
      return tool_fail(err,
                       "%s: has '%s', but this network has %u layers: build the CONFIG it fits",
                       file->path, views[i].name, (unsigned)net->block_count);
  return 0;
}

/* The metadata of a .npz, as a string; another array of that name is none. */
static int take_bytes(weights_file *file, tool_error *err) {
  const tensor_view *found = npz_find(&file->zip, WEIGHTS_METADATA);
  if (found == NULL || found->trouble.text[0] != '\0' || found->type != TENSOR_U8 ||
      found->dims != 1)
    return 0;
  file->bytes = malloc(found->shape[0] + 1);
  if (file->bytes == NULL) return tool_fail(err, "%s: no memory for its metadata", file->path);
  memcpy(file->bytes, found->data, found->shape[0]);
  file->bytes[found->shape[0]] = '\0';
  file->text = file->bytes;
  return 0;
}

int weights_open(weights_file *file, const char *path, const kfix_net *net, tool_error *err) {
  memset(file, 0, sizeof *file);
  file->path = path;
  file->npz = is_npz(path);
  const int loaded =
      file->npz ? npz_load(path, &file->zip, err) : safetensors_load(path, &file->safe, err);
  if (loaded != 0 || check_depth(file, net, err) != 0) return -1;
  if (file->npz) return take_bytes(file, err);
  file->text = file->safe.metadata;
  return 0;
}

void weights_close(weights_file *file) {
  if (file->npz)
    npz_free(&file->zip);
  else
    safetensors_free(&file->safe);
  free(file->bytes);
  memset(file, 0, sizeof *file);
}
