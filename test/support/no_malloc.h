/* SPDX-License-Identifier: Apache-2.0
 * Counts the calls that take or give back memory between two marks. Only calls made by the code
 * that is linked into the test are seen (the linker's --wrap), not those inside the C library. */
#ifndef KFIX_TEST_NO_MALLOC_H
#define KFIX_TEST_NO_MALLOC_H

#include <stddef.h>

/* 1 if this build counts: `make test` does, Ceedling does not (no_malloc_end then answers 0). */
int no_malloc_counts(void);

/* Counting starts at zero, for all threads. */
void no_malloc_begin(void);

/* The number of calls since no_malloc_begin of malloc, calloc, realloc, free, aligned_alloc,
 * posix_memalign, mmap and sbrk. Counting stops. */
size_t no_malloc_end(void);

#endif
