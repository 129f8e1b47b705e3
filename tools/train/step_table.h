/* SPDX-License-Identifier: Apache-2.0
 * A table whose first column is the step: the logs of a run, one line at a time, each on the disk's
 * side of the program as soon as it is complete. CSV with a heading, or, where the file's name ends in
 * .jsonl, a JSON object per line whose keys are the columns. */
#ifndef KFIX_TOOLS_STEP_TABLE_H
#define KFIX_TOOLS_STEP_TABLE_H

#include <stdint.h>
#include <stdio.h>

#include "arrays/json_writer.h"
#include "files/tool_error.h"

typedef struct step_table {
  FILE *stream; /* NULL: not asked for, the functions below do nothing */
  const char *path, *header;
  int continued;
  int is_json;
  json_writer json; /* of the present line */
  const char *next; /* in the header: the name of the next field */
} step_table;

/* path NULL: no table. Finds whether the file can be written to and, for a run that is resumed,
 * whether it has this header (of JSON: whether its first line has these keys); leaves what it holds alone, so that a run can open all that it needs
 * before it changes anything. */
int step_table_open(step_table *t, const char *path, const char *header, int resumed,
                    tool_error *err);

/* Once all is open. A new run starts the file anew; a resumed one keeps the complete lines of the
 * file up to step `last` and goes on after them. */
int step_table_begin(step_table *t, uint64_t last, tool_error *err);

/* One line: start, a field for each further column, end. In JSON what is no finite number is null. */
void step_table_start(step_table *t, uint64_t step);
void step_table_real(step_table *t, double value);  /* 17 digits; "nan" where there is no value */
void step_table_known(step_table *t, double value); /* the same, but empty where it is NaN */
void step_table_word(step_table *t, const char *word);
void step_table_count(step_table *t, uint64_t value);
int step_table_end(step_table *t, tool_error *err);

int step_table_close(step_table *t, tool_error *err);

#endif
