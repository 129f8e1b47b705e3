/* SPDX-License-Identifier: Apache-2.0
 * A forward pass on weights of the caller's. */
#include "net/predictor.h"

#include <string.h>

#include "core/arithmetic.h"
#include "core/context.h"
#include "net/table_rows.h"

/* The longest row of abar of the layers 0, 2, 4 ... or 1, 3, 5 ...; 0: there is none. */
static size_t longest_row(const kfix_net *net, uint32_t first) {
  size_t longest = 0;
  for (uint32_t i = first; i < net->depth; i += 2) {
    const size_t row = KFIX_LD((size_t)net->layers[i].in + 1);
    if (row > longest) longest = row;
  }
  return longest;
}

static size_t reals_of(size_t bytes) {
  return KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN) / KFIX_REAL_BYTES;
}

#define WALK(id, group, count) \
  kfix_walk_region(&walk, #id, KFIX_GROUP_##group, KFIX_PREDICT_##id, (count));

/* The regions behind the control block; returns the size of the arena. */
static size_t walk_plan(const kfix_net *net, size_t rows, const kfix_port *port,
                        kfix_region_visit *visit, void *context) {
  kfix_walk walk = {visit, context, KFIX_PREDICTOR_BYTES, 0, net->depth};
  KFIX_REGIONS_PREDICT(WALK, rows, longest_row(net, 0), longest_row(net, 1),
                       reals_of(port->scratch_bytes(0, rows, 1, rows)))
  return walk.offset;
}

static void place(void *context, const kfix_region *region) {
  kfix_predictor *p = context;
  kfix_buffer *b = &p->buffer[region->id];
  b->at[0] = (kfix_real *)(void *)((unsigned char *)(void *)p + region->offset);
  b->count = region->count;
  b->group = region->group;
  memset(b->at[0], 0, b->count * sizeof(kfix_real));
  kfix_guard_write(b);
}

/* Sizes are computed in size_t: the regions of a net that is refused here might not fit. */
static int plan_fits(const kfix_net *net, size_t rows) {
  const size_t most = SIZE_MAX / 8 / KFIX_REAL_BYTES;
  for (uint32_t i = 0; i < net->depth; i++)
    if (net->layers[i].in > most - 4 * KFIX_KC ||
        rows > most / ((size_t)net->layers[i].in + 4 * KFIX_KC))
      return 0;
  return 1;
}

static kfix_status check_call(const kfix_net *net, size_t rows, const kfix_port *port) {
  if (!net || rows == 0 || !port || !port->is_host) return KFIX_ARGUMENT;
  return kfix_net_is_sound(net) && plan_fits(net, rows) ? KFIX_OK : KFIX_BAD_NET;
}

static kfix_status check_weights(const kfix_net *net, const kfix_real *const *weights) {
  for (uint32_t i = 0; i < net->depth; i++)
    if (!weights[i]) return KFIX_ARGUMENT;
  return KFIX_OK;
}

size_t kfix_predictor_bytes(const kfix_net *net, size_t rows, const kfix_port *port) {
  return check_call(net, rows, port) == KFIX_OK ? walk_plan(net, rows, port, NULL, NULL) : 0;
}

kfix_status kfix_predictor_create_as(size_t enum_bytes, size_t net_bytes, kfix_predictor **out,
                                     const kfix_net *net, size_t rows,
                                     const kfix_real *const *weights, const kfix_port *port,
                                     void *arena, size_t bytes, size_t *needed) {
  if (!out) return KFIX_ARGUMENT;
  *out = NULL;
  if (enum_bytes != sizeof(kfix_status)) return KFIX_ABI_ENUMS;
  if (net_bytes != sizeof(kfix_net)) return KFIX_ABI_STRUCTS;
  if (!weights || !arena) return KFIX_ARGUMENT;
  KFIX_TRY(kfix_arithmetic_holds(NULL));
  KFIX_TRY(check_call(net, rows, port));
  KFIX_TRY(check_weights(net, weights));
  const size_t size = walk_plan(net, rows, port, NULL, NULL);
  if (needed) *needed = size;
  if ((uintptr_t)arena % KFIX_ALIGN) return KFIX_ARENA_ALIGN;
  if (bytes < size) return KFIX_ARENA_SMALL;
  KFIX_TRY(port->available());
  kfix_predictor *p = arena;
  memset(p, 0, sizeof *p);
  p->net = net;
  p->weights = weights;
  p->rows = rows;
  walk_plan(net, rows, port, place, p);
  const kfix_buffer *scratch = &p->buffer[KFIX_PREDICT_PORT];
  p->device =
      (kfix_device){port, NULL, scratch->at[0], scratch->count * sizeof(kfix_real), 1, NULL};
  *out = p;
  return KFIX_OK;
}

/* Rows [first, first + rows) of the batch into abar of the first layer. */
static kfix_status load(kfix_predictor *p, const kfix_batch *batch, size_t first, size_t rows) {
  kfix_real *x = p->buffer[KFIX_PREDICT_EVEN].at[0];
  const size_t in = kfix_net_inputs(p->net), ld = KFIX_LD(in + 1);
  if (batch->fetch(batch->source, first, rows, x, ld, NULL, 0) != 0) return KFIX_FETCH;
  KFIX_RUN(p, nonfinite, rows, in, x, ld, &p->bad);
  return KFIX_OK;
}

/* Layer by layer, each from one buffer into the other, the last one into `out`. */
static kfix_status forward(kfix_predictor *p, size_t rows, kfix_real *out, size_t ldp) {
  const uint32_t depth = p->net->depth;
  for (uint32_t i = 0; i < depth; i++) {
    const kfix_layer_spec *l = &p->net->layers[i];
    const size_t cols = (size_t)l->in + 1, ld = KFIX_LD(cols);
    const int last = i + 1 == depth;
    kfix_real *x = p->buffer[KFIX_PREDICT_EVEN + i % 2].at[0];
    kfix_real *a = last ? out : p->buffer[KFIX_PREDICT_EVEN + (i + 1) % 2].at[0];
    const size_t lda = last ? ldp : KFIX_LD((size_t)l->out + 1);
    KFIX_RUN(p, fill, rows, 1, 1, x + l->in, ld);
    KFIX_RUN(p, gemm, KFIX_N, KFIX_T, rows, l->out, cols, 1, x, ld, p->weights[i], cols, 0, a, lda);
    KFIX_RUN(p, activate, kfix_net_activation(p->net, i), rows, l->out, a, lda);
  }
  KFIX_RUN(p, predict, p->net->loss, rows, kfix_net_outputs(p->net), out, ldp, out, ldp);
  return KFIX_OK;
}

static int guards_intact(const kfix_predictor *p) {
  int intact = 1;
  for (int i = 0; i < KFIX_PREDICT_REGION_COUNT; i++)
    intact = intact && kfix_guard_intact(&p->buffer[i]);
  return intact;
}

kfix_status kfix_predictor_run(kfix_predictor *p, const kfix_batch *batch, kfix_real *out,
                               size_t ldp) {
  if (!p || !batch || !batch->fetch || batch->rows == 0 || !out || ldp < kfix_net_outputs(p->net) ||
      !kfix_table_is_suited(p->net, batch, 0))
    return KFIX_ARGUMENT;
  KFIX_TRY(kfix_arithmetic_still_holds(NULL));
  p->bad = 0;
  for (size_t first = 0; first < batch->rows; first += p->rows) {
    const size_t rows = kfix_smaller(p->rows, batch->rows - first);
    KFIX_TRY(load(p, batch, first, rows));
    KFIX_TRY(forward(p, rows, out + first * ldp, ldp));
  }
  if (!guards_intact(p)) return KFIX_GUARD;
  KFIX_TRY(kfix_arithmetic_still_holds(NULL));
  return p->bad == 0 ? KFIX_OK : KFIX_DATA_NONFINITE;
}
