/* SPDX-License-Identifier: Apache-2.0
 * A normalisation before run time: N(x, norm, name, source, (), activation). */
#ifndef KFIX_NET_NORM_PLAN_H
#define KFIX_NET_NORM_PLAN_H

#include "windows_plan.h"

#define KFIX_norm_READS               1
#define KFIX_norm_IS_WINDOWED         1
#define KFIX_norm_CHANNELS(from, ...) KFIX_CHANNELS_##from
#define KFIX_norm_HEIGHT(from, ...)   KFIX_HEIGHT_##from
#define KFIX_norm_WIDTH(from, ...)    KFIX_WIDTH_##from
#define KFIX_norm_COLS(from, ...)     1
#define KFIX_norm_EACH(from, ...)     2
#define KFIX_norm_MOMENTS             2
#define KFIX_norm_OTHER(from, ...)    0
/* It looks at its image pixel by pixel. */
#define KFIX_norm_WINDOWS(from, ...) \
  {1, 1}, {1, 1}, {                  \
    0, 0                             \
  }
#define KFIX_norm_SIZE(...) 1
#define KFIX_norm_MORE      0
#define KFIX_norm_GEOMETRY  1
#define KFIX_norm_CHECK(id, from, ...)      \
  _Static_assert(sizeof(#__VA_ARGS__) == 1, \
                 "config: node " #id ": a norm takes nothing in its brackets: write ()");

#endif
