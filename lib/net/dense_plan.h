/* SPDX-License-Identifier: Apache-2.0
 * A dense node before run time: N(x, dense, name, source, (units), activation). */
#ifndef KFIX_NET_DENSE_PLAN_H
#define KFIX_NET_DENSE_PLAN_H

#include "windows_plan.h"

#define KFIX_dense_READS                 1
#define KFIX_dense_CHANNELS(from, units) (units)
#define KFIX_dense_HEIGHT(from, units)   1
#define KFIX_dense_WIDTH(from, units)    1
#define KFIX_dense_COLS(from, units)     (KFIX_UNITS_##from + 1)
#define KFIX_dense_EACH(from, units)     1
#define KFIX_dense_MOMENTS               0
#define KFIX_dense_OTHER(from, units)    0
#define KFIX_dense_SIZE(units)           (units)
#define KFIX_dense_IS_WINDOWED           0
#define KFIX_dense_WINDOWS(from, units)  KFIX_SEES_ALL
#define KFIX_dense_MORE                  0
#define KFIX_dense_GEOMETRY              1
#define KFIX_dense_CHECK(id, from, units) \
  _Static_assert((units) > 0, "config: node " #id " has no units: give it at least 1");

#endif
