/* SPDX-License-Identifier: Apache-2.0
 * Shared libraries at run time. */
#include "bench_library.h"

#ifdef KFIX_STATIC
void *bench_library_open(const char *path, tool_error *err) {
  (void)tool_fail(err,
                  "--blas %.300s: a program made with STATIC=1 cannot load a shared library: "
                  "make it without",
                  path);
  return NULL;
}

int bench_library_find(void *library, const char *name, void *function, size_t bytes,
                       tool_error *err) {
  (void)library, (void)function, (void)bytes;
  return tool_fail(err, "no function %s", name);
}
#else
#include <dlfcn.h>
#include <string.h>

void *bench_library_open(const char *path, tool_error *err) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL)
    (void)tool_fail(err, "%s (OpenBLAS: apt-get install libopenblas0-pthread)", dlerror());
  return library;
}

/* A data pointer becomes a function pointer by its bytes, which POSIX allows and C has no cast for. */
int bench_library_find(void *library, const char *name, void *function, size_t bytes,
                       tool_error *err) {
  void *const symbol = dlsym(library, name);
  memcpy(function, &symbol, bytes);
  return symbol != NULL ? 0 : tool_fail(err, "%s", dlerror());
}
#endif
