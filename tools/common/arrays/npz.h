/* SPDX-License-Identifier: Apache-2.0
 * NumPy's .npz: a zip archive of .npy members. Written stored (not packed), as numpy.savez does;
 * under 4 GiB; read stored or deflated, zip64 or not. */
#ifndef KFIX_TOOLS_NPZ_H
#define KFIX_TOOLS_NPZ_H

#include "files/file_bytes.h"
#include "tensor_view.h"

/* All views as members NAME.npy, in order. The same views give the same bytes (no times). */
int npz_save(const char *path, const tensor_view *views, size_t count, tool_error *err);

typedef struct npz_file {
  tensor_view *views; /* names without .npy; members that are not .npy are left out */
  size_t count;
  file_bytes archive;
  unsigned char **unpacked; /* one per view: the deflated member, or NULL */
} npz_file;

/* Reads all members; each CRC is checked. A member that is not an array of numbers is there as a
 * view in trouble. Refused are damaged archives, and those that two readers could take for two
 * things: a name that is there twice, members that overlap or leave gaps, bytes behind the end.
 * Release with npz_free, also after failure. */
int npz_load(const char *path, npz_file *out, tool_error *err);
int npz_parse(const char *path, npz_file *out, tool_error *err); /* out->archive is filled in */
void npz_free(npz_file *npz);

/* The member of that name, or NULL. */
const tensor_view *npz_find(const npz_file *npz, const char *name);

#endif
