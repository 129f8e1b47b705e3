/* SPDX-License-Identifier: Apache-2.0
 * libFuzzer's entry: the target that the environment variable KFIX_FUZZ names. */
#include "fuzz_target.h"

static fuzz_function *target;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  const char *name = getenv("KFIX_FUZZ");
  target = fuzz_find(name == NULL ? "" : name);
  if (target == NULL) {
    (void)fprintf(stderr, "KFIX_FUZZ names no target\n");
    exit(2);
  }
  return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
  target(data, size);
  return 0;
}
