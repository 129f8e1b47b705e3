/* SPDX-License-Identifier: Apache-2.0
 * Steps at which statistics and refreshes are due, and the sizes of S1 and S2. */
#include "optim/schedule.h"

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "direction/direction.h"
#include "net/net.h"

int kfix_refresh_scheduled(const kfix *k, uint64_t step) {
  return step <= 3 || step % k->options.inverse_every == 0;
}

int kfix_refresh_due(const kfix *k) {
  return kfix_refresh_scheduled(k, k->now.step + 1) || k->next.stale;
}

size_t kfix_subset_of(const kfix *k, size_t rows, double fraction) {
  const double wanted = fraction * (double)rows;
  size_t part = (size_t)wanted;
  if ((double)part < wanted) part++;
  if (part < k->options.subset_rows) part = k->options.subset_rows;
  if (kfix_net_has_norms(k->net)) part = KFIX_ROUND_UP(part, (size_t)kfix_net_group(k->net));
  return part < rows ? part : rows;
}

static size_t statistics_rows(const kfix *k, size_t rows) {
  const size_t part = kfix_subset_of(k, rows, k->options.stats_fraction);
  return k->method->curvature->at_once ? kfix_smaller(part, kfix_net_stats_rows(k->net)) : part;
}

/* What the phase and the report say of statistics that are taken in. */
static kfix_status begin_statistics(kfix *k, size_t rows) {
  const double fading = 1 - 1 / ((double)k->now.stats_count + 1);
  kfix_phase *p = &k->phase;
  p->decay = fading < k->options.decay ? fading : k->options.decay;
  p->rows = statistics_rows(k, rows);
  p->mass = kfix_mass(k, 0, p->rows);
  k->report.decay = p->decay;
  k->report.stats_rows = p->rows;
  k->report.stats_refreshed = 1;
  k->next.stats_count = k->now.stats_count + 1;
  return p->mass > 0 ? KFIX_OK : KFIX_WEIGHTS;
}

/* The first rows of the batch, behind the direction's own F. */
static size_t direction_rows(const kfix *k, size_t rows) {
  const kfix_direction *d = k->method->direction;
  if (!d) return 0;
  const size_t part = kfix_subset_of(k, rows, k->options.direction_fraction);
  return d->hold ? kfix_smaller(part, kfix_net_stats_rows(k->net)) : part;
}

kfix_status kfix_begin_phase(kfix *k, const kfix_batch *batch, int fresh) {
  k->phase = (kfix_phase){.fresh = fresh,
                          .due = k->method->direction && kfix_refresh_due(k),
                          .step = k->now.step + 1,
                          .weighted = k->weights != NULL,
                          .gamma = k->next.gamma,
                          .damping = k->next.lambda + k->options.weight_decay,
                          .direction_rows = direction_rows(k, batch->rows)};
  return fresh ? begin_statistics(k, batch->rows) : KFIX_OK;
}

kfix_phase kfix_phase_with(const kfix *k, double gamma) {
  kfix_phase phase = k->phase;
  phase.gamma = gamma;
  return phase;
}
