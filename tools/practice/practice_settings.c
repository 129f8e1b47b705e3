/* SPDX-License-Identifier: Apache-2.0
 * Reading settings by their flags. */
#include "practice_settings.h"

#include <stdlib.h>
#include <string.h>

/* The option of that flag, or KFIX_OPTION_COUNT. */
static kfix_option_id find(const char *flag, size_t length) {
  int i = 0;
  while (i < KFIX_OPTION_COUNT && (strncmp(kfix_option_infos[i].flag, flag, length) != 0 ||
                                   kfix_option_infos[i].flag[length] != '\0'))
    i++;
  return (kfix_option_id)i;
}

/* A number, the word auto, or the word of a choice. -1: neither. */
static int read_value(kfix_option_id id, const char *text, size_t length, double *out) {
  char *end;
  *out = strtod(text, &end);
  if (length > 0 && end == text + length) return 0;
  *out = KFIX_AUTO;
  if (length == 4 && strncmp(text, "auto", 4) == 0 &&
      kfix_option_infos[id].type == KFIX_TYPE_kfix_auto)
    return 0;
  for (uint32_t i = 0; kfix_choice_name(id, i) != NULL; i++) {
    const char *word = kfix_choice_name(id, i);
    *out = i;
    if (strlen(word) == length && strncmp(word, text, length) == 0) return 0;
  }
  return -1;
}

static int read_one(const char *text, size_t length, practice_options *out, tool_error *err) {
  const char *equals = memchr(text, '=', length);
  const size_t flag = equals == NULL ? length : (size_t)(equals - text);
  const kfix_option_id id = find(text, flag);
  double value;
  if (equals == NULL || id == KFIX_OPTION_COUNT)
    return tool_fail(err, "--set %.*s: a setting of kfix-train is wanted, as lambda=1", (int)length,
                     text);
  if (read_value(id, equals + 1, length - flag - 1, &value) != 0 ||
      kfix_option_set(&out->settings, id, value) != KFIX_OK)
    return tool_fail(err, "--set %.*s: a value is wanted as kfix-train --%s takes it", (int)length,
                     text, kfix_option_infos[id].flag);
  out->given[id] = 1;
  return 0;
}

int practice_settings_read(const char *text, practice_options *out, tool_error *err) {
  out->settings = kfix_options_default(NULL);
  while (text != NULL && *text != '\0') {
    const size_t length = strcspn(text, ",");
    if (read_one(text, length, out, err) != 0) return -1;
    text += length + (text[length] == ',');
  }
  return 0;
}
