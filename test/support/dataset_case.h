/* SPDX-License-Identifier: Apache-2.0
 * What the tests of data sets share: a set, the message about it, a folder for its files. */
#ifndef KFIX_TEST_DATASET_CASE_H
#define KFIX_TEST_DATASET_CASE_H

#include "data/dataset.h"
#include "files/atomic_file.h"
#include "scratch_folder.h"

static tool_error err;
static dataset data;

static inline void dataset_begin(void) {
  scratch_begin();
  err.text[0] = '\0';
  memset(&data, 0, sizeof data);
}

static inline void dataset_end(void) {
  dataset_free(&data);
  scratch_end();
}

static inline void save_text(const char *name, const char *text) {
  CHECK_INT(0, atomic_save(in_folder(name), text, strlen(text), &err));
}

#endif
