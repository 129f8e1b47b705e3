/* SPDX-License-Identifier: Apache-2.0
 * What is printed arrives, or the program says that it did not. */
#ifndef KFIX_TOOLS_STANDARD_OUTPUT_H
#define KFIX_TOOLS_STANDARD_OUTPUT_H

/* First in main: a closed standard stream stays one that cannot be written to, instead of becoming
 * the next file that is opened, and a limit on the size of files (ulimit -f) is an error of the write,
 * not the end of the program. */
void standard_output_begin(void);

/* Last in main: the exit status, which is 1 if it was 0 and something printed was lost. */
int standard_output_end(const char *program, int status);

#endif
