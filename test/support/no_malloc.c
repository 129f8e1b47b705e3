/* SPDX-License-Identifier: Apache-2.0
 * The wrappers behind no_malloc.h. Under make each test is linked with --wrap=malloc and so on. */
#include "no_malloc.h"

#ifdef KFIX_TEST_CMOCKA

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

static atomic_int counting;
static atomic_size_t calls;

int no_malloc_counts(void) {
  return 1;
}

void no_malloc_begin(void) {
  atomic_store(&calls, 0);
  atomic_store(&counting, 1);
}

size_t no_malloc_end(void) {
  atomic_store(&counting, 0);
  return atomic_load(&calls);
}

static void count(void) {
  if (atomic_load(&counting)) atomic_fetch_add(&calls, 1);
}

/* WRAP(type, name, parameters, arguments): the linker sends calls of name to __wrap_name, and
 * __real_name to the real one. */
#define WRAP(type, name, parameters, arguments) \
  type __real_##name parameters;                \
  type __wrap_##name parameters;                \
  type __wrap_##name parameters {               \
    count();                                    \
    return __real_##name arguments;             \
  }

WRAP(void *, malloc, (size_t bytes), (bytes))
WRAP(void *, calloc, (size_t n, size_t bytes), (n, bytes))
WRAP(void *, realloc, (void *p, size_t bytes), (p, bytes))
WRAP(void *, aligned_alloc, (size_t alignment, size_t bytes), (alignment, bytes))
WRAP(int, posix_memalign, (void **p, size_t alignment, size_t bytes), (p, alignment, bytes))
WRAP(void *, mmap, (void *p, size_t bytes, int protection, int flags, int file, off_t offset),
     (p, bytes, protection, flags, file, offset))
WRAP(void *, sbrk, (intptr_t step), (step))

void __real_free(void *p);
void __wrap_free(void *p);
void __wrap_free(void *p) {
  count();
  __real_free(p);
}

#else

int no_malloc_counts(void) {
  return 0;
}

void no_malloc_begin(void) {
}

size_t no_malloc_end(void) {
  return 0;
}

#endif
