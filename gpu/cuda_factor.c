/* SPDX-License-Identifier: Apache-2.0
 * Factorizations by cuSOLVER. Its columns are our rows, so our lower triangle is its upper one. What
 * answers *info waits for the device: it runs at a refresh, not at every step. */
#include <limits.h>

#include "cuda_device.h"

#ifdef KFIX_REAL_DOUBLE
#define POTRI_BUFFER_SIZE cusolverDnDpotri_bufferSize
#define POTRI             cusolverDnDpotri
#define TRANSPOSE         cublasDgeam_64
#else
#define POTRI_BUFFER_SIZE cusolverDnSpotri_bufferSize
#define POTRI             cusolverDnSpotri
#define TRANSPOSE         cublasSgeam_64
#endif

/* Whether `device` and `host` bytes were planned for: else it is named. */
static void judge(kfix_cuda_room *room, const char *name, int enough) {
  if (!enough && !room->because) room->because = name;
}

static void judge_planned(const kfix_device *d, kfix_cuda_room *room, const char *name) {
  const kfix_cuda_scratch *s = &kfix_cuda_of(d)->scratch;
  judge(room, name, room->device <= s->solver_bytes && room->host <= s->host_bytes);
}

kfix_status kfix_cuda_counts_in_int(const kfix_device *d, size_t n, size_t ld) {
  const int fits = n == 0 || ld <= INT_MAX / n;
  return kfix_cuda_check(d, "an order beyond 32 bits", fits ? 0 : (int)cudaErrorInvalidValue);
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

static kfix_status cholesky_room(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                 kfix_cuda_room *room) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  *room = (kfix_cuda_room){0, 0, NULL};
  KFIX_VENDOR(
      d, "cusolverDnXpotrf_bufferSize",
      cusolverDnXpotrf_bufferSize(cuda->cusolver, cuda->solver_parameters, CUBLAS_FILL_MODE_UPPER,
                                  (int64_t)n, KFIX_CUDA_REAL_TYPE, a, (int64_t)lda,
                                  KFIX_CUDA_REAL_TYPE, &room->device, &room->host));
  judge_planned(d, room, "cusolverDnXpotrf's workspace");
  return KFIX_OK;
}

/* What it answers goes to `info`, in the device's memory; nobody waits. */
static kfix_status cholesky(const kfix_device *d, size_t n, kfix_real *a, size_t lda, int *info) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  const kfix_cuda_scratch *s = &cuda->scratch;
  kfix_cuda_room room;
  KFIX_TRY(cholesky_room(d, n, a, lda, &room));
  KFIX_TRY(kfix_cuda_flush(d));
  KFIX_VENDOR(
      d, "cusolverDnXpotrf",
      cusolverDnXpotrf(cuda->cusolver, cuda->solver_parameters, CUBLAS_FILL_MODE_UPPER, (int64_t)n,
                       KFIX_CUDA_REAL_TYPE, a, (int64_t)lda, KFIX_CUDA_REAL_TYPE, s->solver,
                       room.device, s->host, room.host, info));
  return KFIX_OK;
}

static kfix_status potri_elements(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                  int *elements) {
  *elements = 0;
  KFIX_TRY(kfix_cuda_counts_in_int(d, n, lda));
  KFIX_VENDOR(d, "cusolverDnXpotri_bufferSize",
              POTRI_BUFFER_SIZE(kfix_cuda_of(d)->cusolver, CUBLAS_FILL_MODE_UPPER, (int)n, a,
                                (int)lda, elements));
  return KFIX_OK;
}

kfix_status kfix_cuda_invert_room(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                  kfix_cuda_room *room) {
  int elements;
  KFIX_TRY(cholesky_room(d, n, a, lda, room));
  KFIX_TRY(potri_elements(d, n, a, lda, &elements));
  room->device = (size_t)elements * sizeof *a;
  judge_planned(d, room, "cusolverDnXpotri's workspace");
  return KFIX_OK;
}

/* The inverse of what is not positive definite is nonsense and does no harm; so below. */
kfix_status kfix_cuda_invert(const kfix_device *d, size_t n, kfix_real *a, size_t lda, int *info) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  int elements;
  KFIX_TRY(cholesky(d, n, a, lda, info));
  KFIX_TRY(potri_elements(d, n, a, lda, &elements));
  KFIX_VENDOR(d, "cusolverDnXpotri",
              POTRI(cuda->cusolver, CUBLAS_FILL_MODE_UPPER, (int)n, a, (int)lda,
                    (kfix_real *)(void *)cuda->scratch.solver, elements, info + 1));
  return KFIX_OK;
}

/* Waits once for two codes. */
static kfix_status is_positive(const kfix_device *d, size_t *info) {
  int values[2] = {0, 0};
  KFIX_TRY(d->port->download(d, values, kfix_cuda_of(d)->scratch.info, sizeof values));
  KFIX_TRY(kfix_cuda_take_info(d, values[0] ? values[0] : values[1], info));
  return *info ? KFIX_NOT_POSITIVE : KFIX_OK;
}

static kfix_status invert(const kfix_device *d, size_t n, kfix_real *a, size_t lda, size_t *info) {
  kfix_cuda_room room;
  KFIX_TRY(kfix_cuda_invert_room(d, n, a, lda, &room));
  if (room.because) return kfix_cuda_host_inverse(d, room.because, n, a, lda, info);
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

static kfix_status triangle_room(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                 kfix_cuda_room *room) {
  KFIX_VENDOR(d, "cusolverDnXtrtri_bufferSize",
              cusolverDnXtrtri_bufferSize(kfix_cuda_of(d)->cusolver, CUBLAS_FILL_MODE_UPPER,
                                          CUBLAS_DIAG_NON_UNIT, (int64_t)n, KFIX_CUDA_REAL_TYPE, a,
                                          (int64_t)lda, &room->device, &room->host));
  judge_planned(d, room, "cusolverDnXtrtri's workspace");
  return KFIX_OK;
}

kfix_status kfix_cuda_spd_whiten(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                 size_t *info) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  const kfix_cuda_scratch *s = &cuda->scratch;
  const kfix_lower_args lower = {n, {a, lda}};
  kfix_cuda_room room;
  *info = 0;
  if (n == 0) return KFIX_OK;
  KFIX_TRY(cholesky_room(d, n, a, lda, &room));
  KFIX_TRY(triangle_room(d, n, a, lda, &room));
  if (room.because) return kfix_cuda_host_whiten(d, room.because, n, a, lda, info);
  KFIX_TRY(cholesky(d, n, a, lda, s->info));
  KFIX_VENDOR(d, "cusolverDnXtrtri",
              cusolverDnXtrtri(cuda->cusolver, CUBLAS_FILL_MODE_UPPER, CUBLAS_DIAG_NON_UNIT,
                               (int64_t)n, KFIX_CUDA_REAL_TYPE, a, (int64_t)lda, s->solver,
                               room.device, s->host, room.host, s->info + 1));
  KFIX_LAUNCH(d, lower, &lower, n * n);
  return is_positive(d, info);
}

/* vectors = a^T, then the sign of each column. */
static kfix_status turn(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                        kfix_real *vectors, size_t ldv) {
  const kfix_real one = 1, zero = 0;
  const kfix_sign_args sign = {n, {vectors, ldv}};
  KFIX_TRY(kfix_cuda_flush(d));
  KFIX_VENDOR(d, "cublasXgeam",
              TRANSPOSE(kfix_cuda_of(d)->cublas, CUBLAS_OP_T, CUBLAS_OP_N, (int64_t)n, (int64_t)n,
                        &one, a, (int64_t)lda, &zero, a, (int64_t)lda, vectors, (int64_t)ldv));
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

static kfix_status eigen_room(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                              const kfix_real *values, kfix_cuda_room *room) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  *room = (kfix_cuda_room){0, 0, NULL};
  KFIX_VENDOR(d, "cusolverDnXsyevd_bufferSize",
              cusolverDnXsyevd_bufferSize(
                  cuda->cusolver, cuda->solver_parameters, CUSOLVER_EIG_MODE_VECTOR,
                  CUBLAS_FILL_MODE_UPPER, (int64_t)n, KFIX_CUDA_REAL_TYPE, a, (int64_t)lda,
                  KFIX_CUDA_REAL_TYPE, values, KFIX_CUDA_REAL_TYPE, &room->device, &room->host));
  judge(room, "cusolverDnXsyevd's workspace",
        room->device <= kfix_cuda_wide_bytes(&cuda->scratch) &&
            room->host <= cuda->scratch.host_bytes);
  return KFIX_OK;
}

kfix_status kfix_cuda_symmetric_eigen(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                      kfix_real *values, kfix_real *vectors, size_t ldv,
                                      kfix_real *scratch, size_t *info) {
  kfix_cuda *cuda = kfix_cuda_of(d);
  const kfix_cuda_scratch *s = &cuda->scratch;
  kfix_cuda_room room;
  (void)scratch;
  *info = 0;
  if (n == 0) return KFIX_OK;
  KFIX_TRY(find_nonfinite(d, n, a, lda, info));
  if (*info) return KFIX_NOT_CONVERGED;
  KFIX_TRY(eigen_room(d, n, a, lda, values, &room));
  if (room.because)
    return kfix_cuda_host_eigen(d, room.because, n, a, lda, values, vectors, ldv, info);
  KFIX_VENDOR(d, "cusolverDnXsyevd",
              cusolverDnXsyevd(cuda->cusolver, cuda->solver_parameters, CUSOLVER_EIG_MODE_VECTOR,
                               CUBLAS_FILL_MODE_UPPER, (int64_t)n, KFIX_CUDA_REAL_TYPE, a,
                               (int64_t)lda, KFIX_CUDA_REAL_TYPE, values, KFIX_CUDA_REAL_TYPE,
                               s->solver, room.device, s->host, room.host, s->info));
  cuda->routes.alone++;
  KFIX_TRY(read_info(d, info));
  if (*info) return KFIX_NOT_CONVERGED;
  return turn(d, n, a, lda, vectors, ldv);
}
