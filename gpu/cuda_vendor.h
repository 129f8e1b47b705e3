/* SPDX-License-Identifier: Apache-2.0
 * Calls of the runtime and of its libraries: on which device, and how failures come back. */
#ifndef KFIX_GPU_CUDA_VENDOR_H
#define KFIX_GPU_CUDA_VENDOR_H

#include <cuda_runtime_api.h>

#include "cuda.h"

static inline kfix_cuda *kfix_cuda_of(const kfix_device *d) {
  return d->handles;
}

static inline cudaStream_t kfix_cuda_stream(const kfix_device *d) {
  return (cudaStream_t)kfix_cuda_of(d)->stream;
}

/* Launches, copies and the libraries take the device that is current in a thread for the one that they are
 * about; a stream or memory of another is then foreign to them. enter makes the device of the handles
 * current; *before is what was, for leave. errors  a code of the runtime: nothing is current that was not,
 * and there is nothing to leave */
static inline int kfix_cuda_enter(const kfix_cuda *handles, int *before) {
  const int code = (int)cudaGetDevice(before);
  if (code || *before == handles->index) return code;
  return (int)cudaSetDevice(handles->index);
}

static inline void kfix_cuda_leave(const kfix_cuda *handles, int before) {
  if (before != handles->index) (void)cudaSetDevice(before);
}

/* KFIX_OK for code 0, else KFIX_PORT, and what failed is noted in the handles. */
static inline kfix_status kfix_cuda_check(const kfix_device *d, const char *what, int code) {
  if (code == 0) return KFIX_OK;
  kfix_cuda_of(d)->error = code;
  kfix_cuda_of(d)->failed = what;
  return KFIX_PORT;
}

/* A call of the runtime or of a library, the device being current; returns from the caller if it fails.
 * What the port asks of CUDA, it asks in this way, or from its list of calls. */
#define KFIX_VENDOR(d, what, call)                                   \
  do {                                                               \
    int before_, code_ = kfix_cuda_enter(kfix_cuda_of(d), &before_); \
    if (code_ == 0) {                                                \
      code_ = (int)(call);                                           \
      kfix_cuda_leave(kfix_cuda_of(d), before_);                     \
    }                                                                \
    KFIX_TRY(kfix_cuda_check(d, what, code_));                       \
  } while (0)

#endif
