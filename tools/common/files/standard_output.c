/* SPDX-License-Identifier: Apache-2.0
 * The standard output at the beginning and at the end of a program. */
#include "standard_output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool_error.h"

void standard_output_begin(void) {
  int descriptor = open("/dev/null", O_RDONLY);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = open("/dev/null", O_RDONLY);
  if (descriptor >= 0) (void)close(descriptor);
  (void)signal(SIGXFSZ, SIG_IGN);
}

/* Why nothing more can be printed, 0: not known. What was lost may be long ago, and errno another's:
 * one line more is tried. */
static int why_lost(void) {
  clearerr(stdout);
  errno = 0;
  return fputc('\n', stdout) == EOF || fflush(stdout) != 0 ? errno : 0;
}

int standard_output_end(const char *program, int status) {
  const int lost = fflush(stdout) != 0 || ferror(stdout) != 0;
  if (!lost || status != 0) return status;
  tool_error err;
  const int why = why_lost();
  tool_format(&err, "cannot write to the standard output%s%s", why != 0 ? ": " : "",
              why != 0 ? strerror(why) : "");
  return tool_report(program, &err);
}
