/* SPDX-License-Identifier: Apache-2.0
 * The search of the Kronecker SVD. It is full of decisions over vectors of m coefficients, so it runs on
 * the host; what is large in it is a product of a few of them with the m x m cosines. Few cosines come
 * down once; of many the vectors go up to them instead, and the product comes down. */
#include <math.h>

#include "cuda_device.h"
#include "factor/kron_svd.h"

/* What the search works on: KFIX_CUDA_KRON_BYTES(atoms) of the host's arena, and two blocks of vectors
 * in the device's. */
typedef struct room {
  kfix_kron_space space;
  kfix_real *left, *right; /* the host's cosines; NULL: they stay on the device */
  kfix_real *left_norm, *right_norm, *weights, *minus, *out_left, *out_right;
  kfix_real *search;
  kfix_device host; /* for its products */
  const kfix_device *device;
  kfix_real *up, *down;
} room;

static kfix_real *take(kfix_real **at, size_t count) {
  kfix_real *here = *at;
  *at += count;
  return here;
}

static room cut(const kfix_device *d, size_t atoms, size_t ld) {
  kfix_real *at = kfix_cuda_of(d)->scratch.host;
  const int near = atoms <= KFIX_CUDA_KRON_NEAR;
  room r = {.device = d};
  r.left = near ? take(&at, atoms * ld) : NULL;
  r.right = near ? take(&at, atoms * ld) : NULL;
  r.left_norm = take(&at, ld);
  r.right_norm = take(&at, ld);
  r.weights = take(&at, ld);
  r.minus = take(&at, ld);
  r.out_left = take(&at, KFIX_KRON_RANK_MAX * ld);
  r.out_right = take(&at, KFIX_KRON_RANK_MAX * ld);
  r.search = take(&at, KFIX_LD(KFIX_KRON_SVD_REALS(atoms)));
  r.host = kfix_cuda_host(at, atoms);
  r.up = (kfix_real *)(void *)kfix_cuda_of(d)->scratch.solver;
  r.down = r.up + KFIX_KRON_BLOCK * ld;
  return r;
}

static kfix_status fetch(const kfix_device *d, kfix_real *to, const kfix_real *from, size_t count) {
  return kfix_cuda_transfer(d, to, from, count * sizeof *to, cudaMemcpyDeviceToHost);
}

static kfix_status fetch_space(const kfix_device *d, const kfix_kron_space *s, room *r) {
  if (r->left) KFIX_TRY(fetch(d, r->left, s->left, s->atoms * s->ld));
  if (r->right) KFIX_TRY(fetch(d, r->right, s->right, s->atoms * s->ld));
  KFIX_TRY(fetch(d, r->left_norm, s->left_norm, s->atoms));
  KFIX_TRY(fetch(d, r->right_norm, s->right_norm, s->atoms));
  KFIX_TRY(fetch(d, r->weights, s->weights, s->atoms));
  if (s->minus) KFIX_TRY(fetch(d, r->minus, s->minus, s->atoms));
  KFIX_TRY(kfix_cuda_wait(d));
  for (size_t t = 0; t < s->atoms; t++)
    if (!isfinite(r->left_norm[t]) || !isfinite(r->right_norm[t])) return KFIX_STATISTICS_NONFINITE;
  r->space = (kfix_kron_space){s->atoms,
                               s->ld,
                               r->left ? r->left : s->left,
                               r->right ? r->right : s->right,
                               r->left_norm,
                               r->right_norm,
                               r->weights,
                               s->minus ? r->minus : NULL,
                               s->definite};
  return KFIX_OK;
}

/* A product with the cosines is the device's: alpha is 1, beta 0. */
static kfix_status gemm(const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n,
                        size_t k, kfix_real alpha, const kfix_real *a, size_t lda,
                        const kfix_real *b, size_t ldb, kfix_real beta, kfix_real *c, size_t ldc) {
  const room *r = d->handles;
  const kfix_device *device = r->device;
  const size_t bytes = m * ldc * sizeof *c;
  if (b != r->space.left && b != r->space.right)
    return r->host.port->gemm(&r->host, op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  KFIX_TRY(device->port->upload(device, r->up, a, m * lda * sizeof *a));
  KFIX_TRY(kfix_cuda_times(device, m, n, r->up, lda, b, ldb, r->down, ldc));
  return device->port->download(device, c, r->down, bytes);
}

static const kfix_port mixed = {.name = "cuda", .is_host = 1, .gemm = gemm};

kfix_status kfix_cuda_kron_search(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                                  kfix_kron_order order, kfix_real *left, kfix_real *right,
                                  kfix_kron_pairs *pairs, kfix_real *scratch) {
  const kfix_cuda_scratch *mine = &kfix_cuda_of(d)->scratch;
  const size_t vectors = 2 * KFIX_KRON_BLOCK * s->ld * sizeof(kfix_real);
  (void)scratch;
  if (rank > KFIX_KRON_RANK_MAX || KFIX_CUDA_KRON_BYTES(s->atoms) > mine->host_bytes)
    return kfix_cuda_check(d, "Kronecker SVD's host memory", cudaErrorMemoryAllocation);
  if (vectors > mine->solver_bytes)
    return kfix_cuda_check(d, "Kronecker SVD's vectors", cudaErrorMemoryAllocation);
  room r = cut(d, s->atoms, s->ld);
  const kfix_device both = {&mixed, NULL, NULL, 0, 1, &r};
  KFIX_TRY(fetch_space(d, s, &r));
  KFIX_TRY(kfix_kron_svd(r.left ? &r.host : &both, &r.space, rank, order, r.out_left, r.out_right,
                         pairs, r.search));
  KFIX_TRY(d->port->upload(d, left, r.out_left, rank * s->ld * sizeof *left));
  return d->port->upload(d, right, r.out_right, rank * s->ld * sizeof *right);
}
