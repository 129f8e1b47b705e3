/* SPDX-License-Identifier: Apache-2.0
 * One layer's terms by the iteration in parameter space [KPSVD B.1, 2.2.1], in two ways. */
#include "bench_power.h"

#include <math.h>
#include <stdlib.h>

#include "bench_algorithm.h"
#include "bench_clock.h"
#include "factor/kron_power.h"
#include "factor/kron_vector.h"
#include "fisher_lab/block_error.h"

/* No layer of a network that is timed is wider. */
enum { WIDEST = 8192 };

typedef struct power_room {
  kfix_device device;
  kfix_real *left, *right, *scratch;
} power_room;

static kfix_real *reals(size_t count) {
  return aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(count * sizeof(kfix_real), (size_t)KFIX_ALIGN));
}

static int open_room(power_room *room, const bench_options *o, kfix_crew *crew, const block_rows *f,
                     size_t terms, tool_error *err) {
  const size_t written = f->in * f->in + f->out * f->out + BENCH_ALGORITHM_REALS(f);
  const size_t bytes = o->step_port->scratch_bytes(1, f->rows, o->threads, WIDEST);
  room->device = (kfix_device){.port = o->step_port,
                               .crew = crew,
                               .scratch = reals(bytes / sizeof(kfix_real) + 1),
                               .scratch_bytes = bytes,
                               .threads_max = o->threads};
  room->left = reals(terms * KFIX_KRON_TERM(f->in));
  room->right = reals(terms * KFIX_KRON_TERM(f->out));
  room->scratch = reals(kfix_larger(KFIX_KRON_POWER_REALS(f->rows, f->in, f->out), written));
  if (room->device.scratch && room->left && room->right && room->scratch) return 0;
  return tool_fail(err, "no memory for the power SVD");
}

static void close_room(power_room *room) {
  free(room->device.scratch);
  free(room->left);
  free(room->right);
  free(room->scratch);
}

/* The inner product of both, x a packed triangle, y full. */
static double inner(size_t n, const kfix_real *x, const kfix_real *y) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      sum += (i == j ? 1 : 2) * (double)x[KFIX_TRIANGLE(i) + j] * (double)y[i * n + j];
  return sum;
}

/* From |x - y|^2 = |x|^2 - 2 <x, y> + |y|^2, so about 1e-8 where they are equal. */
static int measure(const power_room *room, const block_rows *f, block_lab *lab, double *apart,
                   tool_error *err) {
  block_factors b;
  double far, size;
  if (block_lab_factors(lab, &b, err) != 0 || block_factors_norm2(f, &b, &size, err) != 0)
    return -1;
  far = size;
  for (int i = 0; i < b.terms; i++)
    for (int j = 0; j < b.terms; j++) {
      const kfix_real *l = room->left + (size_t)i * KFIX_KRON_TERM(f->in);
      const kfix_real *r = room->right + (size_t)i * KFIX_KRON_TERM(f->out);
      far += kfix_kron_dot_packed(f->in, l, room->left + (size_t)j * KFIX_KRON_TERM(f->in)) *
             kfix_kron_dot_packed(f->out, r, room->right + (size_t)j * KFIX_KRON_TERM(f->out));
      far -= 2 * inner(f->in, l, b.a[j]) * inner(f->out, r, b.g[j]);
    }
  const double here = size > 0 ? sqrt(fabs(far) / size) : 0;
  if (here > *apart) *apart = here;
  return 0;
}

/* ---- the library's iteration ---- */

static kfix_status iterate(const power_room *room, const block_rows *f, size_t terms,
                           unsigned *iterations) {
  const kfix_kron_operator z = {.rows = f->rows,
                                .weight = 1 / (double)f->rows,
                                .n = {f->in, f->out},
                                .at = {f->abar, f->g},
                                .ld = {f->in, f->out}};
  kfix_kron_pairs pairs = {.iterations = 0};
  const kfix_status status =
      kfix_kron_power(&room->device, &z, terms, room->left, room->right, &pairs, room->scratch);
  *iterations = pairs.iterations;
  return status;
}

/* ---- word for word ---- */

/* packed = sqrt(sigma) x, its lower triangle. */
static void take(size_t n, double sigma, const kfix_real *x, kfix_real *packed) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      packed[KFIX_TRIANGLE(i) + j] = (kfix_real)(sqrt(sigma) * (double)x[i * n + j]);
}

static kfix_status word_for_word(const power_room *room, const block_rows *f, size_t terms,
                                 unsigned *iterations) {
  bench_triple t = {.u = room->scratch, .v = room->scratch + f->in * f->in};
  const kfix_status status = bench_algorithm1(&room->device, f, &t, t.v + f->out * f->out);
  (void)terms;
  *iterations = t.iterations;
  take(f->in, t.sigma, t.u, room->left);
  take(f->out, t.sigma, t.v, room->right);
  return status;
}

/* ---- both ---- */

int bench_power_layer(const bench_options *o, bench_power_way way, kfix_crew *crew,
                      const block_rows *f, block_lab *lab, bench_update_times *times,
                      tool_error *err) {
  kfix_status (*const run)(const power_room *, const block_rows *, size_t, unsigned *) =
      way == BENCH_POWER_AS_WRITTEN ? word_for_word : iterate;
  const double each = way == BENCH_POWER_AS_WRITTEN ? 6 : 3; /* of rows n^2, an iteration */
  const size_t terms = (size_t)lab->method->terms;
  power_room room;
  double best = INFINITY;
  unsigned iterations = 0;
  int result = open_room(&room, o, crew, f, terms, err);
  for (int turn = 0; turn < o->repeats && result == 0; turn++) {
    const double began = bench_seconds();
    const kfix_status status = run(&room, f, terms, &iterations);
    const double seconds = bench_seconds() - began;
    if (status != KFIX_OK) result = tool_fail(err, "power SVD: %s", kfix_status_text(status));
    if (seconds < best) best = seconds;
  }
  if (result == 0) result = measure(&room, f, lab, &times->apart, err);
  close_room(&room);
  const double n = (double)f->in * (double)f->in + (double)f->out * (double)f->out;
  times->seconds += best;
  times->iterations += iterations;
  times->flops += each * iterations * (double)f->rows * n;
  return result;
}
