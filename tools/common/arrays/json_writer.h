/* SPDX-License-Identifier: Apache-2.0
 * JSON, written piece by piece to a stream, one line in all. Numbers carry full precision; NaN and
 * infinities, which JSON cannot say, become null. */
#ifndef KFIX_TOOLS_JSON_WRITER_H
#define KFIX_TOOLS_JSON_WRITER_H

#include <stdint.h>
#include <stdio.h>

#include "core/real.h"

#define JSON_DEPTH 16

typedef struct json_writer {
  FILE *stream; /* errors stay in the stream: atomic_commit or ferror finds them */
  int depth;
  unsigned char used[JSON_DEPTH]; /* something stands before on this level: a comma is due */
  char close[JSON_DEPTH];
} json_writer;

json_writer json_to(FILE *stream);

/* key NULL: an element of an array, or the outermost value. At most JSON_DEPTH levels. */
void json_object(json_writer *json, const char *key);
void json_array(json_writer *json, const char *key);
/* Ends the innermost object or array; after the outermost one, the line. */
void json_end(json_writer *json);

void json_string(json_writer *json, const char *key, const char *text); /* NULL: null */
void json_integer(json_writer *json, const char *key, int64_t value);
void json_unsigned(json_writer *json, const char *key, uint64_t value);
void json_bool(json_writer *json, const char *key, int value);
void json_null(json_writer *json, const char *key);
void json_double(json_writer *json, const char *key, double value);  /* %.17g */
void json_real(json_writer *json, const char *key, kfix_real value); /* %.9g if a float */

/* Text as a JSON string, with quotes and escapes; a byte that is not UTF-8, as names of files may have,
 * becomes U+FFFD. */
void json_quoted(FILE *stream, const char *text);

#endif
