/* SPDX-License-Identifier: Apache-2.0
 * Which rows validate. */
#include "train_split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "train_checkpoint.h"

int split_is_part(const char *text, double *value) {
  char *end;
  *value = strtod(text, &end);
  return end != text && *end == '\0';
}

int split_check(const char *text, tool_error *err) {
  double part;
  if (text == NULL) return 0;
  if (split_is_part(text, &part) && !(part >= 0 && part < 1))
    return tool_fail(err,
                     "--validation '%.60s': a part of the rows from 0 to below 1, as 0.1, or the "
                     "place of other data",
                     text);
  if (strlen(text) < CHECKPOINT_DATA_BYTES && strchr(text, '\n') == NULL) return 0;
  return tool_fail(err, "--validation: the name is too long or has two lines");
}

void split_request(const char *text, dataset_request *request) {
  double part;
  if (text == NULL) return;
  request->divided = split_is_part(text, &part);
  if (request->divided)
    request->fraction = part;
  else
    request->validation = text;
}

int split_may_replace(const char *now, const char *then) {
  double a, b;
  if (then == NULL) return now == NULL;
  const int now_is_part = split_is_part(now, &a), then_is_part = split_is_part(then, &b);
  return now_is_part == then_is_part && (!now_is_part || a == b);
}

void split_text(const dataset *data, char *line, size_t room) {
  char first[48] = "";
  if (data->train_rows < data->stored_train)
    (void)snprintf(first, sizeof first, ", the first of %zu,", data->stored_train);
  if (data->valid_rows == 0)
    (void)snprintf(line, room, "%zu row%s%s train, none validate", data->train_rows,
                   data->train_rows == 1 ? "" : "s", first);
  else
    (void)snprintf(line, room, "%zu row%s%s train, %zu validate: %s", data->train_rows,
                   data->train_rows == 1 ? "" : "s", first, data->valid_rows, data->how);
}
