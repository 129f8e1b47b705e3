/* SPDX-License-Identifier: Apache-2.0
 * What the parts of the fake cuBLAS share. */
#ifndef KFIX_TEST_FAKE_BLAS_H
#define KFIX_TEST_FAKE_BLAS_H

#include <cublas_v2.h>

#include "core/real.h"
#include "fake_device.h"

#define ENTER(name)                          \
  do {                                       \
    const int code_ = fake_enter(name);      \
    if (code_) return (cublasStatus_t)code_; \
  } while (0)

/* 1 if the handle is set up as every call needs it. What is in its workspace is nobody else's. */
int fake_is_ready(cublasHandle_t handle);
/* 1 for a stored rows x cols matrix in device memory. */
int fake_is_matrix(const kfix_real *a, int64_t rows, int64_t cols, int64_t ld);
/* 1 for one that is rows x cols once `op` is done to it. */
int fake_is_operand(cublasOperation_t op, const kfix_real *a, int64_t rows, int64_t cols,
                    int64_t ld);

static inline double fake_element(cublasOperation_t op, const kfix_real *a, int64_t ld, int64_t i,
                                  int64_t j) {
  return op == CUBLAS_OP_N ? a[(size_t)j * (size_t)ld + (size_t)i]
                           : a[(size_t)i * (size_t)ld + (size_t)j];
}

#endif
