/* SPDX-License-Identifier: Apache-2.0
 * A forward pass on weights of the caller's. */
#include "net/predictor.h"

#include <string.h>

#include "core/arithmetic.h"
#include "core/device.h"
#include "net/kind.h"
#include "net/predictor_plan.h"
#include "net/table_rows.h"

/* A row of what stands at a place, for others to read. */
static size_t row_at(const kfix_net *net, uint32_t place) {
  return KFIX_LD((size_t)kfix_net_units(net, place) + 1);
}

/* Of the places first, first + 2, ... that others read: the longest row; 0: there is none. */
static size_t longest_row(const kfix_net *net, uint32_t first) {
  size_t longest = 0;
  for (uint32_t place = first; place < net->node_count; place += 2)
    if (row_at(net, place) > longest) longest = row_at(net, place);
  return longest;
}

/* Rows of the places before this one. */
static size_t rows_before(const kfix_net *net, uint32_t place) {
  size_t all = 0;
  for (uint32_t i = 0; i < place; i++) all += row_at(net, i);
  return all;
}

/* The regions behind the control block; returns the size of the arena. */
static size_t walk_plan(const kfix_net *net, size_t rows, const kfix_port *port,
                        kfix_region_visit *visit, void *context) {
  kfix_walk here = {visit, context, KFIX_PREDICTOR_BYTES, KFIX_OF_NET, 0, 0, 0, 0};
  kfix_walk *walk = &here;
  const int chain = kfix_net_is_chain(net);
  const size_t even = chain ? longest_row(net, 0) : rows_before(net, net->node_count);
  const size_t odd = chain ? longest_row(net, 1) : 0;
  const size_t port_reals = KFIX_REALS_OF(port->scratch_bytes(0, rows, 1, rows));
  KFIX_REGIONS_PREDICT(KFIX_WALK, rows, even, odd, port_reals)
  return walk->offset;
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
  const size_t most = SIZE_MAX / 8 / KFIX_REAL_BYTES, each = most / (net->node_count + 1);
  for (uint32_t place = 0; place < net->node_count; place++) {
    const size_t units = kfix_net_units(net, place);
    if (units > each - 4 * KFIX_KC || rows > each / (units + 4 * KFIX_KC)) return 0;
  }
  return 1;
}

static kfix_status check_call(const kfix_net *net, size_t rows, const kfix_port *port) {
  if (!net || rows == 0 || !port || !port->is_host) return KFIX_ARGUMENT;
  return kfix_net_is_sound(net) && plan_fits(net, rows) ? KFIX_OK : KFIX_BAD_NET;
}

static kfix_status check_weights(const kfix_net *net, const kfix_real *const *weights) {
  for (uint32_t i = 0; i < net->block_count; i++)
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

/* Where what a place puts out for others stands. */
static kfix_rows rows_at(const kfix_predictor *p, uint32_t place) {
  const kfix_buffer *turns = p->buffer;
  kfix_rows x = {turns[KFIX_PREDICT_EVEN].at[0], row_at(p->net, place)};
  if (turns[KFIX_PREDICT_ODD].count == 0)
    x.at += p->rows * rows_before(p->net, place);
  else if (place % 2)
    x.at = turns[KFIX_PREDICT_ODD].at[0];
  return x;
}

/* Rows [first, first + rows) of the batch. */
static kfix_status load(kfix_predictor *p, const kfix_batch *batch, size_t first, size_t rows) {
  const kfix_rows x = rows_at(p, 0);
  if (batch->fetch(batch->source, first, rows, x.at, x.ld, NULL, 0) != 0) return KFIX_FETCH;
  KFIX_RUN(p, nonfinite, rows, p->net->inputs, x.at, x.ld, &p->bad);
  return KFIX_OK;
}

/* Node by node, the last one into `out`. What others read has a one behind it. */
static kfix_status forward(kfix_predictor *p, size_t rows, kfix_rows out) {
  const kfix_net *net = p->net;
  const kfix_real *const *w = p->weights;
  for (uint32_t place = 1; place <= net->node_count; place++) {
    const kfix_node_spec *n = &net->nodes[place - 1];
    const kfix_rows in = rows_at(p, n->from), other = rows_at(p, n->other);
    const kfix_rows a = place == net->node_count ? out : rows_at(p, place);
    KFIX_RUN(p, fill, rows, 1, 1, in.at + kfix_net_units(net, n->from), in.ld);
    KFIX_TRY(kfix_kind_forms[n->kind]->forward(&p->device, net, n, *w, rows, in, other, a));
    KFIX_RUN(p, activate, kfix_net_activation(net, place), rows, n->units, a.at, a.ld);
    w += n->cols > 0;
  }
  KFIX_RUN(p, predict, net->loss, rows, kfix_net_outputs(net), out.at, out.ld, out.at, out.ld);
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
    KFIX_TRY(forward(p, rows, (kfix_rows){out + first * ldp, ldp}));
  }
  if (!guards_intact(p)) return KFIX_GUARD;
  KFIX_TRY(kfix_arithmetic_still_holds(NULL));
  return p->bad == 0 ? KFIX_OK : KFIX_DATA_NONFINITE;
}
