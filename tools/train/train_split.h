/* SPDX-License-Identifier: Apache-2.0
 * --validation: which rows validate. A number is a part of the training rows, anything else names data
 * of the same kind, all of whose training rows validate. Without it the data decide (dataset.h). */
#ifndef KFIX_TOOLS_TRAIN_SPLIT_H
#define KFIX_TOOLS_TRAIN_SPLIT_H

#include "data/dataset.h"

/* 1 if the text is a number, which then is the part. */
int split_is_part(const char *text, double *part);

/* text NULL: not given. Refuses a number that is no part, and a name that no checkpoint can hold. */
int split_check(const char *text, tool_error *err);

/* Asks for that split. */
void split_request(const char *text, dataset_request *request);

/* 1 if a run that has the split `then` (NULL: the data's own) may be given `now` when it goes on: the
 * same part, or data that may lie elsewhere now, which their digest decides. */
int split_may_replace(const char *now, const char *then);

/* Into line: "184 rows train, 46 validate: every fifth row (4, 9, 14, ...)". */
void split_text(const dataset *data, char *line, size_t room);

#endif
