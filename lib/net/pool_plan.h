/* SPDX-License-Identifier: Apache-2.0
 * Pools before run time: N(x, max_pool, name, source, (kernel, stride, pad), activation), mean_pool likewise. A kernel
 * of 0 is as large as the image. */
#ifndef KFIX_NET_POOL_PLAN_H
#define KFIX_NET_POOL_PLAN_H

#include "windows_plan.h"

#define KFIX_POOL_KERNEL(kernel, size) ((kernel) != 0 ? (kernel) : (int)(size))
#define KFIX_POOL_HEIGHT(from, kernel, stride, pad)                               \
  KFIX_WINDOWS_ALONG(KFIX_HEIGHT_##from,                                          \
                     KFIX_POOL_KERNEL(KFIX_VERTICAL(kernel), KFIX_HEIGHT_##from), \
                     KFIX_VERTICAL(stride), KFIX_VERTICAL(pad))
#define KFIX_POOL_WIDTH(from, kernel, stride, pad)                                 \
  KFIX_WINDOWS_ALONG(KFIX_WIDTH_##from,                                            \
                     KFIX_POOL_KERNEL(KFIX_HORIZONTAL(kernel), KFIX_WIDTH_##from), \
                     KFIX_HORIZONTAL(stride), KFIX_HORIZONTAL(pad))
#define KFIX_POOL_WINDOWS(from, kernel, stride, pad)              \
  {KFIX_POOL_KERNEL(KFIX_VERTICAL(kernel), KFIX_HEIGHT_##from),   \
   KFIX_POOL_KERNEL(KFIX_HORIZONTAL(kernel), KFIX_WIDTH_##from)}, \
      {KFIX_VERTICAL(stride), KFIX_HORIZONTAL(stride)}, {         \
    KFIX_VERTICAL(pad), KFIX_HORIZONTAL(pad)                      \
  }
#define KFIX_POOL_CHECK(id, from, kernel, stride, pad)                                   \
  KFIX_CHECK_WINDOWS_ALONG(id, "height", (int)KFIX_HEIGHT_##from,                        \
                           KFIX_POOL_KERNEL(KFIX_VERTICAL(kernel), KFIX_HEIGHT_##from),  \
                           KFIX_VERTICAL(stride), KFIX_VERTICAL(pad))                    \
  KFIX_CHECK_WINDOWS_ALONG(id, "width", (int)KFIX_WIDTH_##from,                          \
                           KFIX_POOL_KERNEL(KFIX_HORIZONTAL(kernel), KFIX_WIDTH_##from), \
                           KFIX_HORIZONTAL(stride), KFIX_HORIZONTAL(pad))

#define KFIX_max_pool_READS                               1
#define KFIX_max_pool_IS_WINDOWED                         1
#define KFIX_max_pool_CHANNELS(from, kernel, stride, pad) KFIX_CHANNELS_##from
#define KFIX_max_pool_HEIGHT                              KFIX_POOL_HEIGHT
#define KFIX_max_pool_WIDTH                               KFIX_POOL_WIDTH
#define KFIX_max_pool_COLS(from, kernel, stride, pad)     0
#define KFIX_max_pool_EACH(from, kernel, stride, pad)     1
#define KFIX_max_pool_MOMENTS                             0
#define KFIX_max_pool_OTHER(from, kernel, stride, pad)    0
#define KFIX_max_pool_WINDOWS                             KFIX_POOL_WINDOWS
#define KFIX_max_pool_SIZE(kernel, stride, pad)           1
#define KFIX_max_pool_GEOMETRY                            3
#define KFIX_max_pool_MORE                                0
#define KFIX_max_pool_CHECK                               KFIX_POOL_CHECK

#define KFIX_mean_pool_READS                               1
#define KFIX_mean_pool_IS_WINDOWED                         1
#define KFIX_mean_pool_CHANNELS(from, kernel, stride, pad) KFIX_CHANNELS_##from
#define KFIX_mean_pool_HEIGHT                              KFIX_POOL_HEIGHT
#define KFIX_mean_pool_WIDTH                               KFIX_POOL_WIDTH
#define KFIX_mean_pool_COLS(from, kernel, stride, pad)     0
#define KFIX_mean_pool_EACH(from, kernel, stride, pad)     1
#define KFIX_mean_pool_MOMENTS                             0
#define KFIX_mean_pool_OTHER(from, kernel, stride, pad)    0
#define KFIX_mean_pool_WINDOWS                             KFIX_POOL_WINDOWS
#define KFIX_mean_pool_SIZE(kernel, stride, pad)           1
#define KFIX_mean_pool_GEOMETRY                            3
#define KFIX_mean_pool_MORE                                0
#define KFIX_mean_pool_CHECK                               KFIX_POOL_CHECK

#endif
