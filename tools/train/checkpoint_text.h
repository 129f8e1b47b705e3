/* SPDX-License-Identifier: Apache-2.0
 * The head of a checkpoint as lines of key=value. */
#ifndef KFIX_TOOLS_CHECKPOINT_TEXT_H
#define KFIX_TOOLS_CHECKPOINT_TEXT_H

#include "train_checkpoint.h"

void checkpoint_print(FILE *stream, const checkpoint_head *head);

/* Reads what checkpoint_print wrote; changes the text. -1 and the line that is wrong, or missing,
 * in *line. */
int checkpoint_parse(char *text, checkpoint_head *head, const char **line);

#endif
