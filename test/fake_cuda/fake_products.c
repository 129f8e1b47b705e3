/* SPDX-License-Identifier: Apache-2.0
 * cuBLAS's products, column by column on the host, summed in double. */
#include <math.h>
#include <stdatomic.h>

#include "fake_blas.h"

#ifdef KFIX_REAL_DOUBLE
#define SYRK cublasDsyrk_v2_64
#else
#define SYRK cublasSsyrk_v2_64
#endif

static atomic_int compute_used;

int fake_compute_type(void) {
  return compute_used;
}

/* `count` of them, whose matrices are so far apart. */
typedef struct product {
  cublasOperation_t op_a, op_b;
  int64_t m, n, k, lda, ldb, ldc;
  int64_t count, apart_a, apart_b, apart_c;
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

static void multiply_one(const product *p) {
  for (int64_t j = 0; j < p->n; j++)
    for (int64_t i = 0; i < p->m && (!p->upper_only || i <= j); i++) {
      kfix_real *at = &p->c[(size_t)j * (size_t)p->ldc + (size_t)i];
      double sum = 0;
      for (int64_t q = 0; q < p->k; q++)
        sum += operand(p, fake_element(p->op_a, p->a, p->lda, i, q)) *
               operand(p, fake_element(p->op_b, p->b, p->ldb, q, j));
      *at =
          (kfix_real)((double)p->alpha * sum + (p->beta != 0 ? (double)p->beta * (double)*at : 0));
    }
}

static product one_of(const product *p, int64_t i) {
  product one = *p;
  one.a += i * p->apart_a;
  one.b += i * p->apart_b;
  one.c += i * p->apart_c;
  return one;
}

static void multiply(const void *args, size_t items) {
  const product *p = args;
  (void)items;
  for (int64_t i = 0; i < p->count; i++) {
    const product one = one_of(p, i);
    multiply_one(&one);
  }
}

static int is_right(const product *p) {
  return fake_is_operand(p->op_a, p->a, p->m, p->k, p->lda) &&
         fake_is_operand(p->op_b, p->b, p->k, p->n, p->ldb) &&
         fake_is_matrix(p->c, p->m, p->n, p->ldc);
}

/* Results must not overlap. */
static int are_right(const product *p) {
  const int64_t reals = (p->n - 1) * p->ldc + p->m;
  if (p->m <= 0 || p->n <= 0 || p->k <= 0 || p->count <= 0) return 0;
  if (p->apart_a < 0 || p->apart_b < 0 || (p->count > 1 && p->apart_c < reals)) return 0;
  const product last = one_of(p, p->count - 1);
  return is_right(p) && is_right(&last);
}

static cublasStatus_t multiply_all(cublasHandle_t h, const product *p, cudaDataType type_a,
                                   cudaDataType type_b, cudaDataType type_c,
                                   cublasComputeType_t compute) {
  if (!fake_is_ready(h) || !are_right(p)) return CUBLAS_STATUS_INVALID_VALUE;
  if (type_a != FAKE_REAL_TYPE || type_b != FAKE_REAL_TYPE || type_c != FAKE_REAL_TYPE)
    return CUBLAS_STATUS_NOT_SUPPORTED;
  compute_used = (int)compute;
  fake_launch(multiply, p, sizeof *p, 1);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGemmStridedBatchedEx_64(
    cublasHandle_t h, cublasOperation_t op_a, cublasOperation_t op_b, int64_t m, int64_t n,
    int64_t k, const void *alpha, const void *a, cudaDataType type_a, int64_t lda,
    long long apart_a, const void *b, cudaDataType type_b, int64_t ldb, long long apart_b,
    const void *beta, void *c, cudaDataType type_c, int64_t ldc, long long apart_c, int64_t count,
    cublasComputeType_t compute, cublasGemmAlgo_t algorithm) {
  (void)algorithm;
  ENTER("cublasGemmStridedBatchedEx");
  const product p = {.op_a = op_a,
                     .op_b = op_b,
                     .m = m,
                     .n = n,
                     .k = k,
                     .lda = lda,
                     .ldb = ldb,
                     .ldc = ldc,
                     .count = count,
                     .apart_a = apart_a,
                     .apart_b = apart_b,
                     .apart_c = apart_c,
                     .tf32 = compute == CUBLAS_COMPUTE_32F_FAST_TF32,
                     .alpha = *(const kfix_real *)alpha,
                     .beta = *(const kfix_real *)beta,
                     .a = a,
                     .b = b,
                     .c = c};
  return multiply_all(h, &p, type_a, type_b, type_c, compute);
}

cublasStatus_t cublasGemmEx_64(cublasHandle_t h, cublasOperation_t op_a, cublasOperation_t op_b,
                               int64_t m, int64_t n, int64_t k, const void *alpha, const void *a,
                               cudaDataType type_a, int64_t lda, const void *b, cudaDataType type_b,
                               int64_t ldb, const void *beta, void *c, cudaDataType type_c,
                               int64_t ldc, cublasComputeType_t compute,
                               cublasGemmAlgo_t algorithm) {
  (void)algorithm;
  ENTER("cublasGemmEx");
  const product p = {.op_a = op_a,
                     .op_b = op_b,
                     .m = m,
                     .n = n,
                     .k = k,
                     .lda = lda,
                     .ldb = ldb,
                     .ldc = ldc,
                     .count = 1,
                     .tf32 = compute == CUBLAS_COMPUTE_32F_FAST_TF32,
                     .alpha = *(const kfix_real *)alpha,
                     .beta = *(const kfix_real *)beta,
                     .a = a,
                     .b = b,
                     .c = c};
  return multiply_all(h, &p, type_a, type_b, type_c, compute);
}

static cublasStatus_t syrk(cublasHandle_t h, cublasFillMode_t uplo, cublasOperation_t op, int64_t n,
                           int64_t k, const kfix_real *alpha, const kfix_real *a, int64_t lda,
                           const kfix_real *beta, kfix_real *c, int64_t ldc) {
  ENTER("cublasXsyrk");
  if (uplo != CUBLAS_FILL_MODE_UPPER || !fake_is_ready(h)) return CUBLAS_STATUS_INVALID_VALUE;
  if (!fake_is_operand(op, a, n, k, lda) || !fake_is_matrix(c, n, n, ldc))
    return CUBLAS_STATUS_INVALID_VALUE;
  const product p = {.op_a = op,
                     .op_b = op == CUBLAS_OP_N ? CUBLAS_OP_T : CUBLAS_OP_N,
                     .m = n,
                     .n = n,
                     .k = k,
                     .lda = lda,
                     .ldb = lda,
                     .ldc = ldc,
                     .count = 1,
                     .upper_only = 1,
                     .alpha = *alpha,
                     .beta = *beta,
                     .a = a,
                     .b = a,
                     .c = c};
  fake_launch(multiply, &p, sizeof p, 1);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t SYRK(cublasHandle_t h, cublasFillMode_t uplo, cublasOperation_t op, int64_t n,
                    int64_t k, const kfix_real *alpha, const kfix_real *a, int64_t lda,
                    const kfix_real *beta, kfix_real *c, int64_t ldc) {
  return syrk(h, uplo, op, n, k, alpha, a, lda, beta, c, ldc);
}
