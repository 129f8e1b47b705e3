/* SPDX-License-Identifier: Apache-2.0
 * two-level: the block-wise direction and its correction in a coarse space, which brings back interactions
 * of the blocks [2L 3]. */
#include <math.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "direction/along_plan.h"
#include "direction/coarse.h"
#include "direction/coupled_examples.h"
#include "direction/show.h"

/* A column whose squared distance from the span of the others is below this part of its square is taken for
 * a combination of them: n eps is what rounding in kfix_real makes of F_coarse. */
static double least_pivot(size_t n) {
  return 16 * (double)n * (double)KFIX_REAL_EPS;
}

/* What the space does not ask for is zero: a spare copy that nobody writes would bring back what a damaged
 * image left there. */
static kfix_status clear_block(kfix *k, const kfix_block *b) {
  for (int id = KFIX_EXAMPLE_COUNT; id < KFIX_COARSE_BLOCK_COUNT; id++) {
    const kfix_buffer *own = &b->along[id];
    KFIX_RUN(k, fill, 1, own->count, 0, kfix_spare(k, own), own->count);
  }
  return KFIX_OK;
}

static kfix_status refresh(kfix *k, const kfix_batch *batch, const kfix_phase *phase) {
  const kfix_choice space = k->options.coarse_space;
  KFIX_TRY(kfix_block_refresh(k, batch, phase));
  if (phase->again) return KFIX_OK;
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(clear_block(k, &k->block[i]));
  if (space == KFIX_COARSE_SPECTRAL) return kfix_spectral_refresh(k);
  return space == KFIX_COARSE_TKO ? kfix_tko_refresh(k) : KFIX_OK;
}

/* Delta -= R0^T beta, as zeta = -Delta. */
static kfix_status correct(kfix *k, const kfix_coarse *w, const double *beta, kfix_real *delta) {
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    for (uint32_t j = 0; j < w->columns; j++)
      KFIX_RUN(k, axpby, KFIX_W_COUNT(b->cols, b->out), (kfix_real)-beta[(size_t)j * k->depth + i],
               kfix_coarse_column(k, j) + b->w, 1, delta + b->w, delta + b->w);
  }
  return KFIX_OK;
}

static kfix_status show(kfix *k, const kfix_coarse *w, const kfix_coarse_system *s,
                        const kfix_real *delta) {
  static const char *const names[] = {"V0", "V1", "V2", "V3", "V4", "V5", "V6", "V7"};
  for (uint32_t j = 0; j < w->columns; j++)
    KFIX_TRY(kfix_show_vector(k, names[j], kfix_coarse_column(k, j), 1));
  kfix_show_symmetric(k, "F_coarse", s->n, s->used);
  kfix_show_row(k, "beta", s->n, s->beta);
  return kfix_show_vector(k, "zeta", delta, -1);
}

static kfix_status make(kfix *k, const kfix_batch *batch, const kfix_phase *phase, kfix_real *out,
                        kfix_made *made) {
  const uint32_t columns = kfix_space_columns(&k->options);
  const size_t n = (size_t)columns * k->depth;
  kfix_coarse w = {phase, {0}, columns, n, {k->along[KFIX_COARSE_MU].at[0], KFIX_LD(n)}};
  kfix_coarse_system s;
  KFIX_TRY(kfix_block_make(k, batch, phase, out, made));
  KFIX_TRY(kfix_show_vector(k, "zeta_block", out, -1));
  KFIX_TRY(kfix_gather_examples(k, batch, phase, &w.f));
  if (kfix_net_has_norms(k->net)) KFIX_TRY(kfix_show_coupled(k, &w.f));
  KFIX_TRY(kfix_coarse_make(k, &w, out));
  KFIX_TRY(kfix_coarse_read(k, &w, out, &s));
  const size_t rank = kfix_coarse_solve(n, s.used, s.right, least_pivot(n), s.work, s.beta);
  const double change = kfix_coarse_change(&s);
  *made = (kfix_made){change,   (uint32_t)n,    (uint32_t)rank,      0,
                      w.f.rows, phase->damping, kfix_coarse_form(&s)};
  if (!isfinite(change) || !isfinite(made->form)) return KFIX_REFUSED;
  KFIX_TRY(correct(k, &w, s.beta, out));
  KFIX_TRY(show(k, &w, &s, out));
  return kfix_leave_examples(k, &w.f);
}

static kfix_status check(const kfix_net *net, const kfix_method_info *method,
                         const kfix_options *options) {
  const kfix_choice space = options->coarse_space;
  const int of_factors = space == KFIX_COARSE_SPECTRAL || space == KFIX_COARSE_TKO;
  if (of_factors && method->curvature->without_factors) return KFIX_COARSE_FACTORS;
  if (space == KFIX_COARSE_TKO && kfix_net_has_norms(net)) return KFIX_COUPLED;
  return kfix_space_columns(options) > kfix_net_coarse(net) ? KFIX_COARSE_COLUMNS : KFIX_OK;
}

const kfix_direction kfix_direction_two_level = {
    .refresh = refresh, .make = make, .check = check, .of_gamma = 1, .hold = kfix_hold_examples};

KFIX_DEFINE_ALONG_PLAN(two_level)
