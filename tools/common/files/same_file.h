/* SPDX-License-Identifier: Apache-2.0
 * Whether two names lead to one file, so that no output takes the place of an input or of another
 * output. */
#ifndef KFIX_TOOLS_SAME_FILE_H
#define KFIX_TOOLS_SAME_FILE_H

/* 1 if both names are of one file or folder, however they are spelled; of files that are not there
 * yet, if they would be. */
int same_file(const char *a, const char *b);

#endif
