/* SPDX-License-Identifier: Apache-2.0
 * Windows before run time: what the kinds that look through them have in common. kernel, stride and pad are
 * each a number, or two in brackets, vertical and horizontal. */
#ifndef KFIX_NET_WINDOWS_PLAN_H
#define KFIX_NET_WINDOWS_PLAN_H

#define KFIX_VERTICAL_OF(v, h)    (v)
#define KFIX_HORIZONTAL_OF(v, h)  (h)
#define KFIX_VERTICAL_0(pair)     KFIX_ON(KFIX_VERTICAL_OF, pair)
#define KFIX_VERTICAL_1(number)   (number)
#define KFIX_HORIZONTAL_0(pair)   KFIX_ON(KFIX_HORIZONTAL_OF, pair)
#define KFIX_HORIZONTAL_1(number) (number)
/* 0 where there are brackets, else 1. */
#define KFIX_IS_NUMBER(x)         KFIX_SECOND(KFIX_BRACKETS x, 1, 0)
#define KFIX_VERTICAL(x)          KFIX_PASTE(KFIX_VERTICAL_, KFIX_IS_NUMBER(x))(x)
#define KFIX_HORIZONTAL(x)        KFIX_PASTE(KFIX_HORIZONTAL_, KFIX_IS_NUMBER(x))(x)

/* How many windows there are along a side of the image. */
#define KFIX_WINDOWS_ALONG(size, kernel, stride, pad) \
  (((size) + 2 * (pad) - (kernel)) / ((stride) > 0 ? (stride) : 1) + 1)

#define KFIX_CHECK_WINDOWS_ALONG(id, side, size, kernel, stride, pad)                 \
  _Static_assert((kernel) > 0 && (stride) > 0,                                        \
                 "config: node " #id ": kernel and stride are at least 1");           \
  _Static_assert((pad) >= 0 && (pad) < (kernel),                                      \
                 "config: node " #id ": pad is 0 or more, and less than the kernel"); \
  _Static_assert((kernel) <= (size) + 2 * (pad),                                      \
                 "config: node " #id ": the kernel is larger than the " side          \
                 " of what it reads "                                                 \
                 "with its padding");

/* kfix_node_spec's kernel, stride and pad of what looks through no windows. */
#define KFIX_SEES_ALL \
  {0, 0}, {0, 0}, {   \
    0, 0              \
  }

#endif
