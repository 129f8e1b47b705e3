/* SPDX-License-Identifier: Apache-2.0
 * Every method of the list, and some along each other direction: for (int m = 0; m >= 0; m = next_method(m)). */
#ifndef KFIX_TEST_EVERY_METHOD_H
#define KFIX_TEST_EVERY_METHOD_H

#include "kfix.h"

static inline int next_method(int m) {
  static const kfix_method along[] = {KFIX_ALONG(two_level, kfac), KFIX_ALONG(two_level, ekfac_ra),
                                      KFIX_ALONG(two_level, deflation), KFIX_ALONG(hf, kfac)};
  const size_t count = sizeof along / sizeof along[0];
  size_t i = 0;
  if (m + 1 < KFIX_METHOD_COUNT) return m + 1;
  while (i < count && along[i] <= (kfix_method)m) i++;
  return i < count ? (int)along[i] : -1;
}

#endif
