/* SPDX-License-Identifier: Apache-2.0
 * Output files that are there complete or not at all. */
#define _XOPEN_SOURCE 700
#include "atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The length of the folder part of path, with its slash; 0 when there is none. */
static size_t folder_length(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* Where the bytes will go in the end: the target of a symbolic link, not the link. */
static int resolve(atomic_file *file, const char *path, tool_error *err) {
  char *target = realpath(path, NULL);
  const char *chosen = target == NULL ? path : target;
  const size_t length = strlen(chosen);
  const int fits = length > 0 && length + 16 < sizeof file->path;
  if (fits) memcpy(file->path, chosen, length + 1);
  free(target);
  return fits ? 0 : tool_fail(err, "'%.80s': the file name is empty or too long", path);
}

static int open_in_place(atomic_file *file, tool_error *err) {
  file->stream = fopen(file->path, "wb");
  if (file->stream != NULL) return 0;
  return tool_fail(err, "%s: cannot write: %s", file->path, strerror(errno));
}

static int open_temporary(atomic_file *file, tool_error *err) {
  const size_t folder = folder_length(file->path);
  memcpy(file->temporary, file->path, folder);
  memcpy(file->temporary + folder, ".kfix-XXXXXX", 13);
  const int descriptor = mkstemp(file->temporary);
  if (descriptor < 0) {
    file->temporary[0] = '\0';
    return tool_fail(err, "%s: cannot write in this folder: %s; make it or name another",
                     file->path, strerror(errno));
  }
  const mode_t mask = umask(0);
  (void)umask(mask);
  (void)fchmod(descriptor, (mode_t)0666 & ~mask); /* mkstemp lets nobody else read */
  file->stream = fdopen(descriptor, "wb");
  if (file->stream != NULL) return 0;
  (void)close(descriptor);
  atomic_abandon(file);
  return tool_fail(err, "%s: cannot write: %s", file->path, strerror(errno));
}

int atomic_open(atomic_file *file, const char *path, tool_error *err) {
  file->stream = NULL;
  file->temporary[0] = '\0';
  if (resolve(file, path, err) != 0) return -1;
  struct stat about;
  if (stat(file->path, &about) != 0) return open_temporary(file, err);
  if (S_ISDIR(about.st_mode))
    return tool_fail(err, "%s: is a folder; name a file in it", file->path);
  return S_ISREG(about.st_mode) ? open_temporary(file, err) : open_in_place(file, err);
}

/* The rename itself must reach the disk too; a file system that cannot do that is not an error. */
static void sync_folder(const char *path) {
  char folder[ATOMIC_PATH_BYTES];
  const size_t length = folder_length(path);
  memcpy(folder, length == 0 ? "." : path, length == 0 ? 1 : length);
  folder[length == 0 ? 1 : length] = '\0';
  const int descriptor = open(folder, O_RDONLY);
  if (descriptor < 0) return;
  (void)fsync(descriptor);
  (void)close(descriptor);
}

int atomic_commit(atomic_file *file, tool_error *err) {
  const int in_place = file->temporary[0] == '\0';
  errno = 0;
  int failed = fflush(file->stream) != 0 || ferror(file->stream) != 0;
  if (!failed && !in_place) failed = fsync(fileno(file->stream)) != 0;
  if (fclose(file->stream) != 0) failed = 1;
  file->stream = NULL;
  if (!failed && !in_place) failed = rename(file->temporary, file->path) != 0;
  if (!failed) {
    if (!in_place) sync_folder(file->path);
    return 0;
  }
  const char *why = errno != 0 ? strerror(errno) : "a write failed";
  if (!in_place) (void)unlink(file->temporary);
  return tool_fail(err, "%s: not written: %s; check space and rights", file->path, why);
}

void atomic_abandon(atomic_file *file) {
  if (file->stream != NULL) (void)fclose(file->stream);
  file->stream = NULL;
  if (file->temporary[0] != '\0') (void)unlink(file->temporary);
  file->temporary[0] = '\0';
}

int atomic_save(const char *path, const void *data, size_t bytes, tool_error *err) {
  atomic_file file;
  if (atomic_open(&file, path, err) != 0) return -1;
  if (bytes > 0) (void)fwrite(data, 1, bytes, file.stream);
  return atomic_commit(&file, err);
}

static int make_one(const char *path, tool_error *err) {
  struct stat about;
  if (mkdir(path, 0777) == 0) return 0;
  const int why = errno;
  if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) return 0;
  return tool_fail(err, "%s: cannot make this folder: %s", path, strerror(why));
}

int make_folder(const char *path, tool_error *err) {
  char part[ATOMIC_PATH_BYTES];
  const size_t length = strlen(path);
  if (length == 0 || length >= sizeof part)
    return tool_fail(err, "'%.80s': the folder name is empty or too long", path);
  memcpy(part, path, length + 1);
  for (size_t i = 1; i < length; i++) {
    if (part[i] != '/') continue;
    part[i] = '\0';
    if (make_one(part, err) != 0) return -1;
    part[i] = '/';
  }
  return make_one(part, err);
}
