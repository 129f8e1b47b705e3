/* SPDX-License-Identifier: Apache-2.0
 * The device that is current in a thread. Launches, copies and the libraries take it for the one that
 * they are about; a stream or memory of another is then foreign to them. */
#include "cuda_device.h"

int kfix_cuda_enter(const kfix_cuda *cuda, int *before) {
  const int code = (int)cudaGetDevice(before);
  if (code || *before == cuda->index) return code;
  return (int)cudaSetDevice(cuda->index);
}

void kfix_cuda_leave(const kfix_cuda *cuda, int before) {
  if (before != cuda->index) (void)cudaSetDevice(before);
}
