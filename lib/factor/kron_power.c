/* SPDX-License-Identifier: Apache-2.0
 * Power iteration and deflation. */
#include "factor/kron_power.h"

#include <math.h>
#include <string.h>

#include "core/arithmetic.h"
#include "factor/kron_vector.h"

/* A vector this much shorter than what it comes from is rounding. */
#define ROUNDING (32 * KFIX_REAL_EPS)

typedef struct power {
  const kfix_device *device;
  kfix_kron_operator z; /* less the terms found */
  int cut;
  double first;   /* sigma_0 */
  double largest; /* what rounding goes by: sigma_0, or what cancelled */
  kfix_real *next, *scratch;
  kfix_kron_pairs *pairs;
} power;

static kfix_status times(power *p, int from, const kfix_real *in, kfix_real *out) {
  return kfix_kron_operator_times(p->device, &p->z, from, p->cut, in, out, p->scratch);
}

/* |next - sigma u|, then u = next of length 1. */
static double turn(const power *p, double sigma, kfix_real *u) {
  const size_t n = p->z.n[KFIX_KRON_LEFT], count = KFIX_TRIANGLE(n);
  kfix_kron_scale(count, -sigma, u);
  kfix_kron_axpy(count, 1, p->next, u);
  const double error = sqrt(kfix_kron_dot_packed(n, u, u));
  memcpy(u, p->next, count * sizeof *u);
  (void)kfix_kron_operator_normalise(&p->z, KFIX_KRON_LEFT, u);
  return error;
}

/* From a start in v to sigma, u, v; where nothing is left of Z they are zero. */
static kfix_status iterate(power *p, kfix_real *u, kfix_real *v, double *sigma) {
  double error;
  unsigned step = 0;
  KFIX_TRY(times(p, KFIX_KRON_RIGHT, v, u));
  *sigma = kfix_kron_operator_normalise(&p->z, KFIX_KRON_LEFT, u);
  do {
    KFIX_TRY(times(p, KFIX_KRON_LEFT, u, v));
    *sigma = kfix_kron_operator_normalise(&p->z, KFIX_KRON_RIGHT, v);
    KFIX_TRY(times(p, KFIX_KRON_RIGHT, v, p->next));
    error = turn(p, *sigma, u);
    p->pairs->iterations++;
    if (++step == KFIX_KRON_POWER_MAX) {
      p->pairs->converged = 0;
      return KFIX_OK;
    }
    if (p->z.cancelled > p->largest) p->largest = p->z.cancelled;
  } while (error > KFIX_KRON_TOLERANCE * *sigma && error > ROUNDING * p->largest);
  return KFIX_OK;
}

static void take_away(power *p, const kfix_real *u, const kfix_real *v) {
  const size_t e = p->z.known++;
  p->z.known_weight[e] = -1;
  p->z.factor[KFIX_KRON_LEFT][e] = u;
  p->z.factor[KFIX_KRON_RIGHT][e] = v;
}

/* The first term of examples alone starts inside the cone that Z maps into itself, and stays. */
static kfix_status find(power *p, size_t i, kfix_real *u, kfix_real *v) {
  double sigma;
  p->cut = p->z.known == 0;
  KFIX_TRY(kfix_kron_operator_start(p->device, &p->z, p->cut ? 0 : (uint32_t)i + 1, v, p->scratch));
  KFIX_TRY(iterate(p, u, v, &sigma));
  if (i == 0) p->first = sigma;
  if (sigma > p->largest) p->largest = sigma;
  if (!(sigma * sigma > KFIX_KRON_NOISE2 * p->first * p->first && sigma > ROUNDING * p->largest))
    sigma = 0;
  p->pairs->sigma[i] = kfix_kron_operator_balance(&p->z, sigma, u, v);
  take_away(p, u, v);
  return KFIX_OK;
}

kfix_status kfix_kron_power(const kfix_device *d, const kfix_kron_operator *z, size_t rank,
                            kfix_real *left, kfix_real *right, kfix_kron_pairs *pairs,
                            kfix_real *scratch) {
  const size_t step[2] = {KFIX_KRON_TERM(z->n[0]), KFIX_KRON_TERM(z->n[1])};
  power p = {.device = d, .z = *z, .next = scratch, .scratch = scratch + step[0], .pairs = pairs};
  if (rank == 0 || rank > KFIX_KRON_RANK_MAX) return KFIX_PORT;
  *pairs = (kfix_kron_pairs){.converged = 1};
  KFIX_TRY(kfix_kron_operator_begin(&p.z));
  for (size_t i = 0; i < rank; i++) KFIX_TRY(find(&p, i, left + i * step[0], right + i * step[1]));
  return KFIX_OK;
}
