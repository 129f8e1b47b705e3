/* SPDX-License-Identifier: Apache-2.0
 * A residual sum before run time: N(x, add, name, source, (other source), activation). */
#ifndef KFIX_NET_ADD_PLAN_H
#define KFIX_NET_ADD_PLAN_H

#define KFIX_add_READS              2
#define KFIX_add_UNITS(from, other) KFIX_UNITS_##from
#define KFIX_add_COLS(from, other)  0
#define KFIX_add_OTHER(from, other) KFIX_PLACE(other)
#define KFIX_add_SIZE(other)        1
#define KFIX_add_GEOMETRY           1
#define KFIX_add_CHECK(id, from, other)                                                          \
  _Static_assert((int)KFIX_PLACE(other) < (int)KFIX_PLACE(id),                                   \
                 "config: node " #id " reads " #other                                            \
                 ", which stands no earlier: list it before");                                   \
  _Static_assert((int)KFIX_UNITS_##from == (int)KFIX_UNITS_##other,                              \
                 "config: node " #id " adds " #from " and " #other ": give them as many units"); \
  _Static_assert((int)KFIX_PLACE(from) != (int)KFIX_PLACE(other),                                \
                 "config: node " #id " adds " #from " to itself: name two sources");

#endif
