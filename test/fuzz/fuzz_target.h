/* SPDX-License-Identifier: Apache-2.0
 * The fuzz targets: functions that take any bytes and return if all that must hold does. libFuzzer
 * drives them (fuzz_main.c), and test_fuzz_corpus.c replays the corpus without it. */
#ifndef KFIX_TEST_FUZZ_TARGET_H
#define KFIX_TEST_FUZZ_TARGET_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "files/tool_error.h"

/* X(name): fuzz_name is the function, corpus/name its corpus. */
#define FUZZ_TARGET_LIST(X) \
  X(image)                  \
  X(checkpoint)             \
  X(idx)                    \
  X(npy)                    \
  X(npz)                    \
  X(safetensors)            \
  X(csv)                    \
  X(gzip)                   \
  X(cifar)                  \
  X(table)                  \
  X(arrays)                 \
  X(images)                 \
  X(weights)                \
  X(matrix)                 \
  X(log)                    \
  X(options)                \
  X(inverse)

typedef void fuzz_function(const unsigned char *data, size_t size);

#define FUZZ_TARGET_DECLARE(name) fuzz_function fuzz_##name;
FUZZ_TARGET_LIST(FUZZ_TARGET_DECLARE)
#undef FUZZ_TARGET_DECLARE

/* The target of that name, NULL if there is none. */
fuzz_function *fuzz_find(const char *name);
/* The i-th name, NULL past the last. */
const char *fuzz_name(size_t i);

#define FUZZ_REQUIRE(condition)                                             \
  do {                                                                      \
    if (!(condition)) {                                                     \
      (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                              \
    }                                                                       \
  } while (0)

/* A refusal says why, in one line. */
void fuzz_require_message(const tool_error *err);

/* Path of a file of this name and these bytes, in a folder that is removed at exit; valid until the
 * next call. */
const char *fuzz_file(const char *name, const unsigned char *data, size_t size);
/* That folder. */
const char *fuzz_folder(void);

/* Reads numbers off the front of the input; zeros when it is used up. */
typedef struct fuzz_bytes {
  const unsigned char *at;
  size_t left;
} fuzz_bytes;
unsigned fuzz_u8(fuzz_bytes *b);
unsigned fuzz_u16(fuzz_bytes *b);

#endif
