/* SPDX-License-Identifier: Apache-2.0
 * What each region of the plan holds, in the words of the plan's own lists. */
#include <string.h>

#include "size_map.h"

/* Included for its lists: the config decides no word. */
#define WORDS(id, group, count, words) {#id, words},
#define OF_METHOD(id, name, rule, direction, curvature) \
  KFIX_##id##_NET(WORDS, 0, 0, 0, 0) KFIX_##id##_BLOCK(WORDS, 0, 0, 0, 0, 0)
#define OF_DIRECTION(id, name)                                                 \
  KFIX_##id##_ALONG_HOST(WORDS, 0, 0) KFIX_##id##_ALONG_NET(WORDS, 0, 0, 0, 0) \
      KFIX_##id##_ALONG_BLOCK(WORDS, 0, 0, 0, 0, 0)

const char *size_words(const char *region) {
  static const struct {
    const char *region, *words;
  } table[] = {{"CONTROL", "control block: options, addresses, host scalars"},
               KFIX_REGIONS_HOST(WORDS, 0, 0, 0) KFIX_REGIONS_NET(WORDS, 0, 0, 0, 0, 0)
                   KFIX_REGIONS_SCRATCH(WORDS, 0, 0) KFIX_REGIONS_SLICE(WORDS, 0, 0, 0, 0)
                       KFIX_REGIONS_NODE(WORDS, 0, 0, 0, 0, 0) KFIX_METHOD_LIST(OF_METHOD)
                           KFIX_DIRECTION_LIST(OF_DIRECTION) OF_DIRECTION(exact, "")};
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (strcmp(region, table[i].region) == 0) return table[i].words;
  return "";
}

const size_loan *size_loan_at(int i) {
#define LOAN(name, region, what) {#name, #region, what},
  static const size_loan loans[] = {KFIX_LOAN_LIST(LOAN)};
  return i < (int)(sizeof loans / sizeof loans[0]) ? &loans[i] : NULL;
}
