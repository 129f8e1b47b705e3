/* SPDX-License-Identifier: Apache-2.0
 * The allocation counter sees what it must see, and only between its marks. */
#include <stdlib.h>

#include "check.h"
#include "no_malloc.h"

/* Volatile, so that no compiler leaves out a malloc and its free. */
static void *volatile block;

void setUp(void) {
  if (!no_malloc_counts()) SKIP("this build does not wrap malloc");
}

void test_counts_each_call_between_the_marks(void) {
  no_malloc_begin();
  block = malloc(8);
  void *grown = realloc(block, 16);
  block = grown;
  free(block);
  block = calloc(2, 8);
  free(block);
  CHECK_U64(5, no_malloc_end());
}

void test_counts_the_aligned_forms(void) {
  void *aligned = NULL;
  no_malloc_begin();
  block = aligned_alloc(64, 64);
  free(block);
  const int refused = posix_memalign(&aligned, 64, 64);
  block = aligned;
  free(block);
  CHECK_U64(4, no_malloc_end());
  CHECK_INT(0, refused);
}

void test_counts_nothing_without_calls(void) {
  volatile int sum = 0;
  no_malloc_begin();
  for (int i = 0; i < 10; i++) sum += i;
  CHECK_U64(0, no_malloc_end());
  CHECK_INT(45, sum);
}

void test_counts_nothing_outside_the_marks(void) {
  no_malloc_begin();
  CHECK_U64(0, no_malloc_end());
  block = malloc(8);
  free(block);
  no_malloc_begin();
  CHECK_U64(0, no_malloc_end());
}
