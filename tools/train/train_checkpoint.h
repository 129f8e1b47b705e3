/* SPDX-License-Identifier: Apache-2.0
 * Checkpoint files: a head in readable text, which says what the run is and how far it came, then
 * the library's image of the trainer.
 *
 *   kfix-train checkpoint 1 BYTES DIGEST     BYTES of text follow, with this XXH64 digest
 *   key=value                                one line each
 *   ...                                      the image (kfix_save), to the end of the file
 *
 * A file is written beside its place and renamed, so it is always a complete one. */
#ifndef KFIX_TOOLS_TRAIN_CHECKPOINT_H
#define KFIX_TOOLS_TRAIN_CHECKPOINT_H

#include <stdio.h>

#include "checkpoint_text.h"
#include "files/tool_error.h"
#include "lib/kfix.h"

int checkpoint_save(const char *path, const checkpoint_head *head, kfix *k, tool_error *err);

/* A checkpoint being read: the head first, which says what trainer to make, then its image. */
typedef struct checkpoint_file {
  FILE *stream;
  const char *path;
} checkpoint_file;

/* Distinct messages: not there, not a checkpoint, another version, cut off, corrupted. */
int checkpoint_open(checkpoint_file *file, const char *path, checkpoint_head *head,
                    tool_error *err);

/* Restores the trainer and closes the file, also after failure. */
int checkpoint_load(checkpoint_file *file, kfix *k, tool_error *err);
void checkpoint_close(checkpoint_file *file);

#endif
