/* SPDX-License-Identifier: Apache-2.0
 * A port that wraps the reference port's table. */
#include "reference_faulty_port.h"

#include <string.h>

#include "port/ref/ref.h"

static fault_kind armed;
static long due, calls;
static const char *hit_kernel;
static void (*before_kernel)(void), (*after_kernel)(void);

void fault_around(void (*before)(void), void (*after)(void)) {
  before_kernel = before;
  after_kernel = after;
}

void fault_arm(fault_kind kind, long n) {
  armed = kind;
  due = n;
  calls = 0;
  hit_kernel = NULL;
}

long fault_calls(void) {
  return calls;
}

const char *fault_kernel(void) {
  return hit_kernel;
}

static int hit(const char *kernel) {
  if (++calls != due || armed == FAULT_NONE) return 0;
  hit_kernel = kernel;
  return 1;
}

/* All ones is a NaN, in float and in double. */
static void spoil(void *out, size_t bytes) {
  memset(out, 0xff, bytes < sizeof(double) ? bytes : sizeof(double));
}

static void spoil_real(kfix_real *out, size_t count) {
  if (count > 0) spoil(out, sizeof *out);
}

/* F(name, parameters, arguments, what NaN goes into). */
#define WRAP(name, parameters, arguments, nan)               \
  static kfix_status name parameters {                       \
    const int faulty = hit(#name);                           \
    if (faulty && armed == FAULT_FAILS) return KFIX_PORT;    \
    if (before_kernel) before_kernel();                      \
    const kfix_status status = kfix_port_ref.name arguments; \
    if (faulty && armed == FAULT_NAN) nan;                   \
    if (after_kernel) after_kernel();                        \
    return status;                                           \
  }

#define D const kfix_device *d
#define R const kfix_real *

WRAP(gemm,
     (D, kfix_op oa, kfix_op ob, size_t m, size_t n, size_t k, kfix_real alpha, R a, size_t lda,
      R b, size_t ldb, kfix_real beta, kfix_real *c, size_t ldc),
     (d, oa, ob, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc), spoil_real(c, m *n))
WRAP(syrk,
     (D, kfix_op op, size_t n, size_t k, kfix_real alpha, R a, size_t lda, kfix_real beta,
      kfix_real *c, size_t ldc),
     (d, op, n, k, alpha, a, lda, beta, c, ldc), spoil_real(c, n))
WRAP(symv, (D, size_t n, R a, size_t lda, R x, kfix_real *y, kfix_real *work),
     (d, n, a, lda, x, y, work), spoil_real(y, n))
WRAP(gemv,
     (D, kfix_op op, size_t rows, size_t cols, kfix_real alpha, R a, size_t lda, R x,
      kfix_real beta, kfix_real *y),
     (d, op, rows, cols, alpha, a, lda, x, beta, y), spoil_real(y, op == KFIX_N ? rows : cols))
WRAP(secular_roots, (D, const kfix_secular *s), (d, s),
     if (s->n) spoil(s->offset, sizeof *s->offset))
WRAP(secular_weights, (D, const kfix_secular *s), (d, s),
     if (s->n) spoil(s->weight, sizeof *s->weight))
WRAP(secular_vectors, (D, const kfix_secular *s, kfix_real *out, size_t ldo), (d, s, out, ldo),
     spoil_real(out, s->n))
WRAP(unpack, (D, size_t n, R packed, kfix_real shift, kfix_real *out, size_t ldo),
     (d, n, packed, shift, out, ldo), spoil_real(out, n))
WRAP(pack, (D, size_t n, R a, size_t lda, kfix_real *packed), (d, n, a, lda, packed),
     spoil_real(packed, n))
WRAP(trace, (D, size_t n, R packed, double *out), (d, n, packed, out), spoil(out, sizeof *out))
WRAP(activate, (D, kfix_activation f, size_t rows, size_t cols, kfix_real *a, size_t lda),
     (d, f, rows, cols, a, lda), spoil_real(a, rows *cols))
WRAP(differentiate,
     (D, kfix_activation f, size_t rows, size_t cols, R a, size_t lda, kfix_real *g, size_t ldg),
     (d, f, rows, cols, a, lda, g, ldg), spoil_real(g, rows *cols))
WRAP(predict,
     (D, kfix_loss loss, size_t rows, size_t cols, R z, size_t ldz, kfix_real *p, size_t ldp),
     (d, loss, rows, cols, z, ldz, p, ldp), spoil_real(p, rows *cols))
WRAP(sample,
     (D, kfix_loss loss, const kfix_draw_key *key, size_t first, size_t rows, size_t cols, R p,
      size_t ldp, kfix_real *y, size_t ldy),
     (d, loss, key, first, rows, cols, p, ldp, y, ldy), spoil_real(y, rows *cols))
WRAP(residual,
     (D, kfix_loss loss, size_t rows, size_t cols, R z, size_t ldz, R y, size_t ldy, kfix_real *g,
      size_t ldg),
     (d, loss, rows, cols, z, ldz, y, ldy, g, ldg), spoil_real(g, rows *cols))
WRAP(loss,
     (D, kfix_loss loss_, size_t rows, size_t cols, R z, size_t ldz, R y, size_t ldy, kfix_real *w,
      size_t ldw, double *out),
     (d, loss_, rows, cols, z, ldz, y, ldy, w, ldw, out), spoil(out, sizeof *out))
WRAP(fisher,
     (D, kfix_loss loss_, size_t rows, size_t cols, R z, size_t ldz, R u, size_t ldu, R v,
      size_t ldv, kfix_real *w, size_t ldw, double *out),
     (d, loss_, rows, cols, z, ldz, u, ldu, v, ldv, w, ldw, out),
     spoil(out + (v ? 1 : 0), sizeof *out))
WRAP(dot, (D, size_t n, R x, R y, double *out), (d, n, x, y, out), spoil(out, sizeof *out))
WRAP(dots, (D, size_t n, R g, R u, R v, double *out), (d, n, g, u, v, out),
     spoil(out + (v ? 1 : 0), sizeof *out))
WRAP(decay, (D, size_t n, kfix_real eta, R theta, kfix_real *g, double *bad, double *square),
     (d, n, eta, theta, g, bad, square), (spoil_real(g, n), *bad += 1))
WRAP(nonfinite, (D, size_t rows, size_t cols, R x, size_t ldx, double *out),
     (d, rows, cols, x, ldx, out), spoil(out, sizeof *out))
WRAP(adam,
     (D, size_t n, kfix_real b1, kfix_real b2, kfix_real rate, kfix_real scale, kfix_real eps, R g,
      R theta, R m, R v, kfix_real *m_out, kfix_real *v_out, kfix_real *out),
     (d, n, b1, b2, rate, scale, eps, g, theta, m, v, m_out, v_out, out), spoil_real(m_out, n))
WRAP(fill, (D, size_t rows, size_t cols, kfix_real value, kfix_real *x, size_t ldx),
     (d, rows, cols, value, x, ldx), spoil_real(x, rows *cols))
WRAP(copy, (D, size_t rows, size_t cols, R x, size_t ldx, kfix_real *out, size_t ldo),
     (d, rows, cols, x, ldx, out, ldo), spoil_real(out, rows *cols))
WRAP(add,
     (D, size_t rows, size_t cols, R x, size_t ldx, R y, size_t ldy, kfix_real *out, size_t ldo),
     (d, rows, cols, x, ldx, y, ldy, out, ldo), spoil_real(out, rows *cols))
WRAP(multiply,
     (D, size_t rows, size_t cols, R x, size_t ldx, R y, size_t ldy, kfix_real *out, size_t ldo),
     (d, rows, cols, x, ldx, y, ldy, out, ldo), spoil_real(out, rows *cols))
WRAP(divide,
     (D, size_t rows, size_t cols, R x, size_t ldx, R y, size_t ldy, kfix_real shift,
      kfix_real *out, size_t ldo),
     (d, rows, cols, x, ldx, y, ldy, shift, out, ldo), spoil_real(out, rows *cols))
WRAP(scale_rows, (D, size_t rows, size_t cols, R w, R x, size_t ldx, kfix_real *out, size_t ldo),
     (d, rows, cols, w, x, ldx, out, ldo), spoil_real(out, rows *cols))
WRAP(divide_kron,
     (D, size_t rows, size_t cols, R v, size_t ldv, R s_rows, R s_cols, kfix_real sign,
      kfix_real floor, kfix_real *out, size_t ldo, double *clamped),
     (d, rows, cols, v, ldv, s_rows, s_cols, sign, floor, out, ldo, clamped),
     v ? spoil_real(out, rows *cols) : spoil(clamped, sizeof *clamped))
WRAP(decouple,
     (D, size_t rows, size_t cols, R x_rows, R y_rows, R x_cols, R y_cols, kfix_real floor,
      kfix_real *p, kfix_real *q, size_t ld, double *clamped),
     (d, rows, cols, x_rows, y_rows, x_cols, y_cols, floor, p, q, ld, clamped),
     p ? spoil_real(p, rows *cols) : spoil(clamped, sizeof *clamped))
WRAP(upload, (D, void *device, const void *host, size_t bytes), (d, device, host, bytes),
     spoil(device, bytes))
WRAP(download, (D, void *host, const void *device, size_t bytes), (d, host, device, bytes),
     spoil(host, bytes))

static kfix_status axpby(D, size_t n, kfix_real a, R x, kfix_real b, R y, kfix_real *out) {
  const int faulty = hit("axpby");
  if (faulty && armed == FAULT_FAILS) return KFIX_PORT;
  if (before_kernel) before_kernel();
  const kfix_status status = kfix_port_ref.axpby(d, n, a, x, b, y, out);
  if (faulty && armed == FAULT_NAN) spoil_real(out, n);
  if (faulty && armed == FAULT_OVERRUN) out[KFIX_LD(n)] = 1;
  if (after_kernel) after_kernel();
  return status;
}

static kfix_status move(D, size_t n, kfix_real a, R x, kfix_real b, R y, kfix_real *v_out, R theta,
                        kfix_real *theta_out, kfix_real xi, R mean, kfix_real *mean_out,
                        double *bad) {
  const int faulty = hit("move");
  if (faulty && armed == FAULT_FAILS) return KFIX_PORT;
  if (before_kernel) before_kernel();
  const kfix_status status =
      kfix_port_ref.move(d, n, a, x, b, y, v_out, theta, theta_out, xi, mean, mean_out, bad);
  if (faulty && armed == FAULT_NAN) spoil_real(theta_out, n), *bad += 1;
  if (faulty && armed == FAULT_OVERRUN) v_out[KFIX_LD(n)] = 1;
  if (after_kernel) after_kernel();
  return status;
}

static kfix_status available(void) {
  return kfix_port_ref.available();
}

static size_t scratch_bytes(size_t parameters, size_t chunk, unsigned threads, size_t widest) {
  return kfix_port_ref.scratch_bytes(parameters, chunk, threads, widest);
}

const kfix_port faulty_port = {
    .name = "faulty",
    .is_host = 1,
    .available = available,
    .scratch_bytes = scratch_bytes,
    .gemm = gemm,
    .syrk = syrk,
    .symv = symv,
    .gemv = gemv,
    .secular_roots = secular_roots,
    .secular_weights = secular_weights,
    .secular_vectors = secular_vectors,
    .unpack = unpack,
    .pack = pack,
    .trace = trace,
    .activate = activate,
    .differentiate = differentiate,
    .predict = predict,
    .sample = sample,
    .residual = residual,
    .loss = loss,
    .fisher = fisher,
    .axpby = axpby,
    .dot = dot,
    .dots = dots,
    .decay = decay,
    .move = move,
    .nonfinite = nonfinite,
    .adam = adam,
    .fill = fill,
    .copy = copy,
    .add = add,
    .multiply = multiply,
    .divide = divide,
    .scale_rows = scale_rows,
    .divide_kron = divide_kron,
    .decouple = decouple,
    .upload = upload,
    .download = download,
};
