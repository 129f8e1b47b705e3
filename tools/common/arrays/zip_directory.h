/* SPDX-License-Identifier: Apache-2.0
 * The directory of a zip archive, zip64 or not, and the bytes of its members. */
#ifndef KFIX_TOOLS_ZIP_DIRECTORY_H
#define KFIX_TOOLS_ZIP_DIRECTORY_H

#include "files/file_bytes.h"

typedef struct zip_member {
  const char *name; /* within the archive, not ended by a NUL */
  size_t name_length;
  const unsigned char *bytes; /* packed, within the archive */
  size_t packed, size, first; /* first: where the member begins, with its local header */
  unsigned method, flags;
  uint32_t crc;
} zip_member;

typedef struct zip_directory {
  zip_member *members; /* in the order of their places; free() it */
  size_t count;
} zip_directory;

/* Refused is what is damaged, and what two readers could take for two archives: members that
 * overlap or leave gaps, another name in a member than in the directory, bytes behind the end. */
int zip_list(const char *path, const file_bytes *archive, zip_directory *out, tool_error *err);

/* The bytes of a member, their checksum right. *owned is what to free(), NULL where the bytes lie in
 * the archive. NULL: refused, and *damaged says whether the archive is (else its packing is one that
 * is not read). */
const unsigned char *zip_unpack(const char *path, const zip_member *member, unsigned char **owned,
                                int *damaged, tool_error *err);

#endif
