/* SPDX-License-Identifier: Apache-2.0
 * The device's kernels, and how the host starts them. */
#ifndef KFIX_GPU_KERNEL_LIST_H
#define KFIX_GPU_KERNEL_LIST_H

#include "items_depthwise.h"
#include "items_eigens.h"
#include "items_elements.h"
#include "items_images.h"
#include "items_inverses.h"
#include "items_jacobian.h"
#include "items_kron.h"
#include "items_norm.h"
#include "items_pairs.h"
#include "items_predictions.h"
#include "items_sums.h"
#include "items_symmetric.h"

#define KFIX_DEVICE_KERNELS(K) \
  K(element)                   \
  K(axpby)                     \
  K(adam)                      \
  K(poke)                      \
  K(unpack)                    \
  K(shift)                     \
  K(pack)                      \
  K(lanes)                     \
  K(dots)                      \
  K(fold)                      \
  K(fold_rows)                 \
  K(blocks)                    \
  K(total)                     \
  K(nonfinite)                 \
  K(softmax)                   \
  K(categorical)               \
  K(covariance)                \
  K(class_times)               \
  K(fisher_root)               \
  K(sample)                    \
  K(lower)                     \
  K(sign)                      \
  K(finite)                    \
  K(first)                     \
  K(divide_kron)               \
  K(decouple)                  \
  K(count_pairs)               \
  K(spread)                    \
  K(gather)                    \
  K(eigen_rows)                \
  K(eigen_norm)                \
  K(eigen_spread)              \
  K(eigen_gather)              \
  K(cosines)                   \
  K(packed_rows)               \
  K(factor_cosine)             \
  K(example_cosines)           \
  K(roots)                     \
  K(patches)                   \
  K(patches_back)              \
  K(max_pool)                  \
  K(max_pool_back)             \
  K(mean_pool)                 \
  K(mean_pool_back)            \
  K(norm_rows)                 \
  K(norm_fold)                 \
  K(norm_sums)                 \
  K(norm)                      \
  K(norm_back)                 \
  K(depthwise)                 \
  K(depthwise_back)            \
  K(depthwise_sums)

#ifdef __cplusplus
extern "C" {
#endif
/* launch: runs items 0 .. items - 1 on the stream (cudaStream_t), at least one. update: sets the
 * arguments of a launch of as many items that was captured: its node in the graph that exec
 * (cudaGraphExec_t) was made from. 0, or the runtime's error code. */
#define KFIX_DECLARE_LAUNCH(name)                                                     \
  int kfix_launch_##name(void *stream, const kfix_##name##_args *args, size_t items); \
  int kfix_update_##name(void *exec, void *node, const kfix_##name##_args *args, size_t items);
KFIX_DEVICE_KERNELS(KFIX_DECLARE_LAUNCH)
/* 0, or the runtime's error code: the current device has no code of these kernels. */
int kfix_kernels_check(void);
#ifdef __cplusplus
}
#endif

#endif
