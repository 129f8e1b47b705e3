/* SPDX-License-Identifier: Apache-2.0
 * Visits of examples with the targets of the Fisher matrix. */
#include "net/visit.h"

#include "core/arithmetic.h"

size_t kfix_subset_in(const kfix *k, size_t first, size_t rows) {
  return first < k->phase.rows ? kfix_smaller(k->phase.rows - first, rows) : 0;
}

/* The observer looks at host memory: rows of a device come down one by one. */
static kfix_status show_targets(kfix *k, size_t first, size_t rows, kfix_rows y) {
  kfix_real *row = k->buffer[KFIX_NET_ROW].at[0];
  const size_t bytes = kfix_net_outputs(k->net) * sizeof *row;
  const kfix_observer *o = k->watch;
  if (k->device.port->is_host) o->targets(o->context, first, rows, y.at, y.ld);
  for (size_t r = 0; r < rows && !k->device.port->is_host; r++) {
    KFIX_RUN(k, download, row, y.at + r * y.ld, bytes);
    o->targets(o->context, first + r, 1, row, y.ld);
  }
  return KFIX_OK;
}

/* The chunk in memory begins `rows` rows later, or (back) earlier. DELTA is used from its beginning all
 * the same. */
static void shift_chunk(kfix *k, size_t rows, int back) {
  for (uint32_t place = 0; place <= k->net->node_count; place++) {
    kfix_rows *out = &k->node[place].out;
    out->at = back ? out->at - rows * out->ld : out->at + rows * out->ld;
  }
  k->chunk_first = back ? k->chunk_first - rows : k->chunk_first + rows;
}

static kfix_status visit_outputs(kfix *k, const kfix_real *theta, size_t rows, kfix_weighing how,
                                 const kfix_visitor *visitor) {
  const kfix_rows z = kfix_z(k), g = kfix_delta(k, k->net->node_count);
  const size_t outputs = kfix_net_outputs(k->net);
  for (size_t j = 0; j < outputs; j++) {
    KFIX_RUN(k, fisher_root, k->net->loss, rows, outputs, j, z.at, z.ld, g.at, g.ld);
    KFIX_TRY(kfix_backward_from(k, theta, rows, how, j > 0, visitor));
  }
  return KFIX_OK;
}

static kfix_status visit_expectation(kfix *k, const kfix_real *theta, size_t rows,
                                     kfix_weighing how, const kfix_visitor *visitor) {
  kfix_status status = KFIX_OK;
  size_t done = 0;
  while (done < rows && status == KFIX_OK) {
    const size_t step = kfix_smaller(rows - done, k->net->row_block);
    status = visit_outputs(k, theta, step, how, visitor);
    shift_chunk(k, step, 0);
    done += step;
  }
  shift_chunk(k, done, 1);
  return status;
}

kfix_status kfix_visit_chunk(kfix *k, const kfix_real *theta, size_t first, size_t rows,
                             kfix_weighing how, int observed, const kfix_visitor *visitor) {
  kfix_rows y = kfix_targets(k);
  if (KFIX_HAS_FISHER_EXACT && k->options.fisher == KFIX_FISHER_EXACT)
    return visit_expectation(k, theta, rows, how, visitor);
  if (k->options.fisher == KFIX_FISHER_TRUE) {
    KFIX_TRY(kfix_sample_targets(k, first, rows, &y));
    if (k->watch->targets && observed) KFIX_TRY(show_targets(k, first, rows, y));
  }
  return kfix_backward(k, theta, rows, y, how, visitor);
}

kfix_status kfix_each_slice(kfix *k, const kfix_slice *all, const kfix_visitor *visitor) {
  const kfix_node *n = &k->node[k->block[all->block].node];
  return kfix_kind_infos[n->spec->kind]->each_slice(k, all, visitor);
}

kfix_status kfix_stand_chunk(kfix *k, const kfix_real *theta, const kfix_batch *batch,
                             size_t first) {
  const size_t rows = kfix_chunk_rows(k, first, batch->rows);
  KFIX_TRY(kfix_load_rows(k, batch, first, rows, 1));
  return kfix_forward(k, theta, rows);
}

kfix_status kfix_visit_subset(kfix *k, const kfix_batch *batch, const kfix_visitor *visitor) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const size_t chunk = k->net->chunk;
  const int resident = batch->rows <= chunk;
  for (size_t first = 0; first < k->phase.rows; first += chunk) {
    if (!resident) KFIX_TRY(kfix_stand_chunk(k, theta, batch, first));
    KFIX_TRY(kfix_visit_chunk(k, theta, first, kfix_subset_in(k, first, chunk), KFIX_WEIGH_BY_ROOT,
                              0, visitor));
  }
  return resident ? KFIX_OK : kfix_stand_chunk(k, theta, batch, (batch->rows - 1) / chunk * chunk);
}
