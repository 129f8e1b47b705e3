/* SPDX-License-Identifier: Apache-2.0
 * A line of progress on stderr. It is written over itself with a carriage return and blanks alone, so
 * any terminal will do, and is never wider than the window is at that moment. */
#ifndef KFIX_TOOLS_PROGRESS_LINE_H
#define KFIX_TOOLS_PROGRESS_LINE_H

#include <stddef.h>

/* 1 if stderr is a terminal, and this program not a job in its background. */
int progress_line_is_seen(void);

/* How many characters fit: the last column stays free, as some terminals go on to the next line
 * after it. */
size_t progress_line_room(void);

/* In place of the line before; cut at the room. Only where it is seen. */
__attribute__((format(printf, 1, 2))) void progress_line_show(const char *format, ...);

/* Before anything else is written to a terminal. */
void progress_line_clear(void);

#endif
