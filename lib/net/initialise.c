/* SPDX-License-Identifier: Apache-2.0
 * Initial weights, row by row on the host. */
#include <string.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "core/random.h"
#include "net/net.h"

enum { SPARSE_CONNECTIONS = 15 };

static double sparse_deviation(kfix_activation f, uint32_t connections) {
  if (f == KFIX_RELU) return sqrt(2.0 / connections);
  if (f == KFIX_LINEAR) return sqrt(1.0 / connections);
  return 1;
}

/* Positions and values come from two streams of the same purpose: steps 0 and 1. */
static void sparse_row(kfix_draw_key key, uint32_t row, const kfix_layer_spec *spec, kfix_real *w) {
  const uint32_t n = spec->in < SPARSE_CONNECTIONS ? spec->in : SPARSE_CONNECTIONS;
  uint32_t where[SPARSE_CONNECTIONS];
  kfix_real value[SPARSE_CONNECTIONS];
  kfix_choose(&key, row, spec->in, n, where);
  key.step = 1;
  kfix_fill_normal(&key, row, n, (kfix_real)sparse_deviation(spec->activation, n), value);
  memset(w, 0, spec->in * sizeof *w);
  for (uint32_t j = 0; j < n; j++) w[where[j]] = value[j];
}

static void initial_row(const kfix *k, uint32_t layer, uint32_t row, kfix_real *w) {
  const kfix_layer_spec *spec = &k->net->layers[layer];
  const kfix_draw_key key = {k->options.seed, KFIX_DRAW_WEIGHTS, 0, layer};
  const double in = spec->in, out = spec->out;
  switch ((kfix_init_kind)k->options.init) {
    case KFIX_INIT_SPARSE:
      sparse_row(key, row, spec, w);
      break;
    case KFIX_INIT_GLOROT:
      kfix_fill_uniform(&key, row, spec->in, (kfix_real)sqrt(6 / (in + out)), w);
      break;
    case KFIX_INIT_HE:
      kfix_fill_normal(&key, row, spec->in, (kfix_real)sqrt(2 / in), w);
      break;
  }
  w[spec->in] = 0;
}

kfix_status kfix_initialise(kfix *k) {
  kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  kfix_real *row = k->buffer[KFIX_NET_ROW].at[0];
  for (uint32_t i = 0; i < k->net->depth; i++) {
    const kfix_layer *l = &k->layer[i];
    const size_t cols = (size_t)l->in + 1;
    for (uint32_t r = 0; r < l->out; r++) {
      initial_row(k, i, r, row);
      KFIX_RUN(k, upload, theta + l->w + r * cols, row, cols * sizeof *row);
    }
  }
  KFIX_RUN(k, axpby, k->parameters, 1, theta, 0, NULL,
           kfix_current(k, &k->buffer[KFIX_NET_AVERAGE]));
  return KFIX_OK;
}
