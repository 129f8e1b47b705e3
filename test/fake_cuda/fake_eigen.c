/* SPDX-License-Identifier: Apache-2.0
 * The fake cuSOLVER's eigenvalues, by Jacobi's rotations. */
#include <math.h>
#include <stdlib.h>

#include "fake_solver.h"

/* What is off the diagonal is not rounding. */
static int is_diagonal(int n, const double *a) {
  double off = 0, on = 0;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i; j++) off += a[i * n + j] * a[i * n + j];
    on += a[i * n + i] * a[i * n + i];
  }
  return off <= 1e-30 * on;
}

/* Rotates rows and columns p, q of the full symmetric a so that a[p][q] = 0. */
static void rotate(int n, double *a, double *v, int p, int q) {
  if (a[p * n + q] == 0) return;
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
  const double c = 1 / sqrt(t * t + 1), s = t * c;
  for (int i = 0; i < n; i++) {
    const double x = a[i * n + p], y = a[i * n + q];
    a[i * n + p] = c * x - s * y;
    a[i * n + q] = s * x + c * y;
  }
  for (int i = 0; i < n; i++) {
    const double x = a[p * n + i], y = a[q * n + i], vx = v[i * n + p], vy = v[i * n + q];
    a[p * n + i] = c * x - s * y;
    a[q * n + i] = s * x + c * y;
    v[i * n + p] = c * vx - s * vy;
    v[i * n + q] = s * vx + c * vy;
  }
}

/* Column `rank` of the result is the one whose eigenvalue is the rank-th smallest. */
static int rank_of(int n, const double *a, int j) {
  int rank = 0;
  for (int i = 0; i < n; i++)
    rank += a[i * n + i] < a[j * n + j] || (a[i * n + i] == a[j * n + j] && i < j);
  return rank;
}

static int eigen(int n, kfix_real *a, int ld, kfix_real *values) {
  double *full = malloc(2 * (size_t)n * (size_t)n * sizeof *full);
  if (!full) return -1;
  double *v = full + n * n;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      full[i * n + j] = (double)(i < j ? AT(a, ld, i, j) : AT(a, ld, j, i));
      v[i * n + j] = i == j;
    }
  for (int sweep = 0; sweep < 60 && !is_diagonal(n, full); sweep++)
    for (int p = 0; p < n; p++)
      for (int q = p + 1; q < n; q++) rotate(n, full, v, p, q);
  for (int j = 0; j < n; j++) {
    const int to = rank_of(n, full, j);
    values[to] = (kfix_real)full[j * n + j];
    for (int i = 0; i < n; i++) AT(a, ld, i, to) = (kfix_real)v[i * n + j];
  }
  free(full);
  return 0;
}

cusolverStatus_t cusolverDnXsyevd_bufferSize(cusolverDnHandle_t h, cusolverDnParams_t params,
                                             cusolverEigMode_t jobz, cublasFillMode_t uplo,
                                             int64_t n, cudaDataType type_a, const void *a,
                                             int64_t lda, cudaDataType type_w, const void *w,
                                             cudaDataType compute, size_t *device, size_t *host) {
  (void)h, (void)jobz, (void)uplo, (void)type_a, (void)a, (void)lda, (void)type_w, (void)w;
  (void)compute;
  ENTER("cusolverDnXsyevd_bufferSize");
  if (!fake_solver_parameters(params)) return CUSOLVER_STATUS_INVALID_VALUE;
  *device = fake_solver_squares(n, 5);
  *host = (size_t)(n * n) * sizeof(kfix_real);
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnXsyevd(cusolverDnHandle_t h, cusolverDnParams_t params,
                                  cusolverEigMode_t jobz, cublasFillMode_t uplo, int64_t n,
                                  cudaDataType type_a, void *a, int64_t lda, cudaDataType type_w,
                                  void *w, cudaDataType compute, void *device, size_t device_bytes,
                                  void *host, size_t host_bytes, int *info) {
  (void)compute;
  ENTER("cusolverDnXsyevd");
  if (!fake_solver_parameters(params) || jobz != CUSOLVER_EIG_MODE_VECTOR ||
      type_w != FAKE_REAL_TYPE || !fake_holds(w, (size_t)n * sizeof(kfix_real)) ||
      !fake_solver_call(h, uplo, n, a, lda, type_a, info) ||
      device_bytes < fake_solver_squares(n, 5) ||
      !fake_solver_room(device, device_bytes, host, host_bytes))
    return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  *info = fake_solver_answer() ? fake_solver_answer() : eigen((int)n, a, (int)lda, w);
  fake_lock();
  return CUSOLVER_STATUS_SUCCESS;
}

/* What a batch of matrices without gaps between them needs. */
static int is_batch(cusolverDnHandle_t h, cublasFillMode_t uplo, int64_t n, const kfix_real *a,
                    int64_t lda, cudaDataType type, const int *info, int64_t count) {
  return lda == n && count > 0 && fake_holds(info, (size_t)count * sizeof *info) &&
         fake_solver_call(h, uplo, n, a, lda, type, info) &&
         fake_holds(a, (size_t)(count * n * n) * sizeof *a);
}

cusolverStatus_t cusolverDnXsyevBatched_bufferSize(cusolverDnHandle_t h, cusolverDnParams_t params,
                                                   cusolverEigMode_t jobz, cublasFillMode_t uplo,
                                                   int64_t n, cudaDataType type_a, const void *a,
                                                   int64_t lda, cudaDataType type_w, const void *w,
                                                   cudaDataType compute, size_t *device,
                                                   size_t *host, int64_t count) {
  (void)h, (void)jobz, (void)uplo, (void)type_a, (void)a, (void)lda, (void)type_w, (void)w;
  (void)compute;
  ENTER("cusolverDnXsyevBatched_bufferSize");
  if (!fake_solver_parameters(params) || count < 1) return CUSOLVER_STATUS_INVALID_VALUE;
  *device = fake_solver_squares(n, 2 * (size_t)count);
  *host = (size_t)count;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnXsyevBatched(cusolverDnHandle_t h, cusolverDnParams_t params,
                                        cusolverEigMode_t jobz, cublasFillMode_t uplo, int64_t n,
                                        cudaDataType type_a, void *a, int64_t lda,
                                        cudaDataType type_w, void *w, cudaDataType compute,
                                        void *device, size_t device_bytes, void *host,
                                        size_t host_bytes, int *info, int64_t count) {
  kfix_real *matrices = a, *values = w;
  (void)compute;
  ENTER("cusolverDnXsyevBatched");
  if (!fake_solver_parameters(params) || jobz != CUSOLVER_EIG_MODE_VECTOR ||
      type_w != FAKE_REAL_TYPE || !is_batch(h, uplo, n, a, lda, type_a, info, count) ||
      !fake_holds(w, (size_t)(count * n) * sizeof(kfix_real)) ||
      device_bytes < fake_solver_squares(n, 2 * (size_t)count) ||
      !fake_solver_room(device, device_bytes, host, host_bytes))
    return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  for (int64_t b = 0; b < count; b++)
    info[b] = fake_solver_answer() ? fake_solver_answer()
                                   : eigen((int)n, matrices + b * n * n, (int)n, values + b * n);
  fake_lock();
  return CUSOLVER_STATUS_SUCCESS;
}
