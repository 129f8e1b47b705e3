/* SPDX-License-Identifier: Apache-2.0
 * Products by cuBLAS, which stores columns: a row-major C = A B is its C^T = B^T A^T. */
#include "cuda_device.h"

#ifdef KFIX_REAL_DOUBLE
#define SYRK cublasDsyrk_64
#else
#define SYRK cublasSsyrk_64
#endif

static cublasComputeType_t compute_type(kfix_cuda_precision precision) {
#ifdef KFIX_REAL_DOUBLE
  (void)precision;
  return CUBLAS_COMPUTE_64F_PEDANTIC;
#else
  switch (precision) {
    case KFIX_CUDA_TF32:
      return CUBLAS_COMPUTE_32F_FAST_TF32;
    case KFIX_CUDA_BF16X9:
      return CUBLAS_COMPUTE_32F_EMULATED_16BFX9;
    default:
      return CUBLAS_COMPUTE_32F_PEDANTIC;
  }
#endif
}

static int multiply(const kfix_cuda *cuda, const kfix_product_args *p,
                    kfix_cuda_precision precision) {
  const kfix_real alpha = (kfix_real)p->alpha, beta = (kfix_real)p->beta;
  return (int)cublasGemmEx_64(cuda->cublas, (cublasOperation_t)p->op_a, (cublasOperation_t)p->op_b,
                              p->m, p->n, p->k, &alpha, p->a, KFIX_CUDA_REAL_TYPE, p->lda, p->b,
                              KFIX_CUDA_REAL_TYPE, p->ldb, &beta, p->c, KFIX_CUDA_REAL_TYPE, p->ldc,
                              compute_type(precision), CUBLAS_GEMM_DEFAULT);
}

static int multiply_batch(const kfix_cuda *cuda, const kfix_product_args *p) {
  const kfix_real alpha = (kfix_real)p->alpha, beta = (kfix_real)p->beta;
  return (int)cublasGemmStridedBatchedEx_64(
      cuda->cublas, (cublasOperation_t)p->op_a, (cublasOperation_t)p->op_b, p->m, p->n, p->k,
      &alpha, p->a, KFIX_CUDA_REAL_TYPE, p->lda, p->apart_a, p->b, KFIX_CUDA_REAL_TYPE, p->ldb,
      p->apart_b, &beta, p->c, KFIX_CUDA_REAL_TYPE, p->ldc, p->apart_c, p->count,
      compute_type(cuda->precision), CUBLAS_GEMM_DEFAULT);
}

int kfix_cuda_issue_product(const kfix_cuda *cuda, const kfix_product_args *p) {
  const kfix_real alpha = (kfix_real)p->alpha, beta = (kfix_real)p->beta;
  if (p->count > 1) return multiply_batch(cuda, p);
  if (p->b) return multiply(cuda, p, cuda->precision);
  return (int)SYRK(cuda->cublas, CUBLAS_FILL_MODE_UPPER, (cublasOperation_t)p->op_a, p->n, p->k,
                   &alpha, p->a, p->lda, &beta, p->c, p->ldc);
}

kfix_status kfix_cuda_unpack(const kfix_device *d, size_t n, const kfix_real *packed,
                             kfix_real shift, kfix_real *out, size_t ldo) {
  const kfix_unpack_args args = {n, packed, shift, {out, ldo}};
  const kfix_shift_args shifted = {packed, shift, out};
  if (ldo == KFIX_PACKED) {
    KFIX_LAUNCH(d, shift, &shifted, n);
    return KFIX_OK;
  }
  KFIX_LAUNCH(d, unpack, &args, n * n);
  return KFIX_OK;
}

kfix_status kfix_cuda_pack(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                           kfix_real *packed) {
  const kfix_pack_args args = {n, {a, lda}, 0, packed};
  KFIX_LAUNCH(d, pack, &args, n * n);
  return KFIX_OK;
}

/* A packed operand becomes a full one in square `which` of the scratch. */
static kfix_status expand(const kfix_device *d, kfix_op *op, size_t n, int which,
                          const kfix_real **x, size_t *ldx) {
  if (*op != KFIX_S) return KFIX_OK;
  kfix_real *full = kfix_cuda_of(d)->scratch.square[which];
  KFIX_TRY(kfix_cuda_unpack(d, n, *x, 0, full, KFIX_LD(n)));
  *op = KFIX_N;
  *x = full;
  *ldx = KFIX_LD(n);
  return KFIX_OK;
}

static cublasOperation_t operation(kfix_op op) {
  return op == KFIX_T ? CUBLAS_OP_T : CUBLAS_OP_N;
}

/* In columns, of full operands. */
static kfix_product_args product_of(kfix_op op_a, kfix_op op_b, size_t m, size_t n, size_t k,
                                    kfix_real alpha, const kfix_real *a, size_t lda,
                                    const kfix_real *b, size_t ldb, kfix_real beta, kfix_real *c,
                                    size_t ldc) {
  return (kfix_product_args){.op_a = (int)operation(op_b),
                             .op_b = (int)operation(op_a),
                             .m = (int64_t)n,
                             .n = (int64_t)m,
                             .k = (int64_t)k,
                             .lda = (int64_t)ldb,
                             .ldb = (int64_t)lda,
                             .ldc = (int64_t)ldc,
                             .count = 1,
                             .a = b,
                             .b = a,
                             .c = c,
                             .alpha = (double)alpha,
                             .beta = (double)beta};
}

kfix_status kfix_cuda_gemm(const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n,
                           size_t k, kfix_real alpha, const kfix_real *a, size_t lda,
                           const kfix_real *b, size_t ldb, kfix_real beta, kfix_real *c,
                           size_t ldc) {
  if (beta != 0 && beta != 1) return KFIX_PORT;
  if (m == 0 || n == 0) return KFIX_OK;
  if (k == 0) return beta == 0 ? kfix_cuda_fill(d, m, n, 0, c, ldc) : KFIX_OK;
  KFIX_TRY(expand(d, &op_a, k, 0, &a, &lda));
  KFIX_TRY(expand(d, &op_b, k, 1, &b, &ldb));
  const kfix_product_args args =
      product_of(op_a, op_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  KFIX_LAUNCH(d, product, &args, 1);
  return KFIX_OK;
}

kfix_status kfix_cuda_products(const kfix_device *d, const kfix_cuda_batch *batch, kfix_op op_a,
                               kfix_op op_b, size_t m, size_t n, size_t k, const kfix_real *a,
                               size_t lda, const kfix_real *b, size_t ldb, kfix_real beta,
                               kfix_real *c, size_t ldc) {
  kfix_product_args args = product_of(op_a, op_b, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
  args.count = (int64_t)batch->count;
  args.apart_a = (int64_t)batch->apart_b;
  args.apart_b = (int64_t)batch->apart_a;
  args.apart_c = (int64_t)batch->apart_c;
  if (batch->count > 0) KFIX_LAUNCH(d, product, &args, 1);
  return KFIX_OK;
}

kfix_status kfix_cuda_times(const kfix_device *d, size_t m, size_t n, const kfix_real *a,
                            size_t lda, const kfix_real *b, size_t ldb, kfix_real *c, size_t ldc) {
  const kfix_product_args args = product_of(KFIX_N, KFIX_N, m, n, n, 1, a, lda, b, ldb, 0, c, ldc);
  KFIX_TRY(kfix_cuda_flush(d));
  KFIX_VENDOR(d, "cublasGemmEx", multiply(kfix_cuda_of(d), &args, KFIX_CUDA_STRICT));
  return KFIX_OK;
}

/* The lower triangle of a row-major matrix is the upper one of its columns. */
static kfix_status full_syrk(const kfix_device *d, kfix_op op, size_t n, size_t k, kfix_real alpha,
                             const kfix_real *a, size_t lda, kfix_real beta, kfix_real *c,
                             size_t ldc) {
  const kfix_product_args args = {.op_a = (int)(op == KFIX_T ? CUBLAS_OP_N : CUBLAS_OP_T),
                                  .n = (int64_t)n,
                                  .k = (int64_t)k,
                                  .lda = (int64_t)lda,
                                  .ldc = (int64_t)ldc,
                                  .count = 1,
                                  .a = a,
                                  .c = c,
                                  .alpha = (double)alpha,
                                  .beta = (double)beta};
  KFIX_LAUNCH(d, product, &args, 1);
  return KFIX_OK;
}

kfix_status kfix_cuda_syrk(const kfix_device *d, kfix_op op, size_t n, size_t k, kfix_real alpha,
                           const kfix_real *a, size_t lda, kfix_real beta, kfix_real *c,
                           size_t ldc) {
  if ((beta != 0 && beta != 1) || op == KFIX_S) return KFIX_PORT;
  if (n == 0) return KFIX_OK;
  if (ldc != KFIX_PACKED) return full_syrk(d, op, n, k, alpha, a, lda, beta, c, ldc);
  kfix_real *full = kfix_cuda_of(d)->scratch.square[0];
  KFIX_TRY(full_syrk(d, op, n, k, alpha, a, lda, 0, full, KFIX_LD(n)));
  const kfix_pack_args args = {n, {full, KFIX_LD(n)}, beta, c};
  KFIX_LAUNCH(d, pack, &args, n * n);
  return KFIX_OK;
}
