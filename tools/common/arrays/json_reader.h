/* SPDX-License-Identifier: Apache-2.0
 * Reads JSON token by token, as strictly as RFC 8259 has it. */
#ifndef KFIX_TOOLS_JSON_READER_H
#define KFIX_TOOLS_JSON_READER_H

#include <stddef.h>

/* What is left of the text, which is UTF-8. A failed read sets `bad` and yields nothing more. */
typedef struct json_reader {
  const char *at, *end;
  int bad;
} json_reader;

/* 1 and past it, if the next token is this character. */
int json_accept(json_reader *json, char token);
void json_expect(json_reader *json, char token);

/* 1 and past it, if the next token begins with these characters. */
int json_accept_word(json_reader *json, const char *word);

/* A string, its escapes undone; returns its length. out has room for the rest of the text, as no
 * string is longer than what stands for it; NULL: skips it. */
size_t json_read_string(json_reader *json, char *out);

/* A whole number from 0 that fits size_t. */
size_t json_read_count(json_reader *json);

/* Any number; null is NaN, as json_writer has it. */
double json_read_double(json_reader *json);

/* Past any value; `depth` is how far it may be nested. */
void json_skip(json_reader *json, int depth);

/* 1 if nothing but white space is left. */
int json_at_end(json_reader *json);

/* 1 if all of it is UTF-8. */
int json_is_utf8(const unsigned char *text, size_t length);

#endif
