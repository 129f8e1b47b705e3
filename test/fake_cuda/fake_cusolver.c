/* SPDX-License-Identifier: Apache-2.0
 * The part of cuSOLVER that the port calls, but for eigenvalues: Cholesky and inverse by their
 * definitions. Upper triangles of columns only, as the port asks for them. */
#include <math.h>
#include <stdlib.h>

#include "fake_solver.h"

static int parameters, version = CUSOLVER_VERSION;

typedef struct handle {
  int device;
  cudaStream_t stream;
} handle;

static handle *handle_of(cusolverDnHandle_t h) {
  return (handle *)(void *)h;
}

static int answer;
static size_t wanted;

void fake_solver(int info, size_t more) {
  answer = info;
  wanted = more;
}

void fake_solver_version(int number) {
  version = number;
}

cusolverStatus_t cusolverDnCreate(cusolverDnHandle_t *out) {
  ENTER("cusolverDnCreate");
  handle *h = calloc(1, sizeof *h);
  if (!h) abort();
  h->device = fake_current();
  *out = (cusolverDnHandle_t)(void *)h;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnCreateParams(cusolverDnParams_t *out) {
  ENTER("cusolverDnCreateParams");
  *out = (cusolverDnParams_t)(void *)&parameters;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnDestroyParams(cusolverDnParams_t p) {
  return (void *)p == &parameters ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_INVALID_VALUE;
}

cusolverStatus_t cusolverGetProperty(libraryPropertyType type, int *value) {
  const int parts[] = {version / 1000, version / 100 % 10, version % 100};
  if (type > PATCH_LEVEL) return CUSOLVER_STATUS_INVALID_VALUE;
  *value = parts[type];
  return CUSOLVER_STATUS_SUCCESS;
}

static int is_foreign(cusolverDnHandle_t h) {
  return !h || handle_of(h)->device != fake_current();
}

cusolverStatus_t cusolverDnDestroy(cusolverDnHandle_t h) {
  if (is_foreign(h)) return CUSOLVER_STATUS_NOT_INITIALIZED;
  free(handle_of(h));
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnSetStream(cusolverDnHandle_t h, cudaStream_t stream) {
  if (is_foreign(h) || !fake_is_stream((const void *)stream)) return CUSOLVER_STATUS_INVALID_VALUE;
  handle_of(h)->stream = stream;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnGetStream(cusolverDnHandle_t h, cudaStream_t *stream) {
  *stream = handle_of(h)->stream;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t cusolverDnSetDeterministicMode(cusolverDnHandle_t h,
                                                cusolverDeterministicMode_t mode) {
  (void)h, (void)mode;
  return CUSOLVER_STATUS_SUCCESS;
}

int fake_solver_call(cusolverDnHandle_t h, cublasFillMode_t uplo, int64_t n, const void *a,
                     int64_t lda, cudaDataType type, const int *info) {
  if (is_foreign(h) || !fake_is_stream((const void *)handle_of(h)->stream)) return 0;
  if (uplo != CUBLAS_FILL_MODE_UPPER || n <= 0 || lda < n || type != FAKE_REAL_TYPE) return 0;
  return fake_holds(info, sizeof *info) &&
         fake_holds(a, (size_t)((n - 1) * lda + n) * sizeof(kfix_real));
}

int fake_solver_parameters(const void *params) {
  return params == (const void *)&parameters;
}

int fake_solver_room(void *device, size_t device_bytes, void *host, size_t host_bytes) {
  if (!fake_holds(device, device_bytes) || (host_bytes && (!host || fake_holds(host, 1)))) return 0;
  fake_unlock();
  fake_scribble(device, device_bytes);
  fake_lock();
  if (host_bytes) fake_scribble(host, host_bytes);
  return 1;
}

size_t fake_solver_squares(int64_t n, size_t count) {
  return count * (size_t)n * (size_t)n * sizeof(kfix_real) + wanted;
}

int fake_solver_answer(void) {
  return answer;
}

cusolverStatus_t cusolverDnXpotrf_bufferSize(cusolverDnHandle_t h, cusolverDnParams_t params,
                                             cublasFillMode_t uplo, int64_t n, cudaDataType type_a,
                                             const void *a, int64_t lda, cudaDataType compute,
                                             size_t *device, size_t *host) {
  (void)h, (void)uplo, (void)type_a, (void)a, (void)lda, (void)compute;
  ENTER("cusolverDnXpotrf_bufferSize");
  if (!fake_solver_parameters(params)) return CUSOLVER_STATUS_INVALID_VALUE;
  *device = fake_solver_squares(n, 1);
  *host = (size_t)n;
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
  (void)compute;
  ENTER("cusolverDnXpotrf");
  if (!fake_solver_parameters(params) || !fake_solver_call(h, uplo, n, a, lda, type_a, info) ||
      device_bytes < fake_solver_squares(n, 1) ||
      !fake_solver_room(device, device_bytes, host, host_bytes))
    return CUSOLVER_STATUS_INVALID_VALUE;
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

/* Documented: it is work space. */
static void lose_other_triangle(int n, kfix_real *a, int ld) {
  for (int j = 0; j < n; j++)
    for (int i = j + 1; i < n; i++) AT(a, ld, i, j) = (kfix_real)NAN;
}

cusolverStatus_t POTRF_BATCHED(cusolverDnHandle_t h, cublasFillMode_t uplo, int n,
                               kfix_real *matrices[], int lda, int *info, int count) {
  ENTER("cusolverDnXpotrfBatched");
  if (!fake_holds(matrices, (size_t)count * sizeof *matrices) ||
      !fake_holds(info, (size_t)count * sizeof *info))
    return CUSOLVER_STATUS_INVALID_VALUE;
  int good = 1;
  fake_unlock();
  for (int b = 0; b < count; b++)
    good &= fake_solver_call(h, uplo, n, matrices[b], lda, FAKE_REAL_TYPE, info);
  for (int b = 0; b < count && good; b++) {
    lose_other_triangle(n, matrices[b], lda);
    info[b] = answer ? answer : cholesky(n, matrices[b], lda);
  }
  fake_lock();
  return good ? CUSOLVER_STATUS_SUCCESS : CUSOLVER_STATUS_INVALID_VALUE;
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
  (void)h, (void)uplo, (void)diag, (void)type_a, (void)a, (void)lda;
  *device = fake_solver_squares(n, 1);
  *host = 0;
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
  ENTER("cusolverDnXtrtri");
  if (diag != CUBLAS_DIAG_NON_UNIT || !fake_solver_call(h, uplo, n, a, lda, type_a, info) ||
      !fake_solver_room(device, device_bytes, host, host_bytes))
    return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  invert_upper(n, a, lda);
  *info = 0;
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
  *elements = n * n;
  return CUSOLVER_STATUS_SUCCESS;
}

cusolverStatus_t POTRI(cusolverDnHandle_t h, cublasFillMode_t uplo, int n, kfix_real *a, int lda,
                       kfix_real *work, int elements, int *info) {
  ENTER("cusolverDnXpotri");
  if (!fake_solver_call(h, uplo, n, a, lda, FAKE_REAL_TYPE, info) ||
      !fake_solver_room(work, (size_t)elements * sizeof *work, NULL, 0))
    return CUSOLVER_STATUS_INVALID_VALUE;
  fake_unlock();
  *info = invert(n, a, lda);
  fake_lock();
  return CUSOLVER_STATUS_SUCCESS;
}
