/* SPDX-License-Identifier: Apache-2.0
 * A residual sum before run time: N(x, add, name, source, (other source), activation). */
#ifndef KFIX_NET_ADD_PLAN_H
#define KFIX_NET_ADD_PLAN_H

#include "windows_plan.h"

#define KFIX_add_READS                 2
#define KFIX_add_CHANNELS(from, other) KFIX_CHANNELS_##from
#define KFIX_add_HEIGHT(from, other)   KFIX_HEIGHT_##from
#define KFIX_add_WIDTH(from, other)    KFIX_WIDTH_##from
#define KFIX_add_COLS(from, other)     0
#define KFIX_add_EACH(from, other)     1
#define KFIX_add_MOMENTS               0
#define KFIX_add_OTHER(from, other)    KFIX_PLACE(other)
#define KFIX_add_SIZE(other)           1
#define KFIX_add_IS_WINDOWED           0
#define KFIX_add_WINDOWS(from, other)  KFIX_SEES_ALL
#define KFIX_add_MORE                  0
#define KFIX_add_GEOMETRY              1
#define KFIX_add_CHECK(id, from, other)                                                          \
  _Static_assert((int)KFIX_PLACE(other) < (int)KFIX_PLACE(id),                                   \
                 "config: node " #id " reads " #other                                            \
                 ", which stands no earlier: list it before");                                   \
  _Static_assert((int)KFIX_UNITS_##from == (int)KFIX_UNITS_##other,                              \
                 "config: node " #id " adds " #from " and " #other ": give them as many units"); \
  _Static_assert((int)KFIX_CHANNELS_##from == (int)KFIX_CHANNELS_##other &&                      \
                     (int)KFIX_HEIGHT_##from == (int)KFIX_HEIGHT_##other,                        \
                 "config: node " #id " adds " #from " and " #other ": give them one shape");     \
  _Static_assert((int)KFIX_PLACE(from) != (int)KFIX_PLACE(other),                                \
                 "config: node " #id " adds " #from " to itself: name two sources");

#endif
