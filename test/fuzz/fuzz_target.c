/* SPDX-License-Identifier: Apache-2.0
 * What the fuzz targets share. */
#define _XOPEN_SOURCE 700
#include "fuzz_target.h"

#include <ftw.h>
#include <string.h>
#include <unistd.h>

static const struct {
  const char *name;
  fuzz_function *run;
} targets[] = {
#define FUZZ_TARGET_ROW(name) {#name, fuzz_##name},
    FUZZ_TARGET_LIST(FUZZ_TARGET_ROW)
#undef FUZZ_TARGET_ROW
};
#define TARGETS (sizeof targets / sizeof targets[0])

fuzz_function *fuzz_find(const char *name) {
  for (size_t i = 0; i < TARGETS; i++)
    if (strcmp(name, targets[i].name) == 0) return targets[i].run;
  return NULL;
}

const char *fuzz_name(size_t i) {
  return i < TARGETS ? targets[i].name : NULL;
}

void fuzz_require_message(const tool_error *err) {
  FUZZ_REQUIRE(err->text[0] != '\0');
  for (const char *at = err->text; *at != '\0'; at++) FUZZ_REQUIRE((unsigned char)*at >= ' ');
}

/* ---- files ---- */

static char folder[1024];

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk) {
  (void)about;
  (void)kind;
  (void)walk;
  return remove(path);
}

static void remove_folder(void) {
  (void)nftw(folder, remove_one, 4, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void) {
  if (folder[0] != '\0') return folder;
  const char *root = getenv("TMPDIR");
  (void)snprintf(folder, sizeof folder, "%s/kfix-fuzz-XXXXXX", root == NULL ? "/tmp" : root);
  FUZZ_REQUIRE(mkdtemp(folder) != NULL && atexit(remove_folder) == 0);
  return folder;
}

const char *fuzz_file(const char *name, const unsigned char *data, size_t size) {
  static char path[2048];
  (void)snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
  FILE *stream = fopen(path, "wb");
  FUZZ_REQUIRE(stream != NULL);
  FUZZ_REQUIRE(fwrite(data, 1, size, stream) == size);
  FUZZ_REQUIRE(fclose(stream) == 0);
  return path;
}

/* ---- numbers ---- */

unsigned fuzz_u8(fuzz_bytes *b) {
  if (b->left == 0) return 0;
  b->left--;
  return *b->at++;
}

unsigned fuzz_u16(fuzz_bytes *b) {
  const unsigned low = fuzz_u8(b);
  return low | fuzz_u8(b) << 8;
}
