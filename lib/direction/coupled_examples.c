/* SPDX-License-Identifier: Apache-2.0
 * Products with the Jacobian by passes through the whole net. */
#include "direction/coupled_examples.h"

#include "core/arithmetic.h"
#include "net/visit.h"

static const kfix_real *theta_of(const kfix *k) {
  return kfix_current(k, &k->buffer[KFIX_NET_THETA]);
}

/* ---- chunk by chunk ---- */

static kfix_status each_chunk(kfix *k, const kfix_examples_of_f *f, kfix_on_coupled *what,
                              const void *arg) {
  for (size_t first = 0, rows; first < f->rows; first += rows) {
    rows = kfix_smaller(k->net->chunk, f->rows - first);
    if (k->chunk_first != first) KFIX_TRY(kfix_stand_chunk(k, theta_of(k), f->batch, first));
    KFIX_TRY(what(k, first, rows, arg));
  }
  k->deltas_stand = 0;
  return KFIX_OK;
}

/* dL/dz at the targets behind F, into DELTA of the last node. */
static kfix_status put_scores(kfix *k, size_t first, size_t rows) {
  const size_t outputs = kfix_net_outputs(k->net);
  const kfix_rows z = kfix_z(k), g = kfix_delta(k, k->net->node_count);
  kfix_rows y = kfix_targets(k);
  if (k->options.fisher == KFIX_FISHER_TRUE) KFIX_TRY(kfix_sample_targets(k, first, rows, &y));
  KFIX_RUN(k, residual, k->net->loss, rows, outputs, z.at, z.ld, y.at, y.ld, g.at, g.ld);
  if (!k->weights) return KFIX_OK;
  KFIX_TRY(kfix_put_weights(k, 0, rows, KFIX_WEIGH_BY_ROOT));
  return kfix_scale_rows(k, rows, outputs, g, g);
}

typedef struct scored {
  kfix_on_coupled *then;
  const void *arg;
} scored;

static kfix_status score(kfix *k, size_t first, size_t rows, const void *arg) {
  const scored *s = arg;
  KFIX_TRY(put_scores(k, first, rows));
  return s->then(k, first, rows, s->arg);
}

kfix_status kfix_each_coupled(kfix *k, const kfix_examples_of_f *f, kfix_on_coupled *what,
                              const void *arg) {
  const scored s = {what, arg};
  return each_chunk(k, f, score, &s);
}

/* ---- products ---- */

kfix_status kfix_coupled_dots(kfix *k, uint32_t place, const kfix_real *v, size_t rows,
                              kfix_real *out, size_t inc) {
  const kfix_rows g = kfix_delta(k, k->net->node_count);
  const kfix_rows jv = kfix_outputs(k, &k->own[KFIX_OWN_TANGENT_U]);
  KFIX_TRY(kfix_tangent_from(k, place, theta_of(k), v, 0, rows, jv));
  KFIX_RUN(k, row_dots, rows, kfix_net_outputs(k->net), g.at, g.ld, jv.at, jv.ld, 0, out, inc);
  return KFIX_OK;
}

/* What each example counts, and where it goes. */
typedef struct product {
  const kfix_real *c;
  kfix_adding to;
} product;

static kfix_status add_chunk(kfix *k, size_t first, size_t rows, const void *arg) {
  const product *p = arg;
  const kfix_visitor visitor = {kfix_add_slice, &p->to, KFIX_HAND_STANDING};
  const kfix_rows g = kfix_delta(k, k->net->node_count);
  KFIX_RUN(k, scale_rows, rows, kfix_net_outputs(k->net), p->c + first, g.at, g.ld, g.at, g.ld);
  return kfix_backward_from(k, theta_of(k), rows, KFIX_WEIGH_NOT, 0, &visitor);
}

kfix_status kfix_add_coupled(kfix *k, const kfix_examples_of_f *f, const kfix_real *c, double alpha,
                             kfix_real *v) {
  const product p = {c, {alpha, v}};
  return kfix_each_coupled(k, f, add_chunk, &p);
}

/* ---- for whoever watches ---- */

static kfix_status show_chunk(kfix *k, size_t first, size_t rows, const void *arg) {
  const kfix_visitor *nobody = arg;
  return kfix_visit_chunk(k, theta_of(k), first, rows, KFIX_WEIGH_BY_ROOT, 1, nobody);
}

kfix_status kfix_show_coupled(kfix *k, const kfix_examples_of_f *f) {
  static const kfix_visitor nobody;
  return k->watch->targets ? each_chunk(k, f, show_chunk, &nobody) : KFIX_OK;
}
