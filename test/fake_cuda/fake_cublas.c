/* SPDX-License-Identifier: Apache-2.0
 * The part of cuBLAS that the port calls, column by column on the host, summed in double. */
#include <cublas_v2.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/real.h"
#include "fake_device.h"

#define ENTER(name)                          \
  do {                                       \
    const int code_ = fake_enter(name);      \
    if (code_) return (cublasStatus_t)code_; \
  } while (0)

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

static atomic_int compute_used;

int fake_compute_type(void) {
  return compute_used;
}

/* A stored rows x cols matrix: the library refuses a short leading dimension; memory that is not the
 * device's is a fault there. */
static int is_matrix(const kfix_real *a, int64_t rows, int64_t cols, int64_t ld) {
  if (rows < 0 || cols < 0 || ld < (rows > 1 ? rows : 1)) return 0;
  if (rows == 0 || cols == 0) return 1;
  const size_t reals = (size_t)(cols - 1) * (size_t)ld + (size_t)rows;
  return fake_holds(a, reals * sizeof *a);
}

static int is_operand(cublasOperation_t op, const kfix_real *a, int64_t rows, int64_t cols,
                      int64_t ld) {
  if (op == CUBLAS_OP_N) return is_matrix(a, rows, cols, ld);
  return op == CUBLAS_OP_T && is_matrix(a, cols, rows, ld);
}

/* Set up as every call needs it. What is in the workspace is nobody else's. */
static int is_ready(cublasHandle_t handle_) {
  const handle *h = handle_of(handle_);
  if (is_foreign(handle_) || !fake_is_stream(h->stream) || !h->workspace) return 0;
  if (fake_capturing()) return 1;
  fake_unlock();
  fake_scribble(h->workspace, h->workspace_bytes < 4096 ? h->workspace_bytes : 4096);
  fake_lock();
  return 1;
}

static double element(cublasOperation_t op, const kfix_real *a, int64_t ld, int64_t i, int64_t j) {
  return op == CUBLAS_OP_N ? a[(size_t)j * (size_t)ld + (size_t)i]
                           : a[(size_t)i * (size_t)ld + (size_t)j];
}

typedef struct product {
  cublasOperation_t op_a, op_b;
  int64_t m, n, k, lda, ldb, ldc;
  int upper_only, tf32;
  kfix_real alpha, beta; /* those of the host's memory when it was issued */
  const kfix_real *a, *b;
  kfix_real *c;
} product;

/* With TF32: 10 bits of mantissa. */
static double operand(const product *p, double x) {
  int exponent;
  const double part = frexp(x, &exponent);
  return p->tf32 ? ldexp(rint(ldexp(part, 11)), exponent - 11) : x;
}

static void multiply(const void *args, size_t items) {
  const product *p = args;
  (void)items;
  for (int64_t j = 0; j < p->n; j++)
    for (int64_t i = 0; i < p->m && (!p->upper_only || i <= j); i++) {
      kfix_real *at = &p->c[(size_t)j * (size_t)p->ldc + (size_t)i];
      double sum = 0;
      for (int64_t q = 0; q < p->k; q++)
        sum += operand(p, element(p->op_a, p->a, p->lda, i, q)) *
               operand(p, element(p->op_b, p->b, p->ldb, q, j));
      *at =
          (kfix_real)((double)p->alpha * sum + (p->beta != 0 ? (double)p->beta * (double)*at : 0));
    }
}

cublasStatus_t cublasGemmEx_64(cublasHandle_t h, cublasOperation_t op_a, cublasOperation_t op_b,
                               int64_t m, int64_t n, int64_t k, const void *alpha, const void *a,
                               cudaDataType type_a, int64_t lda, const void *b, cudaDataType type_b,
                               int64_t ldb, const void *beta, void *c, cudaDataType type_c,
                               int64_t ldc, cublasComputeType_t compute,
                               cublasGemmAlgo_t algorithm) {
  (void)algorithm;
  ENTER("cublasGemmEx");
  if (!is_ready(h) || m <= 0 || n <= 0 || k <= 0) return CUBLAS_STATUS_INVALID_VALUE;
  if (!is_operand(op_a, a, m, k, lda) || !is_operand(op_b, b, k, n, ldb) ||
      !is_matrix(c, m, n, ldc))
    return CUBLAS_STATUS_INVALID_VALUE;
  if (type_a != FAKE_REAL_TYPE || type_b != FAKE_REAL_TYPE || type_c != FAKE_REAL_TYPE)
    return CUBLAS_STATUS_NOT_SUPPORTED;
  compute_used = (int)compute;
  const product p = {.op_a = op_a,
                     .op_b = op_b,
                     .m = m,
                     .n = n,
                     .k = k,
                     .lda = lda,
                     .ldb = ldb,
                     .ldc = ldc,
                     .tf32 = compute == CUBLAS_COMPUTE_32F_FAST_TF32,
                     .alpha = *(const kfix_real *)alpha,
                     .beta = *(const kfix_real *)beta,
                     .a = a,
                     .b = b,
                     .c = c};
  fake_launch(multiply, &p, sizeof p, 1);
  return CUBLAS_STATUS_SUCCESS;
}

static cublasStatus_t syrk(cublasHandle_t h, cublasFillMode_t uplo, cublasOperation_t op, int64_t n,
                           int64_t k, const kfix_real *alpha, const kfix_real *a, int64_t lda,
                           const kfix_real *beta, kfix_real *c, int64_t ldc) {
  ENTER("cublasXsyrk");
  if (uplo != CUBLAS_FILL_MODE_UPPER || !is_ready(h)) return CUBLAS_STATUS_INVALID_VALUE;
  if (!is_operand(op, a, n, k, lda) || !is_matrix(c, n, n, ldc)) return CUBLAS_STATUS_INVALID_VALUE;
  const product p = {.op_a = op,
                     .op_b = op == CUBLAS_OP_N ? CUBLAS_OP_T : CUBLAS_OP_N,
                     .m = n,
                     .n = n,
                     .k = k,
                     .lda = lda,
                     .ldb = lda,
                     .ldc = ldc,
                     .upper_only = 1,
                     .alpha = *alpha,
                     .beta = *beta,
                     .a = a,
                     .b = a,
                     .c = c};
  fake_launch(multiply, &p, sizeof p, 1);
  return CUBLAS_STATUS_SUCCESS;
}

static cublasStatus_t transpose(cublasHandle_t h, int64_t m, int64_t n, const kfix_real *a,
                                int64_t lda, kfix_real *c, int64_t ldc) {
  if (fake_enter_uncaptured("cublasXgeam")) return CUBLAS_STATUS_EXECUTION_FAILED;
  if (!is_ready(h) || !is_matrix(a, n, m, lda) || !is_matrix(c, m, n, ldc) || a == c)
    return CUBLAS_STATUS_INVALID_VALUE;
  fake_unlock();
  for (int64_t j = 0; j < n; j++)
    for (int64_t i = 0; i < m; i++)
      c[(size_t)j * (size_t)ldc + (size_t)i] = a[(size_t)i * (size_t)lda + (size_t)j];
  fake_lock();
  return CUBLAS_STATUS_SUCCESS;
}

#ifdef KFIX_REAL_DOUBLE
#define SYRK cublasDsyrk_v2_64
#define GEAM cublasDgeam_64
#define TRSM cublasDtrsmBatched_64
#else
#define SYRK cublasSsyrk_v2_64
#define GEAM cublasSgeam_64
#define TRSM cublasStrsmBatched_64
#endif

cublasStatus_t SYRK(cublasHandle_t h, cublasFillMode_t uplo, cublasOperation_t op, int64_t n,
                    int64_t k, const kfix_real *alpha, const kfix_real *a, int64_t lda,
                    const kfix_real *beta, kfix_real *c, int64_t ldc) {
  return syrk(h, uplo, op, n, k, alpha, a, lda, beta, c, ldc);
}

cublasStatus_t GEAM(cublasHandle_t h, cublasOperation_t op_a, cublasOperation_t op_b, int64_t m,
                    int64_t n, const kfix_real *alpha, const kfix_real *a, int64_t lda,
                    const kfix_real *beta, const kfix_real *b, int64_t ldb, kfix_real *c,
                    int64_t ldc) {
  if (op_a != CUBLAS_OP_T || *alpha != 1 || *beta != 0 || !is_operand(op_b, b, m, n, ldb))
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
      sum -= (op == CUBLAS_OP_T ? element(CUBLAS_OP_N, r, ld, q, i)
                                : element(CUBLAS_OP_N, r, ld, i, q)) *
             (double)x[q];
    x[i] = (kfix_real)(sum / element(CUBLAS_OP_N, r, ld, i, i));
  }
}

/* The pointers themselves lie in device memory, too. */
static int are_matrices(const void *pointers, int64_t rows, int64_t cols, int64_t ld,
                        int64_t count) {
  const kfix_real *const *at = pointers;
  int good = fake_holds(pointers, (size_t)count * sizeof *at);
  fake_unlock();
  for (int64_t i = 0; i < count && good; i++) good = is_matrix(at[i], rows, cols, ld);
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
  if (!is_ready(h) || !are_matrices((const void *)a, m, m, lda, count) ||
      !are_matrices((const void *)b, m, n, ldb, count))
    return CUBLAS_STATUS_INVALID_VALUE;
  fake_unlock();
  for (int64_t i = 0; i < count; i++)
    for (int64_t j = 0; j < n; j++) solve(op, m, a[i], lda, b[i] + (size_t)j * (size_t)ldb);
  fake_lock();
  return CUBLAS_STATUS_SUCCESS;
}
