/* SPDX-License-Identifier: Apache-2.0
 * Factorizations by lib/factor on the host, where cuSOLVER asks for more memory than was planned for. Slow,
 * but a step goes on; the handles count them (routes). */
#include "cuda_device.h"
#include "factor/eigen.h"
#include "factor/kron_triangle.h"
#include "factor/spd.h"
#include "port/ref/ref.h"

kfix_device kfix_cuda_host(kfix_real *at, size_t n) {
  const kfix_port *port = kfix_port_simd.available() == KFIX_OK ? &kfix_port_simd : &kfix_port_ref;
  return (kfix_device){port, NULL, at, KFIX_PORT_SCRATCH_simd(1, 1, 1, n), 1, NULL};
}

/* The matrix on the host, and what lies behind it in the host's arena. */
typedef struct desk {
  kfix_real *matrix, *rest;
  size_t bytes; /* of the matrix */
  kfix_device host;
} desk;

/* A full matrix comes with all that lies between its rows. */
static kfix_status fetch(const kfix_device *d, const char *because, size_t n, const kfix_real *a,
                         size_t lda, desk *at) {
  kfix_cuda *cuda = kfix_cuda_of(d);
  const size_t reals = lda == KFIX_PACKED ? KFIX_TRIANGLE(n) : (n - 1) * lda + n;
  const size_t square = n * KFIX_LD(n), all = KFIX_LD(reals) > square ? KFIX_LD(reals) : square;
  const size_t scratch = KFIX_PORT_SCRATCH_simd(1, 1, 1, n);
  if (KFIX_CUDA_FACTOR_BYTES(n) + (all - square) * sizeof *a > cuda->scratch.host_bytes)
    return kfix_cuda_check(d, because, cudaErrorMemoryAllocation);
  at->matrix = (kfix_real *)(void *)((unsigned char *)cuda->scratch.host + scratch);
  at->rest = at->matrix + all;
  at->bytes = reals * sizeof *a;
  at->host = kfix_cuda_host(cuda->scratch.host, n);
  cuda->routes.on_host++;
  cuda->routes.because = because;
  return d->port->download(d, at->matrix, a, at->bytes);
}

kfix_status kfix_cuda_host_inverse(const kfix_device *d, const char *because, size_t n,
                                   kfix_real *a, size_t lda, size_t *info) {
  desk at;
  KFIX_TRY(fetch(d, because, n, a, lda, &at));
  KFIX_TRY(kfix_spd_inverse(&at.host, n, at.matrix, lda, at.rest, info));
  return d->port->upload(d, a, at.matrix, at.bytes);
}

kfix_status kfix_cuda_host_whiten(const kfix_device *d, const char *because, size_t n, kfix_real *a,
                                  size_t lda, size_t *info) {
  desk at;
  KFIX_TRY(fetch(d, because, n, a, lda, &at));
  KFIX_TRY(kfix_whitener(&at.host, n, at.matrix, lda, info));
  return d->port->upload(d, a, at.matrix, at.bytes);
}

kfix_status kfix_cuda_host_eigen(const kfix_device *d, const char *because, size_t n, kfix_real *a,
                                 size_t lda, kfix_real *values, kfix_real *vectors, size_t ldv,
                                 size_t *info) {
  const size_t ld = KFIX_LD(n);
  desk at;
  KFIX_TRY(fetch(d, because, n, a, lda, &at));
  kfix_real *v = at.rest, *s = v + n * ld, *work = s + ld;
  KFIX_TRY(kfix_eigen(&at.host, n, at.matrix, lda, s, v, ld, work, info));
  KFIX_TRY(d->port->upload(d, values, s, n * sizeof *s));
  for (size_t i = 0; i < n; i++)
    KFIX_TRY(d->port->upload(d, vectors + i * ldv, v + i * ld, n * sizeof *v));
  return KFIX_OK;
}
