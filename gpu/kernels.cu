/* SPDX-License-Identifier: Apache-2.0
 * The kernels on a CUDA device: one thread an item, in strides of the grid. */
#include "kernel_list.h"

#define THREADS    256
#define BLOCKS_MAX 65535

#define DEFINE_KERNEL(name)                                                                       \
  static __global__ void name##_kernel(const kfix_##name##_args args, size_t items) {             \
    const size_t stride = (size_t)gridDim.x * blockDim.x;                                         \
    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < items; i += stride)        \
      kfix_##name##_item(&args, i);                                                               \
  }                                                                                               \
  extern "C" int kfix_launch_##name(void *stream, const kfix_##name##_args *args, size_t items) { \
    const size_t blocks = (items + THREADS - 1) / THREADS;                                        \
    if (items == 0) return 0;                                                                     \
    name##_kernel<<<(unsigned)(blocks < BLOCKS_MAX ? blocks : BLOCKS_MAX), THREADS, 0,            \
                    (cudaStream_t)stream>>>(*args, items);                                        \
    return (int)cudaGetLastError();                                                               \
  }
KFIX_DEVICE_KERNELS(DEFINE_KERNEL)
