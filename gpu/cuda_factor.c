/* SPDX-License-Identifier: Apache-2.0
 * Factorizations by cuSOLVER. Its columns are our rows, so our lower triangle is its upper one. What
 * answers *info waits for the device: it runs at a refresh, not at every step. */
#include "cuda_device.h"

#ifdef KFIX_REAL_DOUBLE
#define POTRI_BUFFER_SIZE cusolverDnDpotri_bufferSize
#define POTRI             cusolverDnDpotri
#define TRANSPOSE         cublasDgeam
#else
#define POTRI_BUFFER_SIZE cusolverDnSpotri_bufferSize
#define POTRI             cusolverDnSpotri
#define TRANSPOSE         cublasSgeam
#endif

static kfix_status ready(const kfix_device *d, const char *what, int enough) {
  KFIX_TRY(kfix_cuda_flush(d));
  return kfix_cuda_check(d, what, enough ? 0 : (int)CUSOLVER_STATUS_ALLOC_FAILED);
}

kfix_status kfix_cuda_ready(const kfix_device *d, const char *what, size_t device, size_t host) {
  const kfix_cuda_scratch *s = &kfix_cuda_of(d)->scratch;
  return ready(d, what, device <= s->solver_bytes && host <= s->host_bytes);
}

/* What a code of cuSOLVER's means. */
kfix_status kfix_cuda_take_info(const kfix_device *d, int value, size_t *info) {
  *info = value > 0 ? (size_t)value : 0;
  return kfix_cuda_check(d, "cuSOLVER's argument", value < 0 ? value : 0);
}

static kfix_status read_info(const kfix_device *d, size_t *info) {
  int value = 0;
  KFIX_TRY(d->port->download(d, &value, kfix_cuda_of(d)->scratch.info, sizeof value));
  return kfix_cuda_take_info(d, value, info);
}

/* What it answers goes to `info`, in the device's memory; nobody waits. */
static kfix_status cholesky(const kfix_device *d, size_t n, kfix_real *a, size_t lda, int *info) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  const kfix_cuda_scratch s = kfix_cuda_of(d)->scratch;
  size_t device = 0, host = 0;
  KFIX_TRY(kfix_cuda_check(
      d, "cusolverDnXpotrf_bufferSize",
      (int)cusolverDnXpotrf_bufferSize(cuda->cusolver, cuda->solver_parameters,
                                       CUBLAS_FILL_MODE_UPPER, (int64_t)n, KFIX_CUDA_REAL_TYPE, a,
                                       (int64_t)lda, KFIX_CUDA_REAL_TYPE, &device, &host)));
  KFIX_TRY(kfix_cuda_ready(d, "cusolverDnXpotrf's workspace", device, host));
  return kfix_cuda_check(
      d, "cusolverDnXpotrf",
      (int)cusolverDnXpotrf(cuda->cusolver, cuda->solver_parameters, CUBLAS_FILL_MODE_UPPER,
                            (int64_t)n, KFIX_CUDA_REAL_TYPE, a, (int64_t)lda, KFIX_CUDA_REAL_TYPE,
                            s.solver, device, s.host, host, info));
}

/* The inverse of what is not positive definite is nonsense and does no harm; so below. */
kfix_status kfix_cuda_invert(const kfix_device *d, size_t n, kfix_real *a, size_t lda, int *info) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  int elements = 0;
  KFIX_TRY(cholesky(d, n, a, lda, info));
  KFIX_TRY(kfix_cuda_check(d, "cusolverDnXpotri_bufferSize",
                           (int)POTRI_BUFFER_SIZE(cuda->cusolver, CUBLAS_FILL_MODE_UPPER, (int)n, a,
                                                  (int)lda, &elements)));
  KFIX_TRY(kfix_cuda_ready(d, "cusolverDnXpotri's workspace", (size_t)elements * sizeof *a, 0));
  return kfix_cuda_check(d, "cusolverDnXpotri",
                         (int)POTRI(cuda->cusolver, CUBLAS_FILL_MODE_UPPER, (int)n, a, (int)lda,
                                    (kfix_real *)(void *)cuda->scratch.solver, elements, info + 1));
}

/* Waits once for two codes. */
static kfix_status is_positive(const kfix_device *d, size_t *info) {
  int values[2] = {0, 0};
  KFIX_TRY(d->port->download(d, values, kfix_cuda_of(d)->scratch.info, sizeof values));
  KFIX_TRY(kfix_cuda_take_info(d, values[0] ? values[0] : values[1], info));
  return *info ? KFIX_NOT_POSITIVE : KFIX_OK;
}

static kfix_status invert(const kfix_device *d, size_t n, kfix_real *a, size_t lda, size_t *info) {
  KFIX_TRY(kfix_cuda_invert(d, n, a, lda, kfix_cuda_of(d)->scratch.info));
  return is_positive(d, info);
}

kfix_status kfix_cuda_spd_inverse(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                  kfix_real *work, size_t *info) {
  kfix_real *full = kfix_cuda_of(d)->scratch.square[0];
  (void)work;
  *info = 0;
  if (n == 0) return KFIX_OK;
  if (lda != KFIX_PACKED) return invert(d, n, a, lda, info);
  KFIX_TRY(kfix_cuda_unpack(d, n, a, 0, full, KFIX_LD(n)));
  KFIX_TRY(invert(d, n, full, KFIX_LD(n), info));
  return kfix_cuda_pack(d, n, full, KFIX_LD(n), a);
}

kfix_status kfix_cuda_spd_whiten(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                 size_t *info) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  const kfix_cuda_scratch s = kfix_cuda_of(d)->scratch;
  const kfix_lower_args lower = {n, {a, lda}};
  size_t device = 0, host = 0;
  *info = 0;
  if (n == 0) return KFIX_OK;
  KFIX_TRY(cholesky(d, n, a, lda, s.info));
  KFIX_TRY(kfix_cuda_check(d, "cusolverDnXtrtri_bufferSize",
                           (int)cusolverDnXtrtri_bufferSize(
                               cuda->cusolver, CUBLAS_FILL_MODE_UPPER, CUBLAS_DIAG_NON_UNIT,
                               (int64_t)n, KFIX_CUDA_REAL_TYPE, a, (int64_t)lda, &device, &host)));
  KFIX_TRY(kfix_cuda_ready(d, "cusolverDnXtrtri's workspace", device, host));
  KFIX_TRY(kfix_cuda_check(
      d, "cusolverDnXtrtri",
      (int)cusolverDnXtrtri(cuda->cusolver, CUBLAS_FILL_MODE_UPPER, CUBLAS_DIAG_NON_UNIT,
                            (int64_t)n, KFIX_CUDA_REAL_TYPE, a, (int64_t)lda, s.solver, device,
                            s.host, host, s.info + 1)));
  KFIX_LAUNCH(d, lower, &lower, n * n);
  return is_positive(d, info);
}

/* vectors = a^T, then the sign of each column. */
static kfix_status turn(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                        kfix_real *vectors, size_t ldv) {
  const kfix_real one = 1, zero = 0;
  const kfix_sign_args sign = {n, {vectors, ldv}};
  KFIX_TRY(kfix_cuda_flush(d));
  KFIX_TRY(kfix_cuda_check(
      d, "cublasXgeam",
      (int)TRANSPOSE(kfix_cuda_of(d)->cublas, CUBLAS_OP_T, CUBLAS_OP_N, (int)n, (int)n, &one, a,
                     (int)lda, &zero, a, (int)lda, vectors, (int)ldv)));
  KFIX_LAUNCH(d, sign, &sign, n);
  return KFIX_OK;
}

/* The first row with an element of the lower triangle that is not finite, 0: none. */
static kfix_status find_nonfinite(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                                  size_t *info) {
  const kfix_cuda_scratch s = kfix_cuda_of(d)->scratch;
  const kfix_finite_args finite = {{a, lda}, s.sums};
  const kfix_first_args first = {n, s.sums, s.info};
  KFIX_LAUNCH(d, finite, &finite, n);
  KFIX_LAUNCH(d, first, &first, 1);
  return read_info(d, info);
}

kfix_status kfix_cuda_symmetric_eigen(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                      kfix_real *values, kfix_real *vectors, size_t ldv,
                                      kfix_real *scratch, size_t *info) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  const kfix_cuda_scratch s = kfix_cuda_of(d)->scratch;
  size_t device = 0, host = 0;
  (void)scratch;
  *info = 0;
  if (n == 0) return KFIX_OK;
  KFIX_TRY(find_nonfinite(d, n, a, lda, info));
  if (*info) return KFIX_NOT_CONVERGED;
  KFIX_TRY(kfix_cuda_check(
      d, "cusolverDnXsyevd_bufferSize",
      (int)cusolverDnXsyevd_bufferSize(cuda->cusolver, cuda->solver_parameters,
                                       CUSOLVER_EIG_MODE_VECTOR, CUBLAS_FILL_MODE_UPPER, (int64_t)n,
                                       KFIX_CUDA_REAL_TYPE, a, (int64_t)lda, KFIX_CUDA_REAL_TYPE,
                                       values, KFIX_CUDA_REAL_TYPE, &device, &host)));
  KFIX_TRY(ready(d, "cusolverDnXsyevd's workspace",
                 device <= kfix_cuda_wide_bytes(&s) && host <= s.host_bytes));
  KFIX_TRY(kfix_cuda_check(
      d, "cusolverDnXsyevd",
      (int)cusolverDnXsyevd(cuda->cusolver, cuda->solver_parameters, CUSOLVER_EIG_MODE_VECTOR,
                            CUBLAS_FILL_MODE_UPPER, (int64_t)n, KFIX_CUDA_REAL_TYPE, a,
                            (int64_t)lda, KFIX_CUDA_REAL_TYPE, values, KFIX_CUDA_REAL_TYPE,
                            s.solver, device, s.host, host, s.info)));
  KFIX_TRY(read_info(d, info));
  if (*info) return KFIX_NOT_CONVERGED;
  return turn(d, n, a, lda, vectors, ldv);
}
