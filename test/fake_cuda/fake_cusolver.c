/* SPDX-License-Identifier: Apache-2.0
 * The part of cuSOLVER that the port calls: Cholesky and inverse by their definitions, eigenvalues
 * by Jacobi's rotations. Upper triangles of columns only, as the port asks for them. */
#include <cusolverDn.h>
#include <math.h>
#include <stdlib.h>

#include "core/real.h"
#include "fake_device.h"

#define ENTER(name)                                \
  do {                                             \
    const int code_ = fake_enter_uncaptured(name); \
    if (code_) return (cusolverStatus_t)code_;     \
  } while (0)
#define AT(a, ld, i, j) (a)[(size_t)(j) * (size_t)(ld) + (size_t)(i)]

static int handle;

static int answer;
static size_t wanted;

void fake_solver(int info, size_t more) {
  answer = info;
  wanted = more;
}

cusolverStatus_t cusolverDnCreate(cusolverDnHandle_t *out) {
  ENTER("cusolverDnCreate");
  *out = (cusolverDnHandle_t)(void *)&handle;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverGetVersion(int *version) {
  *version = CUSOLVER_VERSION;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnDestroy(cusolverDnHandle_t h) {
  (void)h;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnSetStream(cusolverDnHandle_t h, cudaStream_t stream) {
  (void)h, (void)stream;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnSetDeterministicMode(cusolverDnHandle_t h,
                                                cusolverDeterministicMode_t mode) {
  (void)h, (void)mode;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnXpotrf_bufferSize(cusolverDnHandle_t h, cusolverDnParams_t params,
                                             cublasFillMode_t uplo, int64_t n, cudaDataType type_a,
                                             const void *a, int64_t lda, cudaDataType compute,
                                             size_t *device, size_t *host) {
  (void)h, (void)params, (void)uplo, (void)type_a, (void)a, (void)lda, (void)compute;
  ENTER("cusolverDnXpotrf_bufferSize");
  *device = (size_t)n * sizeof(kfix_real) + wanted;
  *host = 0;
  return CUSOLVER_STATUS_SUCCESS;
}

/* A = R^T R with R upper; 0, or the 1-based row whose pivot is not positive. */
static int cholesky(int64_t n, kfix_real *a, int64_t ld) {
  for (int64_t j = 0; j < n; j++) {
    for (int64_t i = 0; i <= j; i++) {
      double sum = AT(a, ld, i, j);
      for (int64_t q = 0; q < i; q++) sum -= (double)AT(a, ld, q, i) * (double)AT(a, ld, q, j);
      if (i == j && !(sum > 0)) return (int)j + 1;
      AT(a, ld, i, j) = (kfix_real)(i == j ? sqrt(sum) : sum / (double)AT(a, ld, i, i));
    }
  }
  return 0;
}

cusolverStatus_t cusolverDnXpotrf(cusolverDnHandle_t h, cusolverDnParams_t params,
                                  cublasFillMode_t uplo, int64_t n, cudaDataType type_a, void *a,
                                  int64_t lda, cudaDataType compute, void *device,
                                  size_t device_bytes, void *host, size_t host_bytes, int *info) {
  (void)h, (void)params, (void)type_a, (void)compute, (void)device, (void)device_bytes;
  (void)host, (void)host_bytes;
  ENTER("cusolverDnXpotrf");
  if (uplo != CUBLAS_FILL_MODE_UPPER) return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  *info = answer ? answer : cholesky(n, a, lda);
  fake_lock();
  return CUSOLVER_STATUS_SUCCESS;
}

#ifdef KFIX_REAL_DOUBLE
#define POTRF_BATCHED cusolverDnDpotrfBatched
#else
#define POTRF_BATCHED cusolverDnSpotrfBatched
#endif

cusolverStatus_t POTRF_BATCHED(cusolverDnHandle_t h, cublasFillMode_t uplo, int n,
                               kfix_real *matrices[], int lda, int *info, int count) {
  (void)h;
  ENTER("cusolverDnXpotrfBatched");
  if (uplo != CUBLAS_FILL_MODE_UPPER) return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  for (int b = 0; b < count; b++) info[b] = answer ? answer : cholesky(n, matrices[b], lda);
  fake_lock();
  return CUSOLVER_STATUS_SUCCESS;
}

/* Solves R^T R x = e_c for every c; the upper triangle of the inverse replaces R. */
static int invert(int n, kfix_real *a, int ld) {
  double *inverse = malloc((size_t)n * (size_t)n * sizeof *inverse);
  if (!inverse) return -1;
  for (int c = 0; c < n; c++) {
    double *x = inverse + (size_t)c * (size_t)n;
    for (int i = 0; i < n; i++) {
      x[i] = i == c;
      for (int q = 0; q < i; q++) x[i] -= (double)AT(a, ld, q, i) * x[q];
      x[i] /= (double)AT(a, ld, i, i);
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int q = i + 1; q < n; q++) x[i] -= (double)AT(a, ld, i, q) * x[q];
      x[i] /= (double)AT(a, ld, i, i);
    }
  }
  for (int j = 0; j < n; j++)
    for (int i = 0; i <= j; i++)
      AT(a, ld, i, j) = (kfix_real)inverse[(size_t)j * (size_t)n + (size_t)i];
  free(inverse);
  return 0;
}

cusolverStatus_t cusolverDnXtrtri_bufferSize(cusolverDnHandle_t h, cublasFillMode_t uplo,
                                             cublasDiagType_t diag, int64_t n, cudaDataType type_a,
                                             void *a, int64_t lda, size_t *device, size_t *host) {
  (void)h, (void)uplo, (void)diag, (void)n, (void)type_a, (void)a, (void)lda;
  *device = *host = 0;
  return CUSOLVER_STATUS_SUCCESS;
}

/* The inverse of an upper triangle, in place, column by column. */
static void invert_upper(int64_t n, kfix_real *a, int64_t ld) {
  for (int64_t j = 0; j < n; j++) {
    const double diagonal = 1 / (double)AT(a, ld, j, j);
    for (int64_t i = 0; i < j; i++) {
      double sum = 0;
      for (int64_t q = i; q < j; q++) sum += (double)AT(a, ld, i, q) * (double)AT(a, ld, q, j);
      AT(a, ld, i, j) = (kfix_real)(-sum * diagonal);
    }
    AT(a, ld, j, j) = (kfix_real)diagonal;
  }
}

cusolverStatus_t cusolverDnXtrtri(cusolverDnHandle_t h, cublasFillMode_t uplo,
                                  cublasDiagType_t diag, int64_t n, cudaDataType type_a, void *a,
                                  int64_t lda, void *device, size_t device_bytes, void *host,
                                  size_t host_bytes, int *info) {
  (void)h, (void)diag, (void)type_a, (void)device, (void)device_bytes, (void)host;
  (void)host_bytes;
  ENTER("cusolverDnXtrtri");
  if (uplo != CUBLAS_FILL_MODE_UPPER) return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  invert_upper(n, a, lda);
  *info = 0;
  fake_lock();
  return CUSOLVER_STATUS_SUCCESS;
}

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
  (void)h, (void)params, (void)jobz, (void)uplo, (void)type_a, (void)a, (void)lda, (void)type_w;
  (void)w, (void)compute;
  ENTER("cusolverDnXsyevd_bufferSize");
  *device = (size_t)(2 * n * n) * sizeof(kfix_real) + wanted;
  *host = (size_t)n * sizeof(kfix_real);
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnXsyevd(cusolverDnHandle_t h, cusolverDnParams_t params,
                                  cusolverEigMode_t jobz, cublasFillMode_t uplo, int64_t n,
                                  cudaDataType type_a, void *a, int64_t lda, cudaDataType type_w,
                                  void *w, cudaDataType compute, void *device, size_t device_bytes,
                                  void *host, size_t host_bytes, int *info) {
  (void)h, (void)params, (void)jobz, (void)type_a, (void)type_w, (void)compute, (void)device;
  (void)device_bytes, (void)host, (void)host_bytes;
  ENTER("cusolverDnXsyevd");
  if (uplo != CUBLAS_FILL_MODE_UPPER) return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  *info = answer ? answer : eigen((int)n, a, (int)lda, w);
  fake_lock();
  return CUSOLVER_STATUS_SUCCESS;
}

#ifdef KFIX_REAL_DOUBLE
#define POTRI_BUFFER_SIZE cusolverDnDpotri_bufferSize
#define POTRI             cusolverDnDpotri
#else
#define POTRI_BUFFER_SIZE cusolverDnSpotri_bufferSize
#define POTRI             cusolverDnSpotri
#endif

cusolverStatus_t POTRI_BUFFER_SIZE(cusolverDnHandle_t h, cublasFillMode_t uplo, int n, kfix_real *a,
                                   int lda, int *elements) {
  (void)h, (void)uplo, (void)a, (void)lda;
  *elements = n;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t POTRI(cusolverDnHandle_t h, cublasFillMode_t uplo, int n, kfix_real *a, int lda,
                       kfix_real *work, int elements, int *info) {
  (void)h, (void)work, (void)elements;
  ENTER("cusolverDnXpotri");
  if (uplo != CUBLAS_FILL_MODE_UPPER) return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  *info = invert(n, a, lda);
  fake_lock();
  return CUSOLVER_STATUS_SUCCESS;
}
