/* SPDX-License-Identifier: Apache-2.0
 * Each call of cuSOLVER that is given a workspace finds it full of NaN: tests that include this are linked
 * with --wrap for each of them (test.mk), on a device as on one played by the host. */
#ifndef KFIX_TEST_CUDA_DIRTY_H
#define KFIX_TEST_CUDA_DIRTY_H

#include <cuda_runtime_api.h>
#include <cusolverDn.h>
#include <string.h>

#include "check.h"
#include "core/real.h"

#ifdef KFIX_REAL_DOUBLE
#define POTRI cusolverDnDpotri
#else
#define POTRI cusolverDnSpotri
#endif

static int dirty_calls;

static inline void make_dirty(cusolverDnHandle_t h, void *device, size_t device_bytes, void *host,
                              size_t host_bytes) {
  cudaStream_t stream = NULL;
  CHECK_INT(CUSOLVER_STATUS_SUCCESS, cusolverDnGetStream(h, &stream));
  if (device_bytes) CHECK_INT(cudaSuccess, cudaMemsetAsync(device, 0xff, device_bytes, stream));
  if (host_bytes) memset(host, 0xff, host_bytes);
  dirty_calls++;
}

/* For a name that is a macro. */
#define DIRTY(...) DIRTY_NAME(__VA_ARGS__)

/* A function NAME with these parameters, which hands `arguments` on. */
#define DIRTY_NAME(name, parameters, arguments, device, device_bytes, host, host_bytes) \
  cusolverStatus_t __real_##name parameters;                                            \
  cusolverStatus_t __wrap_##name parameters;                                            \
  cusolverStatus_t __wrap_##name parameters {                                           \
    make_dirty(h, device, device_bytes, host, host_bytes);                              \
    return __real_##name arguments;                                                     \
  }

DIRTY(cusolverDnXpotrf,
      (cusolverDnHandle_t h, cusolverDnParams_t p, cublasFillMode_t uplo, int64_t n,
       cudaDataType type, void *a, int64_t lda, cudaDataType compute, void *work, size_t bytes,
       void *host, size_t host_bytes, int *info),
      (h, p, uplo, n, type, a, lda, compute, work, bytes, host, host_bytes, info), work, bytes,
      host, host_bytes)
DIRTY(cusolverDnXtrtri,
      (cusolverDnHandle_t h, cublasFillMode_t uplo, cublasDiagType_t diag, int64_t n,
       cudaDataType type, void *a, int64_t lda, void *work, size_t bytes, void *host,
       size_t host_bytes, int *info),
      (h, uplo, diag, n, type, a, lda, work, bytes, host, host_bytes, info), work, bytes, host,
      host_bytes)
DIRTY(POTRI,
      (cusolverDnHandle_t h, cublasFillMode_t uplo, int n, kfix_real *a, int lda, kfix_real *work,
       int elements, int *info),
      (h, uplo, n, a, lda, work, elements, info), work, (size_t)elements * sizeof *work, NULL, 0)
DIRTY(cusolverDnXsyevd,
      (cusolverDnHandle_t h, cusolverDnParams_t p, cusolverEigMode_t jobz, cublasFillMode_t uplo,
       int64_t n, cudaDataType type, void *a, int64_t lda, cudaDataType type_w, void *w,
       cudaDataType compute, void *work, size_t bytes, void *host, size_t host_bytes, int *info),
      (h, p, jobz, uplo, n, type, a, lda, type_w, w, compute, work, bytes, host, host_bytes, info),
      work, bytes, host, host_bytes)
DIRTY(cusolverDnXsyevBatched,
      (cusolverDnHandle_t h, cusolverDnParams_t p, cusolverEigMode_t jobz, cublasFillMode_t uplo,
       int64_t n, cudaDataType type, void *a, int64_t lda, cudaDataType type_w, void *w,
       cudaDataType compute, void *work, size_t bytes, void *host, size_t host_bytes, int *info,
       int64_t count),
      (h, p, jobz, uplo, n, type, a, lda, type_w, w, compute, work, bytes, host, host_bytes, info,
       count),
      work, bytes, host, host_bytes)

#endif
