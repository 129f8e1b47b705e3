/* SPDX-License-Identifier: Apache-2.0
 * Whole files in memory, gzip undone on the way in and applied on the way out. Every reader of a
 * format parses such a block, so that no length in a file is trusted. */
#ifndef KFIX_TOOLS_FILE_BYTES_H
#define KFIX_TOOLS_FILE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "tool_error.h"

typedef struct file_bytes {
  unsigned char *data; /* size bytes and one NUL after them */
  size_t size;
} file_bytes;

/* Reads path; bytes that start as a gzip file are unpacked, joined ones too, and zero bytes behind
 * them are ignored, as gzip does. Free with file_free. Distinct messages: not there, a folder, empty,
 * gzip cut off, gzip corrupted, other bytes behind it, an xz file. */
int file_read(const char *path, file_bytes *out, tool_error *err);

void file_free(file_bytes *bytes);

/* 1 if there is a file (not a folder) of that name. */
int file_exists(const char *path);
int folder_exists(const char *path);

/* Writes `parts` blocks one after the other as one gzip file (no time, no name in the header, so
 * the same data give the same file). */
typedef struct file_part {
  const void *data;
  size_t size;
} file_part;
int gzip_save(const char *path, const file_part *parts, size_t count, tool_error *err);

uint32_t read_u32_big(const unsigned char *at);
unsigned read_u16_little(const unsigned char *at);
uint32_t read_u32_little(const unsigned char *at);
uint64_t read_u64_little(const unsigned char *at);
void write_u32_big(unsigned char *at, uint32_t value);
void write_u32_little(unsigned char *at, uint32_t value);

#endif
