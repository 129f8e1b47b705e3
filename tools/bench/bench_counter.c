/* SPDX-License-Identifier: Apache-2.0
 * The wrappers. A kernel without one (a port may have new ones) is forwarded uncounted. */
#include "bench_counter.h"

#include <string.h>

#include "bench_clock.h"
#include "factor/spd.h"

bench_count bench_counts[BENCH_KIND_COUNT];
static const kfix_port *base;
static kfix_port counting;
static int waiting;

const char *bench_kind_name(bench_kind kind) {
#define BENCH_KIND_NAME(name) #name,
  static const char *const names[] = {BENCH_KIND_LIST(BENCH_KIND_NAME)};
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
#define COUNT(kind, flops, reals, call)                                         \
  const double began = bench_seconds();                                         \
  const kfix_status status = after(d, (call));                                  \
  bench_counts_add(BENCH_KIND_##kind, (flops), (double)(reals)*KFIX_REAL_BYTES, \
                   bench_seconds() - began);                                    \
  return status;

typedef const kfix_device device;
typedef const kfix_real in;
typedef kfix_real real;

static kfix_status gemm(device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n, size_t k,
                        real alpha, in *a, size_t lda, in *b, size_t ldb, real beta, real *c,
                        size_t ldc) {
  COUNT(gemm, 2.0 * (double)m * (double)n * (double)k, 0,
        base->gemm(d, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc))
}

static kfix_status syrk(device *d, kfix_op op, size_t n, size_t k, real alpha, in *a, size_t lda,
                        real beta, real *c, size_t ldc) {
  COUNT(syrk, (double)n * (double)n * (double)k, 0,
        base->syrk(d, op, n, k, alpha, a, lda, beta, c, ldc))
}

/* The products within are the base port's own, so that they are not counted twice. */
static kfix_status invert(device *d, size_t n, real *a, size_t lda, real *work, size_t *info) {
  kfix_device inner = *d;
  inner.port = base;
  return base->spd_inverse ? base->spd_inverse(&inner, n, a, lda, work, info)
                           : kfix_spd_inverse(&inner, n, a, lda, work, info);
}
static kfix_status spd_inverse(device *d, size_t n, real *a, size_t lda, real *work, size_t *info) {
  COUNT(spd_inverse, (double)n * (double)n * (double)n, 0, invert(d, n, a, lda, work, info))
}

static kfix_status spd_inverses(device *d, size_t count, const kfix_inverse_job *jobs,
                                size_t *failed, size_t *info) {
  double flops = 0;
  for (size_t i = 0; i < count; i++)
    flops += (double)jobs[i].n * (double)jobs[i].n * (double)jobs[i].n;
  COUNT(spd_inverse, flops, 0, base->spd_inverses(d, count, jobs, failed, info))
}

/* Cholesky's factor n^3 / 3, its inverse as much. */
static kfix_status spd_whiten(device *d, size_t n, real *a, size_t lda, size_t *info) {
  COUNT(spd_whiten, 2.0 / 3.0 * (double)n * (double)n * (double)n, 0,
        base->spd_whiten(d, n, a, lda, info))
}

static kfix_status symv(device *d, size_t n, in *a, size_t lda, in *x, real *y, real *work) {
  COUNT(symv, 2.0 * (double)n * (double)n, 0, base->symv(d, n, a, lda, x, y, work))
}

static kfix_status gemv(device *d, kfix_op op, size_t rows, size_t cols, real alpha, in *a,
                        size_t lda, in *x, real beta, real *y) {
  COUNT(gemv, 2.0 * (double)rows * (double)cols, 0,
        base->gemv(d, op, rows, cols, alpha, a, lda, x, beta, y))
}

static kfix_status unpack(device *d, size_t n, in *packed, real shift, real *out, size_t ldo) {
  COUNT(unpack, 0, KFIX_TRIANGLE(n) + n * n, base->unpack(d, n, packed, shift, out, ldo))
}

static kfix_status pack(device *d, size_t n, in *a, size_t lda, real *packed) {
  COUNT(pack, 0, 2 * KFIX_TRIANGLE(n), base->pack(d, n, a, lda, packed))
}

static kfix_status trace(device *d, size_t n, in *packed, double *out) {
  COUNT(trace, 0, n, base->trace(d, n, packed, out))
}

static kfix_status activate(device *d, kfix_activation f, size_t rows, size_t cols, real *a,
                            size_t lda) {
  COUNT(activate, 0, 2 * rows * cols, base->activate(d, f, rows, cols, a, lda))
}

static kfix_status differentiate(device *d, kfix_activation f, size_t rows, size_t cols, in *a,
                                 size_t lda, real *g, size_t ldg) {
  COUNT(differentiate, 0, 3 * rows * cols, base->differentiate(d, f, rows, cols, a, lda, g, ldg))
}

static kfix_status predict(device *d, kfix_loss loss, size_t rows, size_t cols, in *z, size_t ldz,
                           real *p, size_t ldp) {
  COUNT(predict, 0, 2 * rows * cols, base->predict(d, loss, rows, cols, z, ldz, p, ldp))
}

static kfix_status sample(device *d, kfix_loss loss, const kfix_draw_key *key, size_t first,
                          size_t rows, size_t cols, in *p, size_t ldp, real *y, size_t ldy) {
  COUNT(sample, 0, 2 * rows * cols, base->sample(d, loss, key, first, rows, cols, p, ldp, y, ldy))
}

static kfix_status residual(device *d, kfix_loss kind, size_t rows, size_t cols, in *z, size_t ldz,
                            in *y, size_t ldy, real *g, size_t ldg) {
  COUNT(residual, 0, 3 * rows * cols, base->residual(d, kind, rows, cols, z, ldz, y, ldy, g, ldg))
}

static kfix_status loss(device *d, kfix_loss kind, size_t rows, size_t cols, in *z, size_t ldz,
                        in *y, size_t ldy, real *w, size_t ldw, double *out) {
  COUNT(loss, 0, 3 * rows * cols, base->loss(d, kind, rows, cols, z, ldz, y, ldy, w, ldw, out))
}

static kfix_status fisher(device *d, kfix_loss kind, size_t rows, size_t cols, in *z, size_t ldz,
                          in *u, size_t ldu, in *v, size_t ldv, real *w, size_t ldw, double *out) {
  COUNT(fisher, 0, (v ? 4 : 3) * rows * cols,
        base->fisher(d, kind, rows, cols, z, ldz, u, ldu, v, ldv, w, ldw, out))
}

static kfix_status axpby(device *d, size_t n, real a, in *x, real b, in *y, real *out) {
  COUNT(axpby, 0, (y ? 3 : 2) * n, base->axpby(d, n, a, x, b, y, out))
}

static kfix_status dot(device *d, size_t n, in *x, in *y, double *out) {
  COUNT(dot, 0, (x == y ? 1 : 2) * n, base->dot(d, n, x, y, out))
}

static kfix_status dots(device *d, size_t n, in *g, in *u, in *v, double *out) {
  COUNT(dots, 0, (v ? 3 : 2) * n, base->dots(d, n, g, u, v, out))
}

static kfix_status decay(device *d, size_t n, real eta, in *theta, real *g, double *bad,
                         double *square) {
  COUNT(decay, 0, 3 * n, base->decay(d, n, eta, theta, g, bad, square))
}

static kfix_status move(device *d, size_t n, real a, in *x, real b, in *y, real *v_out, in *theta,
                        real *theta_out, real xi, in *mean, real *mean_out, double *bad) {
  COUNT(move, 0, 7 * n,
        base->move(d, n, a, x, b, y, v_out, theta, theta_out, xi, mean, mean_out, bad))
}

static kfix_status nonfinite(device *d, size_t rows, size_t cols, in *x, size_t ldx, double *out) {
  COUNT(nonfinite, 0, rows * cols, base->nonfinite(d, rows, cols, x, ldx, out))
}

static kfix_status adam(device *d, size_t n, real b1, real b2, real rate, real scale, real eps,
                        in *g, in *theta, in *m, in *v, real *m_out, real *v_out, real *out) {
  COUNT(adam, 0, 7 * n,
        base->adam(d, n, b1, b2, rate, scale, eps, g, theta, m, v, m_out, v_out, out))
}

static kfix_status fill(device *d, size_t rows, size_t cols, real value, real *x, size_t ldx) {
  COUNT(fill, 0, rows * cols, base->fill(d, rows, cols, value, x, ldx))
}

static kfix_status copy(device *d, size_t rows, size_t cols, in *x, size_t ldx, real *out,
                        size_t ldo) {
  COUNT(copy, 0, 2 * rows * cols, base->copy(d, rows, cols, x, ldx, out, ldo))
}

static kfix_status multiply(device *d, size_t rows, size_t cols, in *x, size_t ldx, in *y,
                            size_t ldy, real *out, size_t ldo) {
  COUNT(multiply, 0, 3 * rows * cols, base->multiply(d, rows, cols, x, ldx, y, ldy, out, ldo))
}

static kfix_status add(device *d, size_t rows, size_t cols, in *x, size_t ldx, in *y, size_t ldy,
                       real *out, size_t ldo) {
  COUNT(add, 0, 3 * rows * cols, base->add(d, rows, cols, x, ldx, y, ldy, out, ldo))
}

static kfix_status divide(device *d, size_t rows, size_t cols, in *x, size_t ldx, in *y, size_t ldy,
                          real shift, real *out, size_t ldo) {
  COUNT(divide, 0, 3 * rows * cols, base->divide(d, rows, cols, x, ldx, y, ldy, shift, out, ldo))
}

static kfix_status scale_rows(device *d, size_t rows, size_t cols, in *w, in *x, size_t ldx,
                              real *out, size_t ldo) {
  COUNT(scale_rows, 0, 2 * rows * cols, base->scale_rows(d, rows, cols, w, x, ldx, out, ldo))
}

static kfix_status divide_kron(device *d, size_t rows, size_t cols, in *v, size_t ldv, in *s_rows,
                               in *s_cols, real sign, real floor, real *out, size_t ldo,
                               double *clamped) {
  COUNT(divide_kron, 0, (v ? 2 : 0) * rows * cols,
        base->divide_kron(d, rows, cols, v, ldv, s_rows, s_cols, sign, floor, out, ldo, clamped))
}

static kfix_status decouple(device *d, size_t rows, size_t cols, in *x_rows, in *y_rows, in *x_cols,
                            in *y_cols, real floor, real *p, real *q, size_t ld, double *clamped) {
  COUNT(decouple, 0, (p ? 4 : 0) * rows * cols,
        base->decouple(d, rows, cols, x_rows, y_rows, x_cols, y_cols, floor, p, q, ld, clamped))
}

static kfix_status upload(device *d, void *to, const void *from, size_t bytes) {
  COUNT(upload, 0, 2 * bytes / KFIX_REAL_BYTES, base->upload(d, to, from, bytes))
}

static kfix_status download(device *d, void *to, const void *from, size_t bytes) {
  COUNT(download, 0, 2 * bytes / KFIX_REAL_BYTES, base->download(d, to, from, bytes))
}

const kfix_port *bench_counter(const kfix_port *port, int waits) {
  base = port;
  waiting = waits && !port->is_host;
  counting = *port;
  counting.gemm = gemm;
  counting.syrk = syrk;
  counting.spd_inverse = spd_inverse;
  if (port->spd_inverses) counting.spd_inverses = spd_inverses;
  if (port->spd_whiten) counting.spd_whiten = spd_whiten;
  if (port->symv) counting.symv = symv;
  if (port->gemv) counting.gemv = gemv;
  counting.unpack = unpack;
  counting.pack = pack;
  counting.trace = trace;
  counting.activate = activate;
  counting.differentiate = differentiate;
  counting.predict = predict;
  counting.sample = sample;
  counting.residual = residual;
  counting.loss = loss;
  counting.fisher = fisher;
  counting.axpby = axpby;
  counting.dot = dot;
  counting.dots = dots;
  counting.decay = decay;
  counting.move = move;
  counting.nonfinite = nonfinite;
  counting.adam = adam;
  counting.fill = fill;
  counting.copy = copy;
  counting.add = add;
  counting.multiply = multiply;
  counting.divide = divide;
  counting.scale_rows = scale_rows;
  if (port->divide_kron) counting.divide_kron = divide_kron;
  if (port->decouple) counting.decouple = decouple;
  counting.upload = upload;
  counting.download = download;
  return &counting;
}
