/* SPDX-License-Identifier: Apache-2.0
 * Moments of normalisations in a trace. */
#include "trace_moments.h"

#include <stdio.h>
#include <stdlib.h>

#include "arrays/npy.h"
#include "trace_direction.h"

int trace_moments_begin(trace_moments *m, const kfix_net *net, size_t rows) {
  const size_t group = kfix_net_group(net);
  *m = (trace_moments){.net = net, .groups = (rows + group - 1) / group};
  for (uint32_t i = 0; i < net->block_count; i++) {
    const size_t count = kfix_net_block(net, i)->moments;
    if (count == 0) continue;
    m->layer[i] = calloc(count * m->groups, sizeof *m->layer[i]);
    if (m->layer[i] == NULL) return -1;
  }
  return 0;
}

void trace_moments_take(trace_moments *m, uint32_t layer, size_t group, const kfix_real *values) {
  const size_t count = kfix_net_block(m->net, layer - 1)->moments;
  for (size_t j = 0; j < count && group < m->groups; j++)
    m->layer[layer - 1][j * m->groups + group] = values[j];
}

/* Rows 0, 2, ... of (channels x 2) x cols are means, the others variances. */
static int save_half(const char *folder, const char *what, uint32_t layer, const kfix_real *all,
                     size_t channels, size_t cols, tool_error *err) {
  kfix_real *half = malloc(channels * cols * sizeof *half);
  char path[TRACE_PATH_BYTES];
  if (half == NULL) return tool_fail(err, "no memory for a trace of %s", what);
  for (size_t c = 0; c < channels; c++)
    for (size_t j = 0; j < cols; j++) half[c * cols + j] = all[2 * c * cols + j];
  (void)snprintf(path, sizeof path, "%s/%s%u.npy", folder, what, (unsigned)layer);
  const tensor_view view = tensor_of(what, TENSOR_REAL, channels, cols, half);
  const int result = npy_save(path, &view, err);
  free(half);
  return result;
}

static int save_moments(const char *folder, const char *const names[2], uint32_t layer,
                        const kfix_real *all, size_t channels, size_t cols, tool_error *err) {
  if (save_half(folder, names[0], layer, all, channels, cols, err) != 0) return -1;
  return save_half(folder, names[1], layer, all + cols, channels, cols, err);
}

static int save_running(kfix *k, const char *folder, uint32_t layer, size_t channels,
                        tool_error *err) {
  static const char *const names[] = {"running_mean", "running_var"};
  kfix_real *running = malloc(2 * channels * sizeof *running);
  if (running == NULL) return tool_fail(err, "no memory for a trace of running moments");
  const kfix_status status = kfix_get_moments(k, layer, running);
  const int result = status == KFIX_OK
                         ? save_moments(folder, names, layer, running, channels, 1, err)
                         : tool_fail(err, "trace of running moments: %s", kfix_status_text(status));
  free(running);
  return result;
}

int trace_moments_save(const trace_moments *m, kfix *k, const char *folder, tool_error *err) {
  static const char *const names[] = {"mean", "var"};
  for (uint32_t i = 0; i < m->net->block_count; i++) {
    const size_t channels = kfix_net_block(m->net, i)->moments / 2;
    if (channels == 0) continue;
    if (save_moments(folder, names, i + 1, m->layer[i], channels, m->groups, err) != 0 ||
        save_running(k, folder, i + 1, channels, err) != 0)
      return -1;
  }
  return 0;
}

void trace_moments_end(trace_moments *m) {
  for (uint32_t i = 0; i < KFIX_BLOCKS_MAX; i++) free(m->layer[i]);
  *m = (trace_moments){0};
}
