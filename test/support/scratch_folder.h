/* SPDX-License-Identifier: Apache-2.0
 * A folder for the files of one test, made in setUp and removed in tearDown. */
#ifndef KFIX_TEST_SCRATCH_FOLDER_H
#define KFIX_TEST_SCRATCH_FOLDER_H

#include <stdlib.h>

#include "check.h"

#define SCRATCH_BYTES 4096

static char scratch_folder[SCRATCH_BYTES];

static inline void scratch_begin(void) {
  const char *root = getenv("TMPDIR");
  (void)snprintf(scratch_folder, sizeof scratch_folder, "%s/kfix-test-XXXXXX",
                 root == NULL ? "/tmp" : root);
  CHECK(mkdtemp(scratch_folder) != NULL);
}

static inline void scratch_end(void) {
  static char command[SCRATCH_BYTES + 16];
  (void)snprintf(command, sizeof command, "rm -rf '%s'", scratch_folder);
  CHECK_INT(0, system(command));
}

/* The path of a file in it; valid until the next call. */
static inline const char *in_folder(const char *name) {
  static char path[2 * SCRATCH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%s", scratch_folder, name);
  return path;
}

#endif
