/* SPDX-License-Identifier: Apache-2.0
 * --method and --curvature. */
#include "method_choice.h"

#include <stdio.h>
#include <string.h>

static void append(char *words, const char *prefix, const char *word) {
  const size_t used = strlen(words);
  (void)snprintf(words + used, METHOD_WORDS_BYTES - used, "%s%s%s", used > 0 ? "|" : "", prefix,
                 word);
}

void method_choice_words(char words[METHOD_WORDS_BYTES]) {
  const char *space;
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    append(words, "", kfix_method_of((kfix_method)m)->name);
  for (uint32_t i = 0; (space = kfix_choice_name(KFIX_OPTION_coarse_space, i)) != NULL; i++)
    append(words, "two-level:", space);
}

void method_curvature_words(char words[METHOD_WORDS_BYTES]) {
  append(words, "", "own");
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    if (kfix_method_of((kfix_method)m)->curvature)
      append(words, "", kfix_method_of((kfix_method)m)->name);
}

/* The method of a choice among those with a curvature, from 1. */
static int curvature_at(int choice) {
  int m = 0;
  for (; m < KFIX_METHOD_COUNT; m++)
    if (kfix_method_of((kfix_method)m)->curvature && --choice == 0) break;
  return m;
}

int method_choice_take(int method_choice, int curvature_choice, kfix_method *method,
                       kfix_choice *space, tool_error *err) {
  const int two_level = method_choice >= KFIX_METHOD_COUNT;
  const int below = curvature_choice > 0 ? curvature_at(curvature_choice) : (int)KFIX_METHOD_kfac;
  *method = (kfix_method)method_choice;
  if (two_level) {
    *space = (kfix_choice)(method_choice - KFIX_METHOD_COUNT);
    *method = (kfix_method)(below + KFIX_METHOD_STRIDE * KFIX_ALONG_two_level);
  } else if (curvature_choice > 0 && method_choice == (int)KFIX_METHOD_hf) {
    *method = (kfix_method)(below + KFIX_METHOD_STRIDE * KFIX_ALONG_hf);
  } else if (curvature_choice > 0) {
    return tool_fail(err, "--curvature goes with --method hf and two-level:SPACE: leave it out");
  }
  return 0;
}

int method_is_two_level(kfix_method method) {
  return method / KFIX_METHOD_STRIDE == KFIX_ALONG_two_level;
}

int method_named(const char *name) {
  for (int m = 0; m < KFIX_METHOD_END; m++) {
    const kfix_method_info *info = kfix_method_of((kfix_method)m);
    if (info && strcmp(info->name, name) == 0) return m;
  }
  return -1;
}
