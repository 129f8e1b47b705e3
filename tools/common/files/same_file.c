/* SPDX-License-Identifier: Apache-2.0
 * Files compared by device and number. */
#include "same_file.h"

#include <string.h>
#include <sys/stat.h>

#include "atomic_file.h"

static int is_same(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Splits path; the folder of a bare name is the present one. */
static const char *split(const char *path, char folder[ATOMIC_PATH_BYTES]) {
  const size_t length = file_folder_length(path);
  memcpy(folder, "./", 3);
  if (length > 0 && length < ATOMIC_PATH_BYTES) {
    memcpy(folder, path, length);
    folder[length] = '\0';
  }
  return path + length;
}

int same_file(const char *a, const char *b) {
  char folder_a[ATOMIC_PATH_BYTES], folder_b[ATOMIC_PATH_BYTES];
  struct stat about_a, about_b;
  const int is_a = stat(a, &about_a) == 0, is_b = stat(b, &about_b) == 0;
  if (is_a && is_b) return is_same(&about_a, &about_b);
  if (is_a || is_b || strcmp(split(a, folder_a), split(b, folder_b)) != 0) return 0;
  return stat(folder_a, &about_a) == 0 && stat(folder_b, &about_b) == 0 &&
         is_same(&about_a, &about_b);
}
