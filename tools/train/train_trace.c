/* SPDX-License-Identifier: Apache-2.0
 * --trace: which steps, what is listened to, and the folder's place. */
#include "train_trace.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/atomic_file.h"
#include "files/file_bytes.h"

static int is_traced(const train_trace *t, uint64_t step) {
  for (uint32_t i = 0; t->folder != NULL && i < t->count; i++)
    if (t->steps[i] == step) return 1;
  return 0;
}

static void folder_name(const train_trace *t, uint64_t step, const char *before, char *out) {
  (void)snprintf(out, TRACE_PATH_BYTES, "%s/%sstep_%06" PRIu64, t->folder, before, step);
}

int trace_open(train_trace *t, const train_options *o, const kfix_net *net, uint64_t done,
               tool_error *err) {
  *t = (train_trace){.folder = o->trace,
                     .steps = o->trace_at,
                     .count = o->trace_count,
                     .net = net,
                     .settings = &o->settings,
                     .method = o->method};
  if (t->folder == NULL) return 0;
  if (strlen(t->folder) + 64 > TRACE_PATH_BYTES)
    return tool_fail(err, "--trace: the folder's name is too long");
  for (uint32_t i = 0; i < t->count; i++) {
    char path[TRACE_PATH_BYTES];
    folder_name(t, t->steps[i], "", path);
    if (t->steps[i] > done && folder_exists(path))
      return tool_fail(err, "%s: is there already: remove it or name another --trace", path);
  }
  return make_folder(t->folder, err);
}

/* A later attempt of the same step overwrites what an earlier one sampled. */
static void on_targets(void *context, size_t first, size_t rows, const kfix_real *y, size_t ldy) {
  train_trace *t = context;
  const size_t cols = kfix_net_outputs(t->net);
  for (size_t r = 0; r < rows && first + r < t->rows; r++) {
    memcpy(t->sampled + (first + r) * cols, y + r * ldy, cols * sizeof *y);
    if (first + r + 1 > t->sampled_rows) t->sampled_rows = first + r + 1;
  }
}

static void on_direction(void *context, uint32_t layer, size_t row, const kfix_real *delta,
                         size_t cols) {
  train_trace *t = context;
  t->has_direction = 1;
  memcpy(t->direction + trace_parameters(t->net, layer) + row * cols, delta, cols * sizeof *delta);
}

static void on_vector(void *context, const char *name, uint32_t layer, size_t row,
                      const kfix_real *values, size_t cols) {
  train_trace *t = context;
  if (strcmp(name, "moments") == 0)
    trace_moments_take(&t->moments, layer, row, values);
  else
    trace_direction_vector(&t->parts, name, layer, row, values, cols);
}

static void on_number(void *context, const char *name, size_t row, size_t col, double value) {
  train_trace *t = context;
  trace_direction_number(&t->parts, name, row, col, value);
}

/* Columns of its coarse space; 0: it has none. */
static size_t columns_of(const train_trace *t) {
  static const uint32_t two[] = {KFIX_COARSE_KRYLOV_NICOLAIDES, KFIX_COARSE_KRYLOV_RESIDUAL};
  const kfix_choice space = t->settings->coarse_space;
  if (t->method / KFIX_METHOD_STRIDE != KFIX_ALONG_two_level) return 0;
  if (space == KFIX_COARSE_TAYLOR) return (size_t)t->settings->taylor_order * t->net->block_count;
  return (size_t)t->net->block_count * (space == two[0] || space == two[1] ? 2 : 1);
}

static void forget(train_trace *t) {
  trace_direction_end(&t->parts);
  trace_moments_end(&t->moments);
  free(t->sampled);
  free(t->direction);
  t->sampled = t->direction = NULL;
}

int trace_before(train_trace *t, kfix *k, uint64_t step, size_t rows, tool_error *err) {
  if (!is_traced(t, step)) return 0;
  t->rows = rows;
  t->sampled_rows = 0;
  t->has_direction = 0;
  t->sampled = malloc(rows * kfix_net_outputs(t->net) * sizeof *t->sampled);
  t->direction = malloc(trace_parameters(t->net, t->net->block_count + 1) * sizeof *t->direction);
  const int moments = trace_moments_begin(&t->moments, t->net, rows);
  if (t->sampled == NULL || t->direction == NULL || moments != 0) {
    forget(t);
    return tool_fail(err, "no memory for a trace of %zu rows", rows);
  }
  trace_direction_begin(&t->parts, t->net, columns_of(t));
  const int listens = t->parts.n > 0 || kfix_net_has_norms(t->net);
  kfix_observe(k, &(kfix_observer){.targets = on_targets,
                                   .direction = on_direction,
                                   .vector = listens ? on_vector : NULL,
                                   .number = t->parts.n > 0 ? on_number : NULL,
                                   .context = t});
  return 0;
}

/* The folder holds files only. */
static void remove_folder(const char *path) {
  DIR *folder = opendir(path);
  if (folder == NULL) return;
  for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      (void)unlinkat(dirfd(folder), entry->d_name, 0);
  (void)closedir(folder);
  (void)rmdir(path);
}

static int write_folder(const train_trace *t, kfix *k, uint64_t step, const kfix_batch *batch,
                        tool_error *err) {
  char path[TRACE_PATH_BYTES], unfinished[TRACE_PATH_BYTES];
  folder_name(t, step, "", path);
  folder_name(t, step, ".unfinished_", unfinished);
  remove_folder(unfinished);
  if (make_folder(unfinished, err) != 0) return -1;
  int result = trace_batch(t, k, unfinished, batch, err);
  if (result == 0) result = trace_matrices(t, k, unfinished, err);
  if (result == 0) result = trace_direction_save(&t->parts, unfinished, err);
  if (result == 0) result = trace_moments_save(&t->moments, k, unfinished, err);
  if (result == 0) result = trace_scalars(t, k, unfinished, err);
  if (result == 0) result = trace_nodes(t, unfinished, err);
  if (result == 0 && rename(unfinished, path) != 0)
    result = tool_fail(err, "%s: cannot be put there: %s", path, strerror(errno));
  if (result != 0) remove_folder(unfinished);
  return result;
}

int trace_after(train_trace *t, kfix *k, uint64_t step, const kfix_batch *batch, tool_error *err) {
  if (!is_traced(t, step)) return 0;
  kfix_observe(k, NULL);
  const int result = write_folder(t, k, step, batch, err);
  forget(t);
  return result;
}
