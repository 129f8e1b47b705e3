/* SPDX-License-Identifier: Apache-2.0
 * A convolution before run time: N(x, conv, name, source, (channels, kernel, stride, pad), activation), or with
 * the word no_bias behind the pad. */
#ifndef KFIX_NET_CONV_PLAN_H
#define KFIX_NET_CONV_PLAN_H

#include "windows_plan.h"

enum {
  KFIX_BEHIND_THE_PAD_OF_conv_COMES_bias_OR_no_bias_AND_NOT_no_bias = 0,
  KFIX_BEHIND_THE_PAD_OF_conv_COMES_bias_OR_no_bias_AND_NOT_bias = 1
};
#define KFIX_HAS_BIAS(...)                                               \
  KFIX_PASTE(KFIX_BEHIND_THE_PAD_OF_conv_COMES_bias_OR_no_bias_AND_NOT_, \
             KFIX_SECOND(__VA_ARGS__, bias, 0))
#define KFIX_FIRST_(a, ...) a
#define KFIX_CONV_PAD(...)  KFIX_FIRST_(__VA_ARGS__, 0)

#define KFIX_conv_READS                         1
#define KFIX_conv_IS_WINDOWED                   1
#define KFIX_conv_CHANNELS(from, channels, ...) (channels)
#define KFIX_conv_HEIGHT(from, channels, kernel, stride, ...)                          \
  KFIX_WINDOWS_ALONG(KFIX_HEIGHT_##from, KFIX_VERTICAL(kernel), KFIX_VERTICAL(stride), \
                     KFIX_VERTICAL(KFIX_CONV_PAD(__VA_ARGS__)))
#define KFIX_conv_WIDTH(from, channels, kernel, stride, ...)                              \
  KFIX_WINDOWS_ALONG(KFIX_WIDTH_##from, KFIX_HORIZONTAL(kernel), KFIX_HORIZONTAL(stride), \
                     KFIX_HORIZONTAL(KFIX_CONV_PAD(__VA_ARGS__)))
#define KFIX_conv_COLS(from, channels, kernel, stride, ...)                 \
  (KFIX_VERTICAL(kernel) * KFIX_HORIZONTAL(kernel) * KFIX_CHANNELS_##from + \
   KFIX_HAS_BIAS(__VA_ARGS__))
#define KFIX_conv_EACH(from, ...)  1
#define KFIX_conv_MOMENTS          0
#define KFIX_conv_OTHER(from, ...) 0
#define KFIX_conv_WINDOWS(from, channels, kernel, stride, ...)                             \
  {KFIX_VERTICAL(kernel), KFIX_HORIZONTAL(kernel)},                                        \
      {KFIX_VERTICAL(stride), KFIX_HORIZONTAL(stride)}, {                                  \
    KFIX_VERTICAL(KFIX_CONV_PAD(__VA_ARGS__)), KFIX_HORIZONTAL(KFIX_CONV_PAD(__VA_ARGS__)) \
  }
#define KFIX_conv_SIZE(channels, ...) (channels)
#define KFIX_conv_GEOMETRY            4
#define KFIX_conv_MORE                1
#define KFIX_conv_CHECK(id, from, channels, kernel, stride, ...)                              \
  _Static_assert((channels) > 0, "config: node " #id " has no channels: give it at least 1"); \
  KFIX_CHECK_WINDOWS_ALONG(id, "height", (int)KFIX_HEIGHT_##from, KFIX_VERTICAL(kernel),      \
                           KFIX_VERTICAL(stride), KFIX_VERTICAL(KFIX_CONV_PAD(__VA_ARGS__)))  \
  KFIX_CHECK_WINDOWS_ALONG(id, "width", (int)KFIX_WIDTH_##from, KFIX_HORIZONTAL(kernel),      \
                           KFIX_HORIZONTAL(stride), KFIX_HORIZONTAL(KFIX_CONV_PAD(__VA_ARGS__)))

#endif
