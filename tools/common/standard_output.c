/* SPDX-License-Identifier: Apache-2.0
 * The standard output at the beginning and at the end of a program. */
#include "standard_output.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "tool_error.h"

void standard_output_begin(void) {
  int descriptor = open("/dev/null", O_RDONLY);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = open("/dev/null", O_RDONLY);
  if (descriptor >= 0) (void)close(descriptor);
  (void)signal(SIGXFSZ, SIG_IGN);
}

int standard_output_end(const char *program, int status) {
  const int lost = fflush(stdout) != 0 || ferror(stdout) != 0;
  if (!lost || status != 0) return status;
  return tool_report(program, &(tool_error){"cannot write to the standard output"});
}
