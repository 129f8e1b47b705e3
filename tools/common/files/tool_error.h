/* SPDX-License-Identifier: Apache-2.0
 * How the programs report a failure: one line that says what is wrong, in which file, and what to
 * do. Functions answer 0 or -1 and fill such a buffer; main prints it. */
#ifndef KFIX_TOOLS_TOOL_ERROR_H
#define KFIX_TOOLS_TOOL_ERROR_H

#define TOOL_ERROR_BYTES 512

typedef struct tool_error {
  char text[TOOL_ERROR_BYTES];
} tool_error;

/* tool_fail(err, format, ...): formats the message, cut to the buffer, and is -1, so that a
 * function can end with `return tool_fail(err, ...)`. err NULL: only -1. What a file or a command
 * line brought along stays in the line: control characters become question marks. A macro so that the
 * compiler sees the -1 and can tell which outputs are set after success. */
#define tool_fail(...) (tool_format(__VA_ARGS__), -1)

__attribute__((format(printf, 2, 3))) void tool_format(tool_error *err, const char *format, ...);

/* Prints "kfix-NAME: message" to stderr and returns the exit status 1. */
int tool_report(const char *program, const tool_error *err);

#endif
