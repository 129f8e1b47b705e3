/* SPDX-License-Identifier: Apache-2.0
 * A line of progress on stderr. */
#define _DEFAULT_SOURCE /* TIOCGWINSZ */
#include "progress_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_COLUMNS 80
#define LINE_BYTES    256

static size_t shown; /* length of the line that is there */

int progress_line_is_seen(void) {
  if (!isatty(STDERR_FILENO)) return 0;
  const pid_t foreground = tcgetpgrp(STDERR_FILENO);
  return foreground < 0 || foreground == getpgrp();
}

/* Of the window now, and not more than COLUMNS says. */
static size_t columns(void) {
  struct winsize window = {0};
  const char *said = getenv("COLUMNS");
  const long wanted = said == NULL ? 0 : strtol(said, NULL, 10);
  const long wide = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 ? (long)window.ws_col : 0;
  if (wanted > 0 && (wide == 0 || wanted < wide)) return (size_t)wanted;
  return wide > 0 ? (size_t)wide : USUAL_COLUMNS;
}

size_t progress_line_room(void) {
  return columns() - 1;
}

static void write_line(const char *text, size_t length, size_t room) {
  const size_t before = shown < room ? shown : room;
  const size_t blanks = before > length ? before - length : 0;
  (void)fprintf(stderr, "\r%.*s%*s%s", (int)length, text, (int)blanks, "", length == 0 ? "\r" : "");
  (void)fflush(stderr);
  shown = length;
}

void progress_line_show(const char *format, ...) {
  char text[LINE_BYTES];
  va_list arguments;
  if (!progress_line_is_seen()) return;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  const size_t room = progress_line_room(), length = strlen(text);
  write_line(text, length < room ? length : room, room);
}

void progress_line_clear(void) {
  if (shown > 0) write_line("", 0, progress_line_room());
}
