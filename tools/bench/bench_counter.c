/* SPDX-License-Identifier: Apache-2.0
 * The wrappers, of all kernels of port/kernels.h and port/eigen_kernels.h. */
#include "bench_counter.h"

#include <string.h>

#include "bench_clock.h"
#include "factor/factor.h"

bench_count bench_counts[BENCH_KIND_COUNT];
static const kfix_port *base;
static kfix_port counting;
static kfix_factorizations counting_factor;
static int waiting;

const char *bench_kind_name(bench_kind kind) {
  static const char *const names[] = {
#define BENCH_KIND(name) #name,
#include "bench_kinds.h"
  };
  return names[kind];
}

void bench_counts_clear(void) {
  memset(bench_counts, 0, sizeof bench_counts);
}

void bench_counts_add(bench_kind kind, double flops, double bytes, double seconds) {
  bench_count *c = &bench_counts[kind];
  c->calls++;
  c->flops += flops;
  c->bytes += bytes;
  c->seconds += seconds;
}

/* A download waits for all that was issued before it. */
static kfix_status after(const kfix_device *d, kfix_status status) {
  char ignored;
  return status == KFIX_OK && waiting ? base->download(d, &ignored, d->scratch, 1) : status;
}

/* The body of a wrapper: `reals` elements are read or written, `call` is the kernel of `base`. */
#define COUNT(kind, flops, reals, call)                                                 \
  const double began = bench_seconds();                                                 \
  const kfix_status status = after(d, (call));                                          \
  bench_counts_add(BENCH_KIND_##kind, (double)(flops), (double)(reals)*KFIX_REAL_BYTES, \
                   bench_seconds() - began);                                            \
  return status;

#define KFIX_KERNEL(name, parameters, arguments, flops, reals, ...) \
  static kfix_status counted_##name parameters {                    \
    COUNT(name, flops, reals, base->name arguments)                 \
  }
#include KFIX_KERNEL_LIST
#define KFIX_KERNEL(name, parameters, arguments, flops, reals, ...) \
  static kfix_status counted_##name parameters {                    \
    COUNT(name, flops, reals, base->eigen->name arguments)          \
  }
#include KFIX_EIGEN_KERNEL_LIST

static const kfix_eigen_kernels counting_eigen = {
#define KFIX_KERNEL(name, ...) .name = counted_##name,
#include KFIX_EIGEN_KERNEL_LIST
};

/* The products within are the base port's own, so that they are not counted twice. */
static kfix_status invert(const kfix_device *d, size_t n, kfix_real *a, size_t lda, kfix_real *work,
                          size_t *info) {
  kfix_device inner = *d;
  inner.port = base;
  return kfix_factor_inverse(&inner, n, a, lda, work, info);
}

static kfix_status spd_inverse(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                               kfix_real *work, size_t *info) {
  COUNT(spd_inverse, n * n * n, 0, invert(d, n, a, lda, work, info))
}

static kfix_status spd_inverses(const kfix_device *d, size_t count, const kfix_inverse_job *jobs,
                                size_t *failed, size_t *info) {
  size_t flops = 0;
  for (size_t i = 0; i < count; i++) flops += jobs[i].n * jobs[i].n * jobs[i].n;
  COUNT(spd_inverse, flops, 0, base->factor->spd_inverses(d, count, jobs, failed, info))
}

/* Cholesky's factor n^3 / 3, its inverse as much. */
static kfix_status spd_whiten(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                              size_t *info) {
  COUNT(spd_whiten, 2 * n * n * n / 3, 0, base->factor->spd_whiten(d, n, a, lda, info))
}

static void count_factorizations(const kfix_factorizations *own) {
  counting_factor = own ? *own : (kfix_factorizations){.spd_inverse = NULL};
  counting_factor.spd_inverse = spd_inverse;
  if (counting_factor.spd_inverses) counting_factor.spd_inverses = spd_inverses;
  if (counting_factor.spd_whiten) counting_factor.spd_whiten = spd_whiten;
  counting.factor = &counting_factor;
}

const kfix_port *bench_counter(const kfix_port *port, int waits) {
  base = port;
  waiting = waits && !port->is_host;
  counting = *port;
#define KFIX_KERNEL(name, ...) counting.name = counted_##name;
#include KFIX_KERNEL_LIST
  if (port->eigen) counting.eigen = &counting_eigen;
  count_factorizations(port->factor);
  return &counting;
}
