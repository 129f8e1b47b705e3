/* SPDX-License-Identifier: Apache-2.0
 * The library's settings as command line options. */
#include "setting_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "adaptive|fixed" */
static void list_words(kfix_option_id id, char *out, size_t room) {
  size_t used = 0;
  out[0] = '\0';
  for (uint32_t i = 0; kfix_choice_name(id, i) != NULL && used < room; i++)
    used += (size_t)snprintf(out + used, room - used, "%s%s", i > 0 ? "|" : "",
                             kfix_choice_name(id, i));
}

_Static_assert(KFIX_AUTO == OPTION_AUTO, "the parser's auto is the library's");

static option_spec row_of(setting_table *t, kfix_option_id id, double value) {
  const kfix_option_info *info = &kfix_option_infos[id];
  option_spec row = {.name = info->flag, .low = info->min, .high = info->max, .help = info->help};
  row.value = t->text[id];
  switch (info->type) {
    case KFIX_TYPE_kfix_choice:
      list_words(id, t->text[id], sizeof t->text[id]);
      t->choices[id] = (int)value;
      row.kind = OPTION_KIND_CHOICE;
      row.target = &t->choices[id];
      break;
    case KFIX_TYPE_uint32_t:
      (void)snprintf(t->text[id], sizeof t->text[id], "%.7g..%.7g", info->min, info->max);
      t->wholes[id] = (int64_t)value;
      row.kind = OPTION_KIND_INT;
      row.target = &t->wholes[id];
      break;
    default:
      (void)snprintf(t->text[id], sizeof t->text[id], "%s%.9g..%.9g",
                     info->type == KFIX_TYPE_kfix_auto ? "auto|" : "", info->min, info->max);
      t->reals[id] = value;
      row.kind = info->type == KFIX_TYPE_kfix_auto ? OPTION_KIND_REAL_OR_AUTO : OPTION_KIND_REAL;
      row.target = &t->reals[id];
  }
  return row;
}

void setting_rows(setting_table *table, const kfix_options *defaults, option_spec *rows) {
  for (int i = 0; i < KFIX_OPTION_COUNT; i++)
    rows[i] = row_of(table, (kfix_option_id)i, kfix_option_get(defaults, (kfix_option_id)i));
}

static double value_of(const setting_table *t, kfix_option_id id) {
  switch (kfix_option_infos[id].type) {
    case KFIX_TYPE_kfix_choice:
      return (double)t->choices[id];
    case KFIX_TYPE_uint32_t:
      return (double)t->wholes[id];
    default:
      return t->reals[id];
  }
}

int setting_take(const setting_table *table, const option_spec *rows, kfix_options *out,
                 unsigned char given[KFIX_OPTION_COUNT], tool_error *err) {
  for (int i = 0; i < KFIX_OPTION_COUNT; i++) {
    const kfix_option_id id = (kfix_option_id)i;
    given[i] = rows[i].given != 0;
    if (kfix_option_set(out, id, value_of(table, id)) != KFIX_OK)
      return tool_fail(err, "--%s: a number from %.15g to %.15g is allowed", rows[i].name,
                       rows[i].low, rows[i].high);
  }
  return 0;
}

void setting_text(const kfix_options *settings, kfix_option_id id, char *out, size_t room) {
  const double value = kfix_option_get(settings, id);
  if (kfix_option_infos[id].type == KFIX_TYPE_kfix_choice) {
    (void)snprintf(out, room, "%s", kfix_choice_name(id, (uint32_t)value));
    return;
  }
  if (kfix_option_infos[id].type == KFIX_TYPE_kfix_auto && value == KFIX_AUTO) {
    (void)snprintf(out, room, "auto");
    return;
  }
  /* No more digits than it takes to read back the same number. */
  for (int digits = 6; digits <= 17; digits++) {
    (void)snprintf(out, room, "%.*g", digits, value);
    if (strtod(out, NULL) == value) return;
  }
}

static int parse_choice(kfix_options *settings, kfix_option_id id, const char *text) {
  for (uint32_t i = 0; kfix_choice_name(id, i) != NULL; i++)
    if (strcmp(kfix_choice_name(id, i), text) == 0)
      return kfix_option_set(settings, id, (double)i) == KFIX_OK ? 0 : -1;
  return -1;
}

int setting_parse(kfix_options *settings, const char *flag, const char *text) {
  for (int i = 0; i < KFIX_OPTION_COUNT; i++) {
    const kfix_option_id id = (kfix_option_id)i;
    if (strcmp(kfix_option_infos[i].flag, flag) != 0) continue;
    if (kfix_option_infos[i].type == KFIX_TYPE_kfix_choice) return parse_choice(settings, id, text);
    if (kfix_option_infos[i].type == KFIX_TYPE_kfix_auto && strcmp(text, "auto") == 0)
      return kfix_option_set(settings, id, KFIX_AUTO) == KFIX_OK ? 0 : -1;
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0') return -1;
    return kfix_option_set(settings, id, value) == KFIX_OK ? 0 : -1;
  }
  return -1;
}
