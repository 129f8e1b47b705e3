/* SPDX-License-Identifier: Apache-2.0
 * Philox4x32-10: random words as a function of a key and a counter. No state to carry; a draw does
 * not depend on who draws it, or when. */
#ifndef KFIX_CORE_PHILOX_H
#define KFIX_CORE_PHILOX_H

#include <stdint.h>

/* One stream per purpose, so that using more of one never shifts another. */
typedef enum kfix_purpose {
  KFIX_DRAW_WEIGHTS = 1,
  KFIX_DRAW_ORDER,
  KFIX_DRAW_TARGETS,
  KFIX_DRAW_DATA,
  KFIX_DRAW_PROBE,
  KFIX_DRAW_TEST
} kfix_purpose;

/* Where random numbers come from. */
typedef struct kfix_draw_key {
  uint64_t seed;
  uint32_t purpose, step, layer; /* purpose < 256, layer < 2^24 */
} kfix_draw_key;

#endif
