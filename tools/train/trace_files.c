/* SPDX-License-Identifier: Apache-2.0
 * The .npy files of one traced step. */
#include "trace_files.h"

#include <stdlib.h>
#include <string.h>

#include "arrays/npy.h"

static int save(const char *folder, const char *name, tensor_type type, size_t rows, size_t cols,
                const void *data, tool_error *err) {
  char path[TRACE_PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%s.npy", folder, name);
  const tensor_view view = tensor_of(name, type, rows, cols, data);
  return npy_save(path, &view, err);
}

/* Whether a block's parameters belong to one channel each (lib/net/summed.h). */
static int is_summed(const kfix_node_spec *n) {
  return n->kind == KFIX_KIND_norm || n->kind == KFIX_KIND_depthwise;
}

/* What has the shape of such a W is channels x numbers of each: of a normalisation (scale, shift). */
static void take_shape(const kfix_node_spec *n, size_t *rows, size_t *cols) {
  if (!is_summed(n) || *rows != kfix_node_rows(n) || *cols != n->cols) return;
  *cols = kfix_node_each(n);
  *rows /= *cols;
}

/* "W_after" of layer 2 is W2_after, "A_cross" is A_cross2. */
static void file_name(char *out, size_t room, const char *view, uint32_t layer) {
  static const char after[] = "_after";
  const size_t length = strlen(view), tail = sizeof after - 1;
  const int is_after = length > tail && strcmp(view + length - tail, after) == 0;
  (void)snprintf(out, room, "%.*s%u%s", (int)(is_after ? length - tail : length), view,
                 (unsigned)layer, is_after ? after : "");
}

/* The library's G of a convolution is the sum over its positions; that of a trace is the mean, without the
 * factor T. Of pairs there is one for each example, as of blocks whose parameters belong to a channel each. */
static void take_factor(const train_trace *t, const char *view, uint32_t layer, kfix_real *reals,
                        size_t count) {
  const kfix_node_spec *n = kfix_net_block(t->net, layer - 1);
  const uint32_t positions = is_summed(n) ? 1 : kfix_node_positions(n);
  if (strcmp(view, "G") != 0 || t->settings->conv == KFIX_CONV_REDUCE || positions == 1) return;
  for (size_t i = 0; i < count; i++) reals[i] /= (kfix_real)positions;
}

static int save_view(const train_trace *t, kfix *k, const char *folder, const char *view,
                     uint32_t layer, tool_error *err) {
  size_t rows = 0, cols = 0;
  char name[64];
  /* A name that the method does not have is left out. */
  if (kfix_view(k, view, layer, NULL, 0, &rows, &cols) != KFIX_OK) return 0;
  kfix_real *reals = malloc(rows * cols * sizeof *reals);
  if (reals == NULL) return tool_fail(err, "no memory for a trace of %s", view);
  const kfix_status status = kfix_view(k, view, layer, reals, rows * cols, &rows, &cols);
  file_name(name, sizeof name, view, layer);
  take_factor(t, view, layer, reals, rows * cols);
  take_shape(kfix_net_block(t->net, layer - 1), &rows, &cols);
  const int result = status == KFIX_OK
                         ? save(folder, name, TENSOR_REAL, rows, cols, reals, err)
                         : tool_fail(err, "trace of %s: %s", name, kfix_status_text(status));
  free(reals);
  return result;
}

static int save_direction(const train_trace *t, const char *folder, uint32_t layer,
                          tool_error *err) {
  char name[32];
  const kfix_node_spec *n = kfix_net_block(t->net, layer - 1);
  size_t rows = kfix_node_rows(n), cols = n->cols;
  (void)snprintf(name, sizeof name, "delta%u", (unsigned)layer);
  take_shape(n, &rows, &cols);
  return save(folder, name, TENSOR_REAL, rows, cols, t->direction + trace_parameters(t->net, layer),
              err);
}

int trace_matrices(const train_trace *t, kfix *k, const char *folder, tool_error *err) {
  static const char *const common[] = {"W", "W_after", "grad", "update", "prev_update"};
  const uint32_t shared = sizeof common / sizeof common[0];
  for (uint32_t layer = 1; layer <= t->net->block_count; layer++) {
    if (t->has_direction && save_direction(t, folder, layer, err) != 0) return -1;
    for (uint32_t i = 0; i < shared; i++)
      if (save_view(t, k, folder, common[i], layer, err) != 0) return -1;
    for (uint32_t i = 0; kfix_view_name(k, i) != NULL; i++)
      if (save_view(t, k, folder, kfix_view_name(k, i), layer, err) != 0) return -1;
  }
  return 0;
}

/* int64 indices first, first + 1, ... */
static int save_rows(const char *folder, const char *name, size_t first, size_t rows,
                     tool_error *err) {
  int64_t *index = malloc((rows + 1) * sizeof *index);
  if (index == NULL) return tool_fail(err, "no memory for %s", name);
  for (size_t i = 0; i < rows; i++) index[i] = (int64_t)(first + i);
  char path[TRACE_PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%s.npy", folder, name);
  const tensor_view view = tensor_of_vector(name, TENSOR_I64, rows, index);
  const int result = npy_save(path, &view, err);
  free(index);
  return result;
}

static int save_subsets(const train_trace *t, kfix *k, const char *folder, tool_error *err) {
  const kfix_report *r = kfix_last_report(k);
  const size_t stats = r->stats_refreshed ? r->stats_rows : 0, out = kfix_net_outputs(t->net);
  const size_t shown = t->sampled_rows < stats ? t->sampled_rows : stats;
  if (save_rows(folder, "rows_stats", 0, stats, err) != 0) return -1;
  if (save_rows(folder, "rows_fisher", r->fisher_first, r->fisher_rows, err) != 0) return -1;
  if (r->made.rows > 0 && save_rows(folder, "rows_direction", 0, r->made.rows, err) != 0) return -1;
  if (t->sampled_rows > 0 && t->sampled_rows >= r->made.rows && r->made.rows > 0 &&
      save(folder, "y_direction", TENSOR_REAL, r->made.rows, out, t->sampled, err) != 0)
    return -1;
  if (shown == 0) return 0;
  return save(folder, "y_sampled", TENSOR_REAL, shown, out, t->sampled, err);
}

int trace_batch(const train_trace *t, kfix *k, const char *folder, const kfix_batch *batch,
                tool_error *err) {
  const size_t in = t->net->inputs, out = kfix_net_outputs(t->net), rows = batch->rows;
  kfix_real *x = malloc(rows * (in + out) * sizeof *x);
  if (x == NULL) return tool_fail(err, "no memory for a trace of %zu rows", rows);
  kfix_real *y = x + rows * in;
  int result = batch->fetch(batch->source, 0, rows, x, in, y, out) == 0
                   ? 0
                   : tool_fail(err, "trace: %s", kfix_status_text(KFIX_FETCH));
  if (result == 0) result = save(folder, "x", TENSOR_REAL, rows, in, x, err);
  if (result == 0) result = save(folder, "y", TENSOR_REAL, rows, out, y, err);
  free(x);
  return result == 0 ? save_subsets(t, k, folder, err) : -1;
}
