/* SPDX-License-Identifier: Apache-2.0
 * The table as a person, or a program, reads it. */
#ifndef KFIX_TOOLS_PRACTICE_PRINT_H
#define KFIX_TOOLS_PRACTICE_PRINT_H

#include "practice_table.h"

void practice_print_head(const practice_options *o, int json);
void practice_print_row(const practice_problem *p, const practice_options *o,
                        const practice_row *row, int json);
/* Its data are not here. */
void practice_print_absent(const practice_task *task, const tool_error *why, int json);
/* Median and worst of the ratios, which are sorted. */
void practice_print_end(double *ratios, size_t count, int json);

#endif
