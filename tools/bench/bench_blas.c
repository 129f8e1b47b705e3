/* SPDX-License-Identifier: Apache-2.0
 * A BLAS in a shared library. Row-major matrices are column-major transposes to LAPACK, so what is the
 * lower triangle here is the upper one there. */
#include "bench_blas.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench_library.h"

#ifdef KFIX_REAL_DOUBLE
#define NAME(rest)  "d" rest
#define CBLAS(rest) "cblas_d" rest
#else
#define NAME(rest)  "s" rest
#define CBLAS(rest) "cblas_s" rest
#endif

/* The values that CBLAS gives its enums. */
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, TRANSPOSE = 112, LOWER = 122, LEFT = 141 };

typedef void gemm_function(int order, int op_a, int op_b, int m, int n, int k, kfix_real alpha,
                           const kfix_real *a, int lda, const kfix_real *b, int ldb, kfix_real beta,
                           kfix_real *c, int ldc);
typedef void symm_function(int order, int side, int half, int m, int n, kfix_real alpha,
                           const kfix_real *a, int lda, const kfix_real *b, int ldb, kfix_real beta,
                           kfix_real *c, int ldc);
typedef void syrk_function(int order, int half, int op, int n, int k, kfix_real alpha,
                           const kfix_real *a, int lda, kfix_real beta, kfix_real *c, int ldc);
/* Cholesky's factor, and the inverse from it. */
typedef void factor_function(const char *half, const int *n, kfix_real *a, const int *lda,
                             int *info);

typedef void eigen_function(const char *vectors, const char *half, const int *n, kfix_real *a,
                            const int *lda, kfix_real *values, kfix_real *work, const int *lwork,
                            int *iwork, const int *liwork, int *info);

static struct {
  gemm_function *gemm;
  symm_function *symm;
  syrk_function *syrk;
  factor_function *potrf, *potri;
  eigen_function *syevd;
} blas;

#define FIND(name, member) \
  bench_library_find(library, (name), &blas.member, sizeof blas.member, err)

static void set_threads(unsigned threads) {
  static const char *const names[] = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
                                      "BLIS_NUM_THREADS"};
  char text[16];
  (void)snprintf(text, sizeof text, "%u", threads);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) (void)setenv(names[i], text, 1);
}

int bench_blas_open(const char *path, unsigned threads, tool_error *err) {
  set_threads(threads);
  void *library = bench_library_open(path, err);
  if (library == NULL) return -1;
  if (FIND(CBLAS("gemm"), gemm) == 0 && FIND(CBLAS("symm"), symm) == 0 &&
      FIND(CBLAS("syrk"), syrk) == 0 && FIND(NAME("potrf_"), potrf) == 0 &&
      FIND(NAME("potri_"), potri) == 0 && FIND(NAME("syevd_"), syevd) == 0)
    return 0;
  const tool_error why = *err;
  return tool_fail(err, "%.200s is not a BLAS and LAPACK in one: %.200s", path, why.text);
}

static int op_of(kfix_op op) {
  return op == KFIX_T ? TRANSPOSE : NO_TRANSPOSE;
}

static void run_gemm(const bench_case *c, const bench_operands *o) {
  const int m = (int)c->m, n = (int)c->n, lda = (int)o->lda, ldb = (int)o->ldb, ldc = (int)o->ldc;
  if (c->op_a == KFIX_S)
    blas.symm(ROW_MAJOR, LEFT, LOWER, m, n, 1, o->a, lda, o->b, ldb, 0, o->c, ldc);
  else
    blas.gemm(ROW_MAJOR, op_of(c->op_a), op_of(c->op_b), m, n, (int)c->k, 1, o->a, lda, o->b, ldb,
              0, o->c, ldc);
}

static int run_inverse(const bench_case *c, const bench_operands *o) {
  const int n = (int)c->n, lda = (int)o->lda;
  int info;
  blas.potrf("U", &n, o->a, &lda, &info);
  if (info == 0) blas.potri("U", &n, o->a, &lda, &info);
  return info == 0 ? 0 : -1;
}

/* Its workspace is larger than ours and made once for each order. */
static int run_eigen(const bench_case *c, const bench_operands *o) {
  static kfix_real *work;
  static int *integers, order;
  const int n = (int)c->n, lda = (int)o->lda, lwork = 1 + 6 * n + 2 * n * n, liwork = 3 + 5 * n;
  int info;
  if (order != n) {
    free(work);
    free(integers);
    work = malloc((size_t)lwork * sizeof *work);
    integers = malloc((size_t)liwork * sizeof *integers);
    if (work == NULL || integers == NULL) return -1;
    order = n;
  }
  blas.syevd("V", "U", &n, o->a, &lda, o->c, work, &lwork, integers, &liwork, &info);
  return info == 0 ? 0 : -1;
}

int bench_blas_run(const bench_case *c, const bench_operands *o) {
  switch (c->kernel) {
    case BENCH_GEMM:
      run_gemm(c, o);
      return 0;
    case BENCH_SYRK:
      blas.syrk(ROW_MAJOR, LOWER, op_of(c->op_a), (int)c->n, (int)c->k, 1, o->a, (int)o->lda, 0,
                o->c, (int)o->ldc);
      return 0;
    case BENCH_SPD_INVERSE:
      return run_inverse(c, o);
    case BENCH_EIGEN:
      return run_eigen(c, o);
    default:
      return -1;
  }
}
