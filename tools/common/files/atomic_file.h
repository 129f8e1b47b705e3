/* SPDX-License-Identifier: Apache-2.0
 * Output files that are there complete or not at all: FILE is written as FILE.kfix-part, flushed to
 * the disk, then renamed. The name is fixed, so what a killed program leaves behind is one file,
 * which the next one to write FILE takes over. */
#ifndef KFIX_TOOLS_ATOMIC_FILE_H
#define KFIX_TOOLS_ATOMIC_FILE_H

#include <stdio.h>

#include "tool_error.h"

#define ATOMIC_PATH_BYTES 4096
#define ATOMIC_SUFFIX     ".kfix-part"

typedef struct atomic_file {
  FILE *stream; /* write here; errors may be left for commit to find */
  char path[ATOMIC_PATH_BYTES];
  char temporary[ATOMIC_PATH_BYTES]; /* empty: written in place (a pipe, a terminal) */
} atomic_file;

/* Opens path for writing. A path that is a pipe or a device is written in place; a symbolic link is
 * followed. Refused while another process is writing it. 0 or -1. */
int atomic_open(atomic_file *file, const char *path, tool_error *err);

/* Puts the file in its place. After -1 the temporary is gone and the old file, if any, is as it
 * was. Either way the file is closed. */
int atomic_commit(atomic_file *file, tool_error *err);

/* Closes and forgets what was written. Does nothing when the file is not open. */
void atomic_abandon(atomic_file *file);

/* The whole file in one call: open, write, commit. */
int atomic_save(const char *path, const void *data, size_t bytes, tool_error *err);

/* Makes the folder, and the folders above it; a folder that is there is fine. */
int make_folder(const char *path, tool_error *err);

/* The length of the folder part of path, with its slash; 0 when there is none. */
size_t file_folder_length(const char *path);

#endif
