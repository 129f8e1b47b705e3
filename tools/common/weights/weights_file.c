/* SPDX-License-Identifier: Apache-2.0
 * Weights in files. */
#include "weights_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weights_layout.h"

static int is_npz(const char *path) {
  const char *dot = strrchr(path, '.');
  return dot != NULL && strcmp(dot, ".npz") == 0;
}

size_t weights_reals(const kfix_net *net, uint32_t layer) {
  const weights_layout l = weights_layout_of(net, layer);
  return weights_layout_reals(&l);
}

/* ---- writing ---- */

static int save_views(const char *path, tensor_view *views, size_t count, const char *metadata,
                      tool_error *err) {
  if (!is_npz(path)) return safetensors_save(path, views, count, metadata, err);
  if (metadata != NULL)
    views[count++] = tensor_of_vector(WEIGHTS_METADATA, TENSOR_U8, strlen(metadata), metadata);
  return npz_save(path, views, count, err);
}

/* PyTorch counts batches beside each normalisation's moments. Eight bytes each, so first: all arrays stand at
 * multiples of their elements. How many. */
static size_t count_batches(const kfix_net *net, const int64_t *batches, tensor_view *views) {
  size_t count = 0;
  for (uint32_t i = 0; i < net->block_count; i++) {
    char name[64];
    if (kfix_net_block(net, i)->moments == 0) continue;
    (void)snprintf(name, sizeof name, "layers.%u.num_batches_tracked", (unsigned)i);
    views[count] = tensor_of_vector(name, TENSOR_I64, 1, batches);
    views[count++].dims = 0;
  }
  return count;
}

/* All layers as in a file, one behind the other in `reals`; how many views. */
static size_t split_all(const kfix_net *net, kfix_real *const *layers, kfix_real *reals,
                        tensor_view *views) {
  size_t count = 0;
  for (uint32_t i = 0; i < net->block_count; i++) {
    const weights_layout l = weights_layout_of(net, i);
    weights_split(&l, layers[i], reals);
    count += weights_views(&l, i, reals, views + count);
    reals += weights_layout_reals(&l);
  }
  return count;
}

int weights_save(const char *path, const kfix_net *net, kfix_real *const *layers, uint64_t steps,
                 const char *metadata, tool_error *err) {
  const int64_t batches = (int64_t)steps;
  size_t all = 0, most = (WEIGHTS_VIEWS_MAX + 1) * (size_t)net->block_count + 1;
  for (uint32_t i = 0; i < net->block_count; i++) all += weights_reals(net, i);
  kfix_real *reals = malloc(all * sizeof *reals);
  tensor_view *views = calloc(most, sizeof *views);
  int answer = -1;
  if (reals == NULL || views == NULL) {
    (void)tool_fail(err, "no memory for a copy of the weights");
  } else {
    size_t count = count_batches(net, &batches, views);
    count += split_all(net, layers, reals, views + count);
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

/* A shape in words, and what it is of. */
static void shape_words(const tensor_view *view, char *words, size_t room) {
  static const char *const of[] = {"", " (out)", " (out x in)", "",
                                   " (out x in x kernel rows x kernel columns)"};
  int used = 0;
  for (size_t i = 0; i < view->dims; i++)
    used +=
        snprintf(words + used, room - (size_t)used, "%s%zu", i > 0 ? " x " : "", view->shape[i]);
  (void)snprintf(words + used, room - (size_t)used, "%s", of[view->dims]);
}

static int check_shape(const weights_file *file, const tensor_view *found,
                       const tensor_view *wanted, tool_error *err) {
  char words[160];
  int same = found->dims == wanted->dims;
  for (size_t i = 0; same && i < wanted->dims; i++) same = found->shape[i] == wanted->shape[i];
  if (same) return 0;
  shape_words(wanted, words, sizeof words);
  return tool_fail(err, "%s: '%s' has another shape than this network's %s", file->path,
                   wanted->name, words);
}

static int read_tensor(const weights_file *file, const tensor_view *wanted, kfix_real *out,
                       tool_error *err) {
  const tensor_view *found = find(file, wanted->name);
  if (found == NULL)
    return tool_fail(err, "%s: has no '%s': name the layers layers.0.weight, layers.0.bias, ...",
                     file->path, wanted->name);
  if (found->trouble.text[0] != '\0') return tool_fail(err, "%s", found->trouble.text);
  if (check_shape(file, found, wanted, err) != 0 || check_type(file, found, err) != 0) return -1;
  size_t count, bytes;
  (void)tensor_size(wanted, &count, &bytes);
  return tensor_read(found, 0, count, out, file->path, err);
}

/* A bias that the layer has no place for would be lost. */
static int check_bias(const weights_file *file, const weights_layout *l, uint32_t i,
                      tool_error *err) {
  char name[64];
  (void)snprintf(name, sizeof name, "layers.%u.bias", (unsigned)i);
  if (l->bias || find(file, name) == NULL) return 0;
  return tool_fail(err, "%s: has '%s', but this network's layer has none: build the CONFIG it fits",
                   file->path, name);
}

/* Of a normalisation: behind scales, shifts and means. */
static int check_variances(const weights_file *file, const weights_layout *l, uint32_t i,
                           const kfix_real *split, tool_error *err) {
  for (size_t c = 3 * l->out; l->is_norm && c < 4 * l->out; c++)
    if (split[c] < 0)
      return tool_fail(err, "%s: 'layers.%u.running_var' holds %g: no variance is below zero",
                       file->path, (unsigned)i, (double)split[c]);
  return 0;
}

int weights_read(const weights_file *file, const kfix_net *net, uint32_t i, kfix_real *w,
                 tool_error *err) {
  const weights_layout l = weights_layout_of(net, i);
  tensor_view views[WEIGHTS_VIEWS_MAX];
  kfix_real *split = calloc(weights_layout_reals(&l), sizeof *split), *to = split;
  if (split == NULL) return tool_fail(err, "no memory for a copy of the weights");
  const size_t count = weights_views(&l, i, split, views);
  int answer = check_bias(file, &l, i, err);
  for (size_t v = 0; v < count && answer == 0; v++) {
    answer = read_tensor(file, &views[v], to, err);
    to += v == 0 ? l.out * l.in : l.out;
  }
  if (answer == 0) answer = check_variances(file, &l, i, split, err);
  if (answer == 0) weights_join(&l, split, w);
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
