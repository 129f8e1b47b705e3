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

size_t file_folder_length(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* Where the bytes will go in the end: the target of a symbolic link, not the link. */
static int resolve(atomic_file *file, const char *path, tool_error *err) {
  char *target = realpath(path, NULL);
  const char *chosen = target == NULL ? path : target;
  const size_t length = strlen(chosen);
  const int fits = length > 0 && length + sizeof ATOMIC_SUFFIX <= sizeof file->path;
  if (fits) memcpy(file->path, chosen, length + 1);
  free(target);
  return fits ? 0 : tool_fail(err, "'%.80s': the file name is empty or too long", path);
}

static int open_in_place(atomic_file *file, tool_error *err) {
  file->stream = fopen(file->path, "wb");
  if (file->stream != NULL) return 0;
  return tool_fail(err, "%s: cannot write: %s", file->path, strerror(errno));
}

/* 1 if the descriptor is the only name of a plain file that still bears the temporary's name: a
 * writer that had it locked may have renamed or removed it in the meantime. */
static int is_temporary(const atomic_file *file, int descriptor) {
  struct stat opened, named;
  return fstat(descriptor, &opened) == 0 && lstat(file->temporary, &named) == 0 &&
         S_ISREG(opened.st_mode) && opened.st_nlink == 1 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

/* Takes the temporary, or what a killed program left of it, for this process alone. The lock ends
 * with the process. A file system without locks does without. */
static int take_temporary(const atomic_file *file, int descriptor, tool_error *err) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  const int busy = fcntl(descriptor, F_SETLK, &whole) != 0 && (errno == EACCES || errno == EAGAIN);
  if (busy || !is_temporary(file, descriptor))
    return tool_fail(err, "%s: another program is writing %s; name another file", file->path,
                     file->temporary);
  if (ftruncate(descriptor, 0) == 0) return 0;
  return tool_fail(err, "%s: cannot write: %s", file->path, strerror(errno));
}

static int open_temporary(atomic_file *file, tool_error *err) {
  const size_t length = strlen(file->path);
  memcpy(file->temporary, file->path, length);
  memcpy(file->temporary + length, ATOMIC_SUFFIX, sizeof ATOMIC_SUFFIX);
  const int descriptor = open(file->temporary, O_WRONLY | O_CREAT | O_NOFOLLOW, 0666);
  if (descriptor < 0) {
    file->temporary[0] = '\0';
    return tool_fail(err, "%s: cannot write in this folder: %s; make it or name another",
                     file->path, strerror(errno));
  }
  if (take_temporary(file, descriptor, err) == 0) {
    file->stream = fdopen(descriptor, "wb");
    if (file->stream != NULL) return 0;
    (void)unlink(file->temporary);
    (void)tool_fail(err, "%s: cannot write: %s", file->path, strerror(errno));
  }
  (void)close(descriptor);
  file->temporary[0] = '\0';
  return -1;
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
  const size_t length = file_folder_length(path);
  memcpy(folder, length == 0 ? "." : path, length == 0 ? 1 : length);
  folder[length == 0 ? 1 : length] = '\0';
  const int descriptor = open(folder, O_RDONLY);
  if (descriptor < 0) return;
  (void)fsync(descriptor);
  (void)close(descriptor);
}

/* Renamed before it is closed: until then it is locked, so nobody else begins to write to it. */
static int finish(atomic_file *file) {
  if (fflush(file->stream) != 0 || ferror(file->stream) != 0) return -1;
  if (file->temporary[0] == '\0') return 0;
  if (fsync(fileno(file->stream)) != 0) return -1;
  if (rename(file->temporary, file->path) != 0) return -1;
  file->temporary[0] = '\0';
  sync_folder(file->path);
  return 0;
}

int atomic_commit(atomic_file *file, tool_error *err) {
  errno = 0;
  if (finish(file) == 0) {
    const int closed = fclose(file->stream);
    file->stream = NULL;
    if (closed == 0) return 0;
  }
  const char *why = errno != 0 ? strerror(errno) : "a write failed";
  atomic_abandon(file);
  return tool_fail(err, "%s: not written: %s; check space and rights", file->path, why);
}

void atomic_abandon(atomic_file *file) {
  if (file->temporary[0] != '\0') (void)unlink(file->temporary);
  file->temporary[0] = '\0';
  if (file->stream != NULL) (void)fclose(file->stream);
  file->stream = NULL;
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
