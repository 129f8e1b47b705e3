/* SPDX-License-Identifier: Apache-2.0
 * A convolution of each channel by itself before run time: N(x, depthwise, name, source, (kernel, stride, pad),
 * activation), or with the word no_bias behind the pad. */
#ifndef KFIX_NET_DEPTHWISE_PLAN_H
#define KFIX_NET_DEPTHWISE_PLAN_H

#include "conv_plan.h"

#define KFIX_depthwise_READS               1
#define KFIX_depthwise_IS_WINDOWED         1
#define KFIX_depthwise_CHANNELS(from, ...) KFIX_CHANNELS_##from
/* A convolution, but for its channels and its matrix. */
#define KFIX_depthwise_HEIGHT(from, ...)   KFIX_conv_HEIGHT(from, 1, __VA_ARGS__)
#define KFIX_depthwise_WIDTH(from, ...)    KFIX_conv_WIDTH(from, 1, __VA_ARGS__)
#define KFIX_depthwise_COLS(from, ...)     1
#define KFIX_depthwise_EACH(from, kernel, stride, ...) \
  (KFIX_VERTICAL(kernel) * KFIX_HORIZONTAL(kernel) + KFIX_HAS_BIAS(__VA_ARGS__))
#define KFIX_depthwise_MOMENTS              0
#define KFIX_depthwise_OTHER(from, ...)     0
#define KFIX_depthwise_WINDOWS(from, ...)   KFIX_conv_WINDOWS(from, 1, __VA_ARGS__)
#define KFIX_depthwise_SIZE(...)            1
#define KFIX_depthwise_GEOMETRY             3
#define KFIX_depthwise_MORE                 1
#define KFIX_depthwise_CHECK(id, from, ...) KFIX_conv_CHECK(id, from, 1, __VA_ARGS__)

#endif
