/* SPDX-License-Identifier: Apache-2.0
 * Measuring and minimising the quadratic model. */
#include "optim/model.h"

#include <math.h>

#include "core/arithmetic.h"
#include "net/net.h"
#include "optim/schedule.h"

/* S2 is the last rows of the batch; where examples are coupled, from the beginning of a group on. */
static size_t s2_first(const kfix *k, size_t rows) {
  const size_t first = rows - kfix_subset_of(k, rows, k->options.fisher_fraction);
  return kfix_net_has_norms(k->net) ? first - first % kfix_net_group(k->net) : first;
}

static size_t last_chunk(const kfix *k, size_t rows) {
  return (rows - 1) / k->net->chunk * k->net->chunk;
}

int kfix_model_resident(const kfix *k, size_t rows) {
  return s2_first(k, rows) >= last_chunk(k, rows);
}

/* Adds u^T F u ... of rows [first, first + rows) of the chunk that stands in memory. */
static kfix_status add_chunk(kfix *k, size_t first, size_t rows, const kfix_real *u,
                             const kfix_real *v, int tangent_v_ready) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const kfix_rows z = kfix_z(k), w = kfix_mean_rows(k);
  const kfix_rows ju = kfix_outputs(k, &k->own[KFIX_OWN_TANGENT_U]);
  const kfix_rows jv = kfix_outputs(k, &k->own[KFIX_OWN_TANGENT_V]);
  KFIX_TRY(kfix_tangent(k, theta, u, first, rows, ju));
  if (v && !tangent_v_ready) KFIX_TRY(kfix_tangent(k, theta, v, first, rows, jv));
  const size_t outputs = kfix_net_outputs(k->net);
  const kfix_real *at = z.at + first * z.ld;
  kfix_row_blocks blocks;
  /* Where there are weights no product of low rank needs DELTA any more: they go there. */
  KFIX_TRY(kfix_blocks_of(k, first, rows, kfix_delta(k, k->net->node_count).at, &blocks));
  KFIX_RUN(k, fisher, k->net->loss, rows, outputs, at, z.ld, ju.at, ju.ld, v ? jv.at : NULL, jv.ld,
           w.at, w.ld, blocks, kfix_slot_at(k, KFIX_SLOT_FUU));
  KFIX_RUN(k, fisher, k->net->loss, rows, outputs, at, z.ld, at, z.ld, NULL, 0, w.at, w.ld, blocks,
           kfix_slot_at(k, KFIX_SLOT_ZZ));
  return KFIX_OK;
}

static kfix_status add_fisher(kfix *k, const kfix_batch *batch, const kfix_real *u,
                              const kfix_real *v, int tangent_v_ready) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const size_t rows = batch->rows, s2 = s2_first(k, rows), chunk = k->net->chunk;
  if (kfix_model_resident(k, rows)) {
    const size_t first = s2 - last_chunk(k, rows);
    return add_chunk(k, first, rows - s2, u, v, tangent_v_ready);
  }
  for (size_t start = s2 / chunk * chunk; start < rows; start += chunk) {
    const size_t count = kfix_chunk_rows(k, start, rows), skip = start < s2 ? s2 - start : 0;
    KFIX_TRY(kfix_load_rows(k, batch, start, count, 0));
    KFIX_TRY(kfix_forward(k, theta, count));
    KFIX_TRY(add_chunk(k, skip, count - skip, u, v, 0));
  }
  return KFIX_OK;
}

static kfix_status add_dots(kfix *k, const kfix_real *u, const kfix_real *v) {
  KFIX_RUN(k, dots, k->parameters, k->buffer[KFIX_NET_GRADIENT].at[0], u, v,
           kfix_slot_at(k, KFIX_SLOT_GU));
  return KFIX_OK;
}

kfix_status kfix_model_measure(kfix *k, const kfix_batch *batch, const kfix_real *u,
                               const kfix_real *v, int tangent_v_ready, kfix_model *model) {
  double slot[KFIX_SLOT_NET_COUNT];
  KFIX_TRY(kfix_clear_slots(k));
  KFIX_TRY(add_fisher(k, batch, u, v, tangent_v_ready));
  KFIX_TRY(add_dots(k, u, v));
  KFIX_TRY(kfix_read_slots(k, 0, KFIX_SLOT_NET_COUNT, slot));
  k->report.fisher_first = s2_first(k, batch->rows);
  k->report.fisher_rows = batch->rows - k->report.fisher_first;
  const double count = kfix_mass(k, k->report.fisher_first, k->report.fisher_rows);
  if (count == 0) return KFIX_WEIGHTS;
  *model =
      (kfix_model){slot[KFIX_SLOT_FUU] / count,
                   slot[KFIX_SLOT_FUV] / count,
                   slot[KFIX_SLOT_FVV] / count,
                   slot[KFIX_SLOT_UU],
                   slot[KFIX_SLOT_UV],
                   slot[KFIX_SLOT_VV],
                   slot[KFIX_SLOT_GU],
                   slot[KFIX_SLOT_GV],
                   kfix_resolution(k->report.objective, slot[KFIX_SLOT_ZZ] / count, batch->rows)};
  return KFIX_OK;
}

double kfix_resolution(double objective, double zz, size_t rows) {
  const double r = 8 * (double)KFIX_REAL_EPS, z = zz / 2, root = sqrt((double)rows);
  const double outputs = r * (objective + 2 * sqrt(objective * z)) / root + r * r * z;
  return KFIX_REAL_BYTES > 4 ? outputs + (double)KFIX_REAL_EPS * root * objective : outputs;
}

int kfix_model_finite(const kfix_model *m, double damping) {
  const double quu = m->fuu + damping * m->uu, qvv = m->fvv + damping * m->vv;
  const double quv = m->fuv + damping * m->uv;
  return isfinite(quu * qvv) && isfinite(quv * quv) && isfinite(m->gu) && isfinite(m->gv) &&
         isfinite(m->resolution);
}

/* M along u alone; where u is zero, so is the promise. */
static void minimise_along_u(double quu, double gu, kfix_best *best) {
  best->mu = 0;
  best->alpha = quu == 0 && gu == 0 ? 0 : -gu / quu;
  best->change = best->alpha * gu / 2;
}

kfix_status kfix_model_minimise(const kfix_model *m, double damping, int with_v, double objective,
                                kfix_best *best) {
  const double quu = m->fuu + damping * m->uu;
  const double quv = m->fuv + damping * m->uv;
  const double qvv = m->fvv + damping * m->vv;
  const double det = quu * qvv - quv * quv;
  if (!kfix_model_finite(m, damping)) return KFIX_REFUSED;
  /* The entries come from float kernels: a determinant below their rounding says nothing. */
  if (with_v && det > 16 * KFIX_REAL_EPS * quu * qvv) {
    best->alpha = -(qvv * m->gu - quv * m->gv) / det;
    best->mu = -(quu * m->gv - quv * m->gu) / det;
    best->change = (best->alpha * m->gu + best->mu * m->gv) / 2;
  } else {
    minimise_along_u(quu, m->gu, best);
  }
  const int finite = isfinite(best->alpha) && isfinite(best->mu);
  const double all = objective + m->resolution;
  return finite && best->change <= 0 && best->change >= -all ? KFIX_OK : KFIX_REFUSED;
}

int kfix_model_held_down(const kfix_model *m, double lambda, double eta) {
  const double form = m->fuu + eta * m->uu;
  return lambda * m->uu > 3 * form && m->gu * m->gu > 4 * form * m->resolution;
}

double kfix_model_length2(const kfix_model *m, const kfix_best *b) {
  return b->alpha * b->alpha * m->uu + 2 * b->alpha * b->mu * m->uv + b->mu * b->mu * m->vv;
}
