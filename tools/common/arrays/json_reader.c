/* SPDX-License-Identifier: Apache-2.0
 * Reading JSON. */
#include "json_reader.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void skip_space(json_reader *json) {
  while (json->at < json->end && *json->at != '\0' && strchr(" \t\r\n", *json->at) != NULL)
    json->at++;
}

/* The next character, 0 at the end. */
static char peek(const json_reader *json) {
  return json->at < json->end ? *json->at : '\0';
}

int json_accept(json_reader *json, char token) {
  skip_space(json);
  if (json->bad || json->at >= json->end || *json->at != token) return 0;
  json->at++;
  return 1;
}

int json_accept_word(json_reader *json, const char *word) {
  const size_t length = strlen(word);
  skip_space(json);
  if (json->bad || (size_t)(json->end - json->at) < length || memcmp(json->at, word, length) != 0)
    return 0;
  json->at += length;
  return 1;
}

void json_expect(json_reader *json, char token) {
  if (!json_accept(json, token)) json->bad = 1;
}

int json_at_end(json_reader *json) {
  skip_space(json);
  return !json->bad && json->at == json->end;
}

static unsigned read_hex4(json_reader *json) {
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  unsigned value = 0;
  for (int i = 0; i < 4; i++) {
    const char c = peek(json);
    const char *digit = c == '\0' ? NULL : strchr(digits, c);
    if (digit == NULL) {
      json->bad = 1;
      return 0;
    }
    value = value << 4 | (unsigned)((digit - digits) & 15);
    json->at++;
  }
  return value;
}

/* What follows \u: a code point, of two escapes where it takes a pair of surrogates. */
static unsigned read_code_point(json_reader *json) {
  const unsigned high = read_hex4(json);
  if (high < 0xd800 || high > 0xdfff) return high;
  if (high > 0xdbff || json->end - json->at < 2 || memcmp(json->at, "\\u", 2) != 0) {
    json->bad = 1;
    return 0;
  }
  json->at += 2;
  const unsigned low = read_hex4(json);
  if (low < 0xdc00 || low > 0xdfff) json->bad = 1;
  return 0x10000 + ((high - 0xd800) << 10) + (low & 0x3ff);
}

static size_t put_utf8(unsigned point, char out[4]) {
  const size_t more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  static const unsigned lead[4] = {0, 0xc0, 0xe0, 0xf0};
  out[0] = (char)(lead[more] | point >> (6 * more));
  for (size_t i = 1; i <= more; i++) out[i] = (char)(0x80 | (point >> (6 * (more - i)) & 0x3f));
  return more + 1;
}

/* What follows a backslash. */
static size_t read_escape(json_reader *json, char out[4]) {
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  const char c = peek(json);
  json->at += json->at < json->end;
  if (c == 'u') return put_utf8(read_code_point(json), out);
  const char *name = c == '\0' ? NULL : strchr(names, c);
  if (name == NULL)
    json->bad = 1;
  else
    out[0] = values[name - names];
  return 1;
}

size_t json_read_string(json_reader *json, char *out) {
  size_t length = 0;
  json_expect(json, '"');
  while (!json->bad && json->at < json->end && *json->at != '"') {
    char bytes[4] = {*json->at++};
    if ((unsigned char)bytes[0] < ' ') json->bad = 1;
    const size_t count = bytes[0] == '\\' ? read_escape(json, bytes) : 1;
    if (out != NULL && !json->bad) memcpy(out + length, bytes, count);
    length += count;
  }
  if (json->at >= json->end)
    json->bad = 1;
  else
    json->at++;
  return json->bad ? 0 : length;
}

size_t json_read_count(json_reader *json) {
  size_t value = 0;
  skip_space(json);
  const char *first = json->at;
  while (!json->bad && peek(json) >= '0' && peek(json) <= '9') {
    const size_t digit = (size_t)(*json->at++ - '0');
    if (value > (SIZE_MAX - digit) / 10) json->bad = 1;
    value = value * 10 + digit;
  }
  if (json->at == first || (*first == '0' && json->at > first + 1)) json->bad = 1;
  return json->bad ? 0 : value;
}

static void skip_digits(json_reader *json) {
  if (peek(json) < '0' || peek(json) > '9') json->bad = 1;
  while (peek(json) >= '0' && peek(json) <= '9') json->at++;
}

static void skip_number(json_reader *json) {
  json->at += peek(json) == '-';
  const int zero = peek(json) == '0';
  if (zero)
    json->at++;
  else
    skip_digits(json);
  if (peek(json) == '.') {
    json->at++;
    skip_digits(json);
  }
  if (peek(json) == 'e' || peek(json) == 'E') {
    json->at++;
    json->at += peek(json) == '+' || peek(json) == '-';
    skip_digits(json);
  }
}

double json_read_double(json_reader *json) {
  char text[64] = {0};
  if (json_accept_word(json, "null")) return NAN;
  skip_space(json);
  const char *first = json->at;
  skip_number(json);
  const size_t length = (size_t)(json->at - first);
  if (length >= sizeof text) json->bad = 1;
  if (json->bad) return NAN;
  memcpy(text, first, length);
  return strtod(text, NULL);
}

/* The rest of an object or array. */
static void skip_items(json_reader *json, char close, int depth) {
  if (depth <= 0) json->bad = 1;
  if (json_accept(json, close)) return;
  do {
    if (close == '}') {
      (void)json_read_string(json, NULL);
      json_expect(json, ':');
    }
    json_skip(json, depth - 1);
  } while (json_accept(json, ','));
  json_expect(json, close);
}

void json_skip(json_reader *json, int depth) {
  skip_space(json);
  if (json->bad) return;
  if (peek(json) == '"')
    (void)json_read_string(json, NULL);
  else if (json_accept(json, '{'))
    skip_items(json, '}', depth);
  else if (json_accept(json, '['))
    skip_items(json, ']', depth);
  else if (!json_accept_word(json, "true") && !json_accept_word(json, "false") &&
           !json_accept_word(json, "null"))
    skip_number(json);
}

/* How many bytes follow this first byte of a character, and the least that the second may be, the
 * most; -1: it begins none. So no overlong form, no surrogate, nothing above U+10FFFF. */
static int utf8_tail(unsigned char first, unsigned *least, unsigned *most) {
  *least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  *most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (first < 0x80) return 0;
  if (first < 0xc2 || first > 0xf4) return -1;
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

int json_is_utf8(const unsigned char *text, size_t length) {
  for (size_t i = 0; i < length;) {
    unsigned least, most;
    const int tail = utf8_tail(text[i++], &least, &most);
    if (tail < 0 || (size_t)tail > length - i) return 0;
    for (int j = 0; j < tail; j++, i++, least = 0x80, most = 0xbf)
      if (text[i] < least || text[i] > most) return 0;
  }
  return 1;
}
