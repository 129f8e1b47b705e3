/* SPDX-License-Identifier: Apache-2.0
 * --digest-log: one line per step and part of the state. */
#include "digest_log.h"

#include <inttypes.h>

int digest_log_device(step_table *t, const char *device, tool_error *err) {
  if (t->stream == NULL || device[0] == '\0') return 0;
  step_table_start(t, 0);
  step_table_word(t, "device");
  step_table_count(t, 0);
  step_table_word(t, device);
  return step_table_end(t, err);
}

static int write_part(step_table *t, const kfix *k, uint64_t step, const char *name, kfix_part part,
                      uint32_t layer, tool_error *err) {
  char digest[17];
  (void)snprintf(digest, sizeof digest, "%016" PRIx64, kfix_digest_part(k, part, layer));
  step_table_start(t, step);
  step_table_word(t, name);
  step_table_count(t, layer);
  step_table_word(t, digest);
  return step_table_end(t, err);
}

int digest_log_write(step_table *t, const kfix *k, uint64_t step, uint32_t depth, tool_error *err) {
  if (t->stream == NULL) return 0;
  if (write_part(t, k, step, "parameters", KFIX_PART_PARAMETERS, 0, err) != 0) return -1;
  for (uint32_t i = 1; i <= depth; i++) {
    if (write_part(t, k, step, "statistics", KFIX_PART_STATISTICS, i, err) != 0) return -1;
    if (write_part(t, k, step, "inverse", KFIX_PART_INVERSE, i, err) != 0) return -1;
  }
  return write_part(t, k, step, "decisions", KFIX_PART_DECISIONS, 0, err);
}
