/* SPDX-License-Identifier: Apache-2.0
 * What the parts of the CUDA port share: launches, transfers, and the functions of each part. */
#ifndef KFIX_GPU_CUDA_DEVICE_H
#define KFIX_GPU_CUDA_DEVICE_H

#include <cublas_v2.h>
#include <cuda_runtime_api.h>
#include <cusolverDn.h>

#include "cuda.h"
#include "cuda_calls.h"
#include "cuda_vendor.h"
#include "port/port.h"

#ifdef KFIX_REAL_DOUBLE
#define KFIX_CUDA_REAL_TYPE CUDA_R_64F
#else
#define KFIX_CUDA_REAL_TYPE CUDA_R_32F
#endif

/* Of cuSOLVER, as CUSOLVER_VERSION counts: 1000 major + 100 minor + patch; 0: it does not say. */
int kfix_cuda_solver_version(void);

/* Bytes between host and device, in the stream's order. */
static inline kfix_status kfix_cuda_transfer(const kfix_device *d, void *to, const void *from,
                                             size_t bytes, enum cudaMemcpyKind kind) {
  KFIX_TRY(kfix_cuda_flush(d));
  KFIX_VENDOR(d, "cudaMemcpyAsync", cudaMemcpyAsync(to, from, bytes, kind, kfix_cuda_stream(d)));
  return KFIX_OK;
}

/* For all that was issued: what was staged has gone up. */
static inline kfix_status kfix_cuda_wait(const kfix_device *d) {
  KFIX_TRY(kfix_cuda_flush(d));
  KFIX_VENDOR(d, "cudaStreamSynchronize", cudaStreamSynchronize(kfix_cuda_stream(d)));
  kfix_cuda_of(d)->scratch.staged = 0;
  return KFIX_OK;
}

/* Has `items` items of a kernel run and returns from the caller if they cannot. */
#define KFIX_LAUNCH(d, name, args, items) \
  KFIX_TRY(kfix_cuda_call(d, KFIX_CALL_##name, (const kfix_##name##_args *){args}, items))

/* Kernels: kfix_cuda_NAME for each NAME of port/kernels.h. */
#define KFIX_KERNEL(name, ...) kfix_kernel_##name kfix_cuda_##name;
#include KFIX_KERNEL_LIST

/* gemm of full operands for each of so many triples: from one to the next A, B and C are so many reals apart;
 * 0: there is one for all, which C is not. */
typedef struct kfix_cuda_batch {
  size_t count, apart_a, apart_b, apart_c;
} kfix_cuda_batch;
kfix_status kfix_cuda_products(const kfix_device *d, const kfix_cuda_batch *batch, kfix_op op_a,
                               kfix_op op_b, size_t m, size_t n, size_t k, const kfix_real *a,
                               size_t lda, const kfix_real *b, size_t ldb, kfix_real beta,
                               kfix_real *c, size_t ldc);
/* C (m x n) = A B, B square, in full precision whatever is in force; at once, for who waits for it. */
kfix_status kfix_cuda_times(const kfix_device *d, size_t m, size_t n, const kfix_real *a,
                            size_t lda, const kfix_real *b, size_t ldb, kfix_real *c, size_t ldc);
/* out[w] = x[w] . y[w] for each w < count, at most KFIX_DOTS_MAX. */
kfix_status kfix_cuda_dot_products(const kfix_device *d, size_t n, size_t count,
                                   const kfix_real *const *x, const kfix_real *const *y,
                                   double *out);

/* Factorizations of port/factorizations.h. */
kfix_status kfix_cuda_spd_inverse(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                  kfix_real *work, size_t *info);
kfix_status kfix_cuda_spd_inverses(const kfix_device *d, size_t count, const kfix_inverse_job *jobs,
                                   size_t *failed, size_t *info);
kfix_status kfix_cuda_spd_whiten(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                 size_t *info);
kfix_status kfix_cuda_symmetric_eigen(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                      kfix_real *values, kfix_real *vectors, size_t ldv,
                                      kfix_real *scratch, size_t *info);
kfix_status kfix_cuda_symmetric_eigens(const kfix_device *d, size_t count,
                                       const kfix_eigen_job *jobs, kfix_real *work, size_t *failed,
                                       size_t *info);

kfix_status kfix_cuda_kron_search(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                                  kfix_kron_order order, kfix_real *left, kfix_real *right,
                                  kfix_kron_pairs *pairs, kfix_real *scratch);
extern const kfix_kron_entries kfix_cuda_kron;

/* A port of the host, with scratch at `at` for matrices of order n: KFIX_PORT_SCRATCH_simd bytes. */
kfix_device kfix_cuda_host(kfix_real *at, size_t n);
/* Factorizations by the host, as spd_inverse, spd_whiten and symmetric_eigen of the port: the device is
 * waited for. because: whose workspace was not planned for. */
kfix_status kfix_cuda_host_inverse(const kfix_device *d, const char *because, size_t n,
                                   kfix_real *a, size_t lda, size_t *info);
kfix_status kfix_cuda_host_whiten(const kfix_device *d, const char *because, size_t n, kfix_real *a,
                                  size_t lda, size_t *info);
kfix_status kfix_cuda_host_eigen(const kfix_device *d, const char *because, size_t n, kfix_real *a,
                                 size_t lda, kfix_real *values, kfix_real *vectors, size_t ldv,
                                 size_t *info);
/* What cuSOLVER asks for, and whose call that is. */
typedef struct kfix_cuda_room {
  size_t device, host;
  const char *because; /* NULL: it was planned for */
} kfix_cuda_room;
/* Of kfix_cuda_invert. */
kfix_status kfix_cuda_invert_room(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                  kfix_cuda_room *room);
/* Indices that a library counts in int. errors  PORT: those of this matrix are beyond that */
kfix_status kfix_cuda_counts_in_int(const kfix_device *d, size_t n, size_t ld);
/* The squares lie behind the solver's workspace and are idle where eigenvalues are sought, as both are where images
 * are looked at: bytes of both. */
static inline size_t kfix_cuda_wide_bytes(const kfix_cuda_scratch *s) {
  return (size_t)((unsigned char *)s->sums - s->solver);
}
/* Small matrices go in batches of equal order, a power of two from this one on: 1 if one of order n
 * belongs into those of `order`. */
#define KFIX_CUDA_ORDER_MIN 32
static inline int kfix_cuda_is_of_order(size_t n, size_t order) {
  return n <= order && n > (order == KFIX_CUDA_ORDER_MIN ? 0 : order / 2);
}
/* spd_inverse of a full matrix without waiting, where there is room: two codes into info, in the device's
 * memory. */
kfix_status kfix_cuda_invert(const kfix_device *d, size_t n, kfix_real *a, size_t lda, int *info);
/* *info = a code above 0, else 0. errors  PORT: a code below 0 */
kfix_status kfix_cuda_take_info(const kfix_device *d, int value, size_t *info);

#endif
