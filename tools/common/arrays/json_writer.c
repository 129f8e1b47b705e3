/* SPDX-License-Identifier: Apache-2.0
 * JSON, written piece by piece. */
#include "json_writer.h"

#include <inttypes.h>
#include <math.h>

#include "json_reader.h"

json_writer json_to(FILE *stream) {
  const json_writer json = {.stream = stream};
  return json;
}

/* The bytes of the first character, 0 if it is not UTF-8. */
static size_t character(const char *text) {
  for (size_t bytes = 1; bytes <= 4 && text[bytes - 1] != '\0'; bytes++)
    if (json_is_utf8((const unsigned char *)text, bytes)) return bytes;
  return 0;
}

void json_quoted(FILE *stream, const char *text) {
  (void)fputc('"', stream);
  while (*text != '\0') {
    const unsigned char c = (unsigned char)*text;
    const size_t bytes = character(text);
    if (c == '"' || c == '\\')
      (void)fprintf(stream, "\\%c", c);
    else if (c < 0x20 || bytes == 0)
      (void)fprintf(stream, "\\u%04x", bytes == 0 ? 0xfffdU : c);
    else
      (void)fwrite(text, 1, bytes, stream);
    text += bytes == 0 ? 1 : bytes;
  }
  (void)fputc('"', stream);
}

/* The comma and the key that stand before a value. */
static void begin(json_writer *json, const char *key) {
  if (json->used[json->depth]) (void)fputs(", ", json->stream);
  json->used[json->depth] = 1;
  if (key == NULL) return;
  json_quoted(json->stream, key);
  (void)fputs(": ", json->stream);
}

static void nest(json_writer *json, const char *key, char open, char close) {
  begin(json, key);
  (void)fputc(open, json->stream);
  if (json->depth + 1 < JSON_DEPTH) json->depth++;
  json->used[json->depth] = 0;
  json->close[json->depth] = close;
}

void json_object(json_writer *json, const char *key) {
  nest(json, key, '{', '}');
}

void json_array(json_writer *json, const char *key) {
  nest(json, key, '[', ']');
}

void json_end(json_writer *json) {
  if (json->depth == 0) return;
  (void)fputc(json->close[json->depth], json->stream);
  json->depth--;
  if (json->depth > 0) return;
  (void)fputc('\n', json->stream);
  json->used[0] = 0;
}

void json_string(json_writer *json, const char *key, const char *text) {
  begin(json, key);
  if (text == NULL)
    (void)fputs("null", json->stream);
  else
    json_quoted(json->stream, text);
}

void json_integer(json_writer *json, const char *key, int64_t value) {
  begin(json, key);
  (void)fprintf(json->stream, "%" PRId64, value);
}

void json_unsigned(json_writer *json, const char *key, uint64_t value) {
  begin(json, key);
  (void)fprintf(json->stream, "%" PRIu64, value);
}

void json_bool(json_writer *json, const char *key, int value) {
  begin(json, key);
  (void)fputs(value ? "true" : "false", json->stream);
}

void json_null(json_writer *json, const char *key) {
  json_string(json, key, NULL);
}

static void number(json_writer *json, const char *key, double value, int digits) {
  begin(json, key);
  if (isfinite(value))
    (void)fprintf(json->stream, "%.*g", digits, value);
  else
    (void)fputs("null", json->stream);
}

void json_double(json_writer *json, const char *key, double value) {
  number(json, key, value, 17);
}

void json_real(json_writer *json, const char *key, kfix_real value) {
  number(json, key, (double)value, KFIX_REAL_BYTES == 4 ? 9 : 17);
}
