/* SPDX-License-Identifier: Apache-2.0
 * From the name or path of a data set to the kind of its files and where they are. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset_load.h"
#include "files/atomic_file.h"
#include "files/file_bytes.h"
#include "files/same_file.h"
#include "idx.h"

#define FASHION_FOLDER "/usr/share/datasets/fashion-mnist" /* Debian: dataset-fashion-mnist */

void dataset_join(char path[DATASET_PATH_BYTES], const char *folder, const char *name) {
  (void)snprintf(path, DATASET_PATH_BYTES, "%s/%s", folder, name);
}

int dataset_named(const char *text, const char *tail) {
  size_t length = strlen(text);
  const size_t wanted = strlen(tail);
  if (length > 3 && strcmp(text + length - 3, ".gz") == 0) length -= 3;
  return length >= wanted && memcmp(text + length - wanted, tail, wanted) == 0;
}

static int holds(const char *folder, const char *name) {
  char path[DATASET_PATH_BYTES];
  dataset_join(path, folder, name);
  return idx_exists(path);
}

/* 1 if some file of the folder ends with tail. */
static int holds_any(const char *folder, const char *tail) {
  DIR *listing = opendir(folder);
  int found = 0;
  if (listing == NULL) return 0;
  for (const struct dirent *e; !found && (e = readdir(listing)) != NULL;)
    found = dataset_named(e->d_name, tail);
  (void)closedir(listing);
  return found;
}

int dataset_fail_xz(const char *path, tool_error *err) {
  return tool_fail(err,
                   "%s: packed with xz, which is not read: unxz it, or, where it lies read-only, "
                   "xz -dc FILE.bin.xz > FOLDER/FILE.bin, and name that folder",
                   path);
}

static int folder_kind(const char *path, dataset_kind *kind, tool_error *err) {
  if (holds(path, "train-images-idx3-ubyte"))
    *kind = DATASET_KIND_IDX;
  else if (holds(path, "olivetti-images-idx3-ubyte"))
    *kind = DATASET_KIND_FACES;
  else if (holds(path, "x.npy"))
    *kind = DATASET_KIND_NPY;
  else if (holds_any(path, ".bin"))
    *kind = DATASET_KIND_CIFAR;
  else if (holds_any(path, ".bin.xz"))
    return dataset_fail_xz(path, err);
  else
    return tool_fail(
        err,
        "%s: this folder holds no known data set (train-images-idx3-ubyte[.gz], "
        "olivetti-images-idx3-ubyte[.gz], x.npy or CIFAR *.bin); of a .csv or another .npy, "
        "name the file",
        path);
  return 0;
}

static int path_kind(const char *path, dataset_kind *kind, tool_error *err) {
  if (folder_exists(path)) return folder_kind(path, kind, err);
  if (!file_exists(path))
    return tool_fail(err,
                     "%s: no such file or folder, nor the name of a data set (curves, mnist, "
                     "fashion-mnist, faces, digits, cifar10, cifar100)",
                     path);
  if (dataset_named(path, ".csv") || dataset_named(path, ".tsv"))
    *kind = DATASET_KIND_CSV;
  else if (dataset_named(path, ".npy"))
    *kind = DATASET_KIND_NPY;
  else
    return tool_fail(
        err,
        "%s: a single file must be .csv, .tsv (or these with .gz) or .npy; else name the folder",
        path);
  return 0;
}

/* Where a named set may lie under a root, most usual first. */
typedef struct named_set {
  const char *name;
  const char *places[3];
  const char *elsewhere; /* outside of any root, or NULL */
} named_set;

static const named_set named_sets[] = {
    {"mnist", {"mnist", NULL, NULL}, NULL},
    {"fashion-mnist", {"fashion-mnist", NULL, NULL}, FASHION_FOLDER},
    {"faces", {"olivetti", "faces", NULL}, NULL},
    {"digits", {"tabular/digits.csv.gz", "digits.csv.gz", "digits.csv"}, NULL},
    {"cifar10", {"cifar10", "cifar-10-batches-bin", NULL}, NULL},
    {"cifar100", {"cifar100", "cifar-100-binary", NULL}, NULL},
};

static int find_under(const named_set *set, const char *root, char path[DATASET_PATH_BYTES]) {
  for (int i = 0; i < 3 && set->places[i] != NULL; i++) {
    dataset_join(path, root, set->places[i]);
    if (file_exists(path) || folder_exists(path)) return 1;
  }
  return 0;
}

static int find_named(const named_set *set, const char *root, char path[DATASET_PATH_BYTES],
                      tool_error *err) {
  if (root == NULL) root = getenv("KFIX_DATA");
  if (root != NULL && find_under(set, root, path)) return 0;
  if (find_under(set, "data", path)) return 0;
  if (set->elsewhere != NULL && folder_exists(set->elsewhere)) {
    (void)snprintf(path, DATASET_PATH_BYTES, "%s", set->elsewhere);
    return 0;
  }
  return tool_fail(err,
                   "%s: found neither under %.200s nor in ./data: set KFIX_DATA to the folder that "
                   "holds %s, or name the place itself%s",
                   set->name, root == NULL ? "$KFIX_DATA (not set)" : root, set->places[0],
                   set->elsewhere == NULL ? "" : ", or install dataset-fashion-mnist");
}

int dataset_find(const dataset_request *request, dataset_kind *kind, char path[DATASET_PATH_BYTES],
                 tool_error *err) {
  const char *source = request->source == NULL ? "curves" : request->source;
  if (strcmp(source, "curves") == 0) {
    *kind = DATASET_KIND_CURVES;
    return 0;
  }
  for (size_t i = 0; i < sizeof named_sets / sizeof named_sets[0]; i++) {
    if (strcmp(source, named_sets[i].name) != 0) continue;
    if (find_named(&named_sets[i], request->root, path, err) != 0) return -1;
    return path_kind(path, kind, err);
  }
  if (strlen(source) + 64 >= DATASET_PATH_BYTES)
    return tool_fail(err, "'%.80s...': the path is too long", source);
  (void)snprintf(path, DATASET_PATH_BYTES, "%s", source);
  return path_kind(path, kind, err);
}

static int is_data_name(const char *name) {
  return dataset_named(name, ".npy") || dataset_named(name, ".bin") ||
         dataset_named(name, "-ubyte");
}

int dataset_reads(const dataset_request *request, const char *path) {
  char place[DATASET_PATH_BYTES], folder[DATASET_PATH_BYTES];
  const char *name = path + file_folder_length(path);
  dataset_kind kind;
  if (dataset_find(request, &kind, place, NULL) != 0 || kind == DATASET_KIND_CURVES) return 0;
  if (same_file(place, path)) return 1;
  (void)snprintf(folder, sizeof folder, "%.*s.", (int)(name - path), path);
  return is_data_name(name) && file_exists(path) && same_file(folder, place);
}
