/* SPDX-License-Identifier: Apache-2.0
 * The part of cuBLAS that the port calls, on the host: handles, transposes, solves. Products are in
 * fake_products.c. */
#include <stdlib.h>

#include "fake_blas.h"

typedef struct handle {
  int device;
  const void *stream; /* NULL: the default one, or another device's */
  void *workspace;
  size_t workspace_bytes;
} handle;

static handle *handle_of(cublasHandle_t h) {
  return (handle *)(void *)h;
}

static int is_foreign(cublasHandle_t h) {
  return !h || handle_of(h)->device != fake_current();
}

cublasStatus_t cublasCreate_v2(cublasHandle_t *out) {
  ENTER("cublasCreate");
  handle *h = calloc(1, sizeof *h);
  if (!h) abort();
  h->device = fake_current();
  *out = (cublasHandle_t)(void *)h;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t h) {
  if (is_foreign(h)) return CUBLAS_STATUS_NOT_INITIALIZED;
  free(handle_of(h));
  return CUBLAS_STATUS_SUCCESS;
}

/* As the real one: setting the stream drops the workspace. */
cublasStatus_t cublasSetStream_v2(cublasHandle_t h, cudaStream_t stream) {
  ENTER("cublasSetStream");
  if (is_foreign(h)) return CUBLAS_STATUS_NOT_INITIALIZED;
  handle_of(h)->stream = fake_is_stream((const void *)stream) ? (const void *)stream : NULL;
  handle_of(h)->workspace = NULL;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t h, void *at, size_t bytes) {
  ENTER("cublasSetWorkspace");
  if (is_foreign(h) || (uintptr_t)at % 256 || !fake_holds(at, bytes))
    return CUBLAS_STATUS_INVALID_VALUE;
  handle_of(h)->workspace = at;
  handle_of(h)->workspace_bytes = bytes;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t h, cublasPointerMode_t mode) {
  (void)h;
  return mode == CUBLAS_POINTER_MODE_HOST ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t cublasSetAtomicsMode(cublasHandle_t h, cublasAtomicsMode_t mode) {
  (void)h, (void)mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetMathMode(cublasHandle_t h, cublasMath_t mode) {
  (void)h, (void)mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetVersion_v2(cublasHandle_t h, int *version) {
  (void)h;
  *version = CUBLAS_VERSION;
  return CUBLAS_STATUS_SUCCESS;
}

/* The library refuses a short leading dimension; memory that is not the device's is a fault there. */
int fake_is_matrix(const kfix_real *a, int64_t rows, int64_t cols, int64_t ld) {
  if (rows < 0 || cols < 0 || ld < (rows > 1 ? rows : 1)) return 0;
  if (rows == 0 || cols == 0) return 1;
  const size_t reals = (size_t)(cols - 1) * (size_t)ld + (size_t)rows;
  return fake_holds(a, reals * sizeof *a);
}

int fake_is_operand(cublasOperation_t op, const kfix_real *a, int64_t rows, int64_t cols,
                    int64_t ld) {
  if (op == CUBLAS_OP_N) return fake_is_matrix(a, rows, cols, ld);
  return op == CUBLAS_OP_T && fake_is_matrix(a, cols, rows, ld);
}

int fake_is_ready(cublasHandle_t handle_) {
  const handle *h = handle_of(handle_);
  if (is_foreign(handle_) || !fake_is_stream(h->stream) || !h->workspace) return 0;
  if (fake_capturing()) return 1;
  fake_unlock();
  fake_scribble(h->workspace, h->workspace_bytes < 4096 ? h->workspace_bytes : 4096);
  fake_lock();
  return 1;
}

static cublasStatus_t transpose(cublasHandle_t h, int64_t m, int64_t n, const kfix_real *a,
                                int64_t lda, kfix_real *c, int64_t ldc) {
  if (fake_enter_uncaptured("cublasXgeam")) return CUBLAS_STATUS_EXECUTION_FAILED;
  if (!fake_is_ready(h) || !fake_is_matrix(a, n, m, lda) || !fake_is_matrix(c, m, n, ldc) || a == c)
    return CUBLAS_STATUS_INVALID_VALUE;
  fake_unlock();
  for (int64_t j = 0; j < n; j++)
    for (int64_t i = 0; i < m; i++)
      c[(size_t)j * (size_t)ldc + (size_t)i] = a[(size_t)i * (size_t)lda + (size_t)j];
  fake_lock();
  return CUBLAS_STATUS_SUCCESS;
}

#ifdef KFIX_REAL_DOUBLE
#define GEAM cublasDgeam_64
#define TRSM cublasDtrsmBatched_64
#else
#define GEAM cublasSgeam_64
#define TRSM cublasStrsmBatched_64
#endif

cublasStatus_t GEAM(cublasHandle_t h, cublasOperation_t op_a, cublasOperation_t op_b, int64_t m,
                    int64_t n, const kfix_real *alpha, const kfix_real *a, int64_t lda,
                    const kfix_real *beta, const kfix_real *b, int64_t ldb, kfix_real *c,
                    int64_t ldc) {
  if (op_a != CUBLAS_OP_T || *alpha != 1 || *beta != 0 || !fake_is_operand(op_b, b, m, n, ldb))
    return CUBLAS_STATUS_INVALID_VALUE;
  return transpose(h, m, n, a, lda, c, ldc);
}

/* x = R^-1 x or R^-T x, R upper. */
static void solve(cublasOperation_t op, int64_t n, const kfix_real *r, int64_t ld, kfix_real *x) {
  for (int64_t step = 0; step < n; step++) {
    const int64_t i = op == CUBLAS_OP_T ? step : n - 1 - step;
    const int64_t from = op == CUBLAS_OP_T ? 0 : i + 1, to = op == CUBLAS_OP_T ? i : n;
    double sum = (double)x[i];
    for (int64_t q = from; q < to; q++)
      sum -= (op == CUBLAS_OP_T ? fake_element(CUBLAS_OP_N, r, ld, q, i)
                                : fake_element(CUBLAS_OP_N, r, ld, i, q)) *
             (double)x[q];
    x[i] = (kfix_real)(sum / fake_element(CUBLAS_OP_N, r, ld, i, i));
  }
}

/* The pointers themselves lie in device memory, too. */
static int are_matrices(const void *pointers, int64_t rows, int64_t cols, int64_t ld,
                        int64_t count) {
  const kfix_real *const *at = pointers;
  int good = fake_holds(pointers, (size_t)count * sizeof *at);
  fake_unlock();
  for (int64_t i = 0; i < count && good; i++) good = fake_is_matrix(at[i], rows, cols, ld);
  fake_lock();
  return good;
}

cublasStatus_t TRSM(cublasHandle_t h, cublasSideMode_t side, cublasFillMode_t uplo,
                    cublasOperation_t op, cublasDiagType_t diag, int64_t m, int64_t n,
                    const kfix_real *alpha, const kfix_real *const a[], int64_t lda,
                    kfix_real *const b[], int64_t ldb, int64_t count) {
  if (fake_enter_uncaptured("cublasXtrsmBatched")) return CUBLAS_STATUS_EXECUTION_FAILED;
  if (side != CUBLAS_SIDE_LEFT || uplo != CUBLAS_FILL_MODE_UPPER || *alpha != 1 ||
      diag != CUBLAS_DIAG_NON_UNIT)
    return CUBLAS_STATUS_INVALID_VALUE;
  if (!fake_is_ready(h) || !are_matrices((const void *)a, m, m, lda, count) ||
      !are_matrices((const void *)b, m, n, ldb, count))
    return CUBLAS_STATUS_INVALID_VALUE;
  fake_unlock();
  for (int64_t i = 0; i < count; i++)
    for (int64_t j = 0; j < n; j++) solve(op, m, a[i], lda, b[i] + (size_t)j * (size_t)ldb);
  fake_lock();
  return CUBLAS_STATUS_SUCCESS;
}
