/* SPDX-License-Identifier: Apache-2.0
 * Initial weights, row by row on the host. */
#include <string.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "core/random.h"
#include "net/norm.h"
#include "net/residual.h"

enum { SPARSE_CONNECTIONS = 15 };

static double sparse_deviation(kfix_activation f, uint32_t connections) {
  if (f == KFIX_RELU) return sqrt(2.0 / connections);
  if (f == KFIX_LINEAR) return sqrt(1.0 / connections);
  return 1;
}

/* Positions and values come from two streams of the same purpose: steps 0 and 1. */
static void sparse_row(kfix_draw_key key, uint32_t row, uint32_t in, kfix_activation activation,
                       kfix_real *w) {
  const uint32_t n = in < SPARSE_CONNECTIONS ? in : SPARSE_CONNECTIONS;
  uint32_t where[SPARSE_CONNECTIONS];
  kfix_real value[SPARSE_CONNECTIONS];
  kfix_choose(&key, row, in, n, where);
  key.step = 1;
  kfix_fill_normal(&key, row, n, (kfix_real)sparse_deviation(activation, n), value);
  memset(w, 0, in * sizeof *w);
  for (uint32_t j = 0; j < n; j++) w[where[j]] = value[j];
}

void kfix_initial_row(const kfix *k, uint32_t node, uint32_t row, kfix_real *w) {
  const kfix_node_spec *spec = k->node[node].spec;
  const kfix_draw_key key = {k->options.seed, KFIX_DRAW_WEIGHTS, 0, k->node[node].block};
  const kfix_windows g = kfix_net_windows(k->net, spec);
  const int sees_windows = kfix_node_has_windows(spec);
  const uint32_t count = sees_windows ? (uint32_t)kfix_patch_reals(&g) : spec->cols - 1;
  /* Of a convolution, too, the numbers that one reads, and those that read one. */
  const double in = count, area = sees_windows ? (double)kfix_window_area(&g) : 1;
  const double out = area * kfix_node_rows(spec);
  switch ((kfix_init_kind)k->options.init) {
    case KFIX_INIT_SPARSE:
      sparse_row(key, row, count, spec->activation, w);
      break;
    case KFIX_INIT_GLOROT:
      kfix_fill_uniform(&key, row, count, (kfix_real)sqrt(6 / (in + out)), w);
      break;
    case KFIX_INIT_HE:
      kfix_fill_normal(&key, row, count, (kfix_real)sqrt(2 / in), w);
      break;
    case KFIX_INIT_RESIDUAL:
      kfix_fill_normal(&key, row, count, (kfix_real)sqrt(kfix_residual_gain(k->net, node) / in), w);
      break;
  }
  if (count < spec->cols) w[count] = 0;
}

static kfix_status initialise_block(kfix *k, const kfix_block *b, kfix_real *theta) {
  const kfix_kind_info *kind = kfix_kind_infos[k->node[b->node].spec->kind];
  kfix_real *row = k->buffer[KFIX_NET_ROW].at[0];
  for (uint32_t r = 0; r < b->out; r++) {
    kind->initialise(k, b->node, r, row);
    KFIX_RUN(k, upload, theta + b->w + (size_t)r * b->cols, row, b->cols * sizeof *row);
  }
  return KFIX_OK;
}

kfix_status kfix_initialise(kfix *k) {
  kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(initialise_block(k, &k->block[i], theta));
  if (kfix_net_has_norms(k->net)) KFIX_TRY(kfix_initialise_running(k));
  KFIX_RUN(k, axpby, k->parameters, 1, theta, 0, NULL,
           kfix_current(k, &k->buffer[KFIX_NET_AVERAGE]));
  return KFIX_OK;
}
