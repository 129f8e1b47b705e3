/* SPDX-License-Identifier: Apache-2.0
 * What the parts of the fake cuSOLVER share. */
#ifndef KFIX_TEST_FAKE_SOLVER_H
#define KFIX_TEST_FAKE_SOLVER_H

#include <cusolverDn.h>

#include "core/real.h"
#include "fake_device.h"

#define ENTER(name)                                \
  do {                                             \
    const int code_ = fake_enter_uncaptured(name); \
    if (code_) return (cusolverStatus_t)code_;     \
  } while (0)
#define AT(a, ld, i, j) (a)[(size_t)(j) * (size_t)(ld) + (size_t)(i)]

/* What every call needs: an upper triangle of order n in device memory, and there its answer. */
int fake_solver_call(cusolverDnHandle_t h, cublasFillMode_t uplo, int64_t n, const void *a,
                     int64_t lda, cudaDataType type, const int *info);
int fake_solver_parameters(const void *params);
/* Workspaces: of the size that was asked for, and lost to whoever had something there. */
int fake_solver_room(void *device, size_t device_bytes, void *host, size_t host_bytes);
/* Bytes of so many squares, and what fake_solver adds. */
size_t fake_solver_squares(int64_t n, size_t count);
/* The answer that fake_solver set, or 0. */
int fake_solver_answer(void);

#endif
