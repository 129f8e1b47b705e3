/* SPDX-License-Identifier: Apache-2.0
 * The kernels on a CUDA device: one thread an item, in strides of the grid. */
#include "kernel_list.h"

#define BLOCKS_MAX 65535

/* Blocks of few items are small, so that they reach many multiprocessors. */
static unsigned threads_for(size_t items) {
  return items < 65536 ? 64 : 256;
}

static unsigned blocks_for(size_t items) {
  const size_t threads = threads_for(items), blocks = (items + threads - 1) / threads;
  return (unsigned)(blocks < BLOCKS_MAX ? blocks : BLOCKS_MAX);
}

/* Two blocks on a multiprocessor are enough: registers hold what is on its way from memory, where
 * otherwise the compiler would ask for less at a time. */
#define BOUNDS __launch_bounds__(256, 2)

/* Its own answer: cudaGetLastError would tell, and take away, what anybody's call left behind. */
static int launch(void *stream, const void *kernel, void **arguments, size_t items) {
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3(blocks_for(items));
  config.blockDim = dim3(threads_for(items));
  config.stream = (cudaStream_t)stream;
  return (int)cudaLaunchKernelExC(&config, kernel, arguments);
}

static int update(void *exec, void *node, void *kernel, void **arguments, size_t items) {
  cudaKernelNodeParams launch = {};
  launch.func = kernel;
  launch.gridDim = dim3(blocks_for(items));
  launch.blockDim = dim3(threads_for(items));
  launch.kernelParams = arguments;
  return (int)cudaGraphExecKernelNodeSetParams((cudaGraphExec_t)exec, (cudaGraphNode_t)node,
                                               &launch);
}

#define DEFINE_KERNEL(name)                                                                       \
  static __global__ BOUNDS void kfix_##name##_kernel(                                             \
      const __grid_constant__ kfix_##name##_args args, size_t items) {                            \
    const size_t stride = (size_t)gridDim.x * blockDim.x;                                         \
    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < items; i += stride)        \
      kfix_##name##_item(&args, i);                                                               \
  }                                                                                               \
  extern "C" int kfix_launch_##name(void *stream, const kfix_##name##_args *args, size_t items) { \
    void *arguments[] = {(void *)args, &items};                                                   \
    return launch(stream, (const void *)kfix_##name##_kernel, arguments, items);                  \
  }                                                                                               \
  extern "C" int kfix_update_##name(void *exec, void *node, const kfix_##name##_args *args,       \
                                    size_t items) {                                               \
    void *arguments[] = {(void *)args, &items};                                                   \
    return update(exec, node, (void *)kfix_##name##_kernel, arguments, items);                    \
  }
KFIX_DEVICE_KERNELS(DEFINE_KERNEL)

extern "C" int kfix_kernels_check(void) {
  cudaFuncAttributes attributes;
  return (int)cudaFuncGetAttributes(&attributes, (const void *)kfix_element_kernel);
}
