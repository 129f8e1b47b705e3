/* SPDX-License-Identifier: Apache-2.0
 * One-line failure messages. */
#include "tool_error.h"

#include <stdarg.h>
#include <stdio.h>

void tool_format(tool_error *err, const char *format, ...) {
  if (err == NULL) return;
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(err->text, sizeof err->text, format, arguments);
  va_end(arguments);
  for (char *at = err->text; *at != '\0'; at++)
    if ((unsigned char)*at < ' ' || *at == 0x7f) *at = '?';
}

int tool_report(const char *program, const tool_error *err) {
  (void)fprintf(stderr, "%s: %s\n", program, err->text);
  return 1;
}
