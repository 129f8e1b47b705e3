/* SPDX-License-Identifier: Apache-2.0
 * Reads the header of a .npy file. */
#include "npy_header.h"

#include <stdint.h>
#include <string.h>

/* What is left of the text. */
typedef struct literal {
  const char *at, *end;
} literal;

static void skip_space(literal *l) {
  while (l->at < l->end && *l->at != '\0' && strchr(" \t\r\n", *l->at) != NULL) l->at++;
}

/* 1 and past it, if the next token is this character. */
static int accept(literal *l, char token) {
  skip_space(l);
  if (l->at >= l->end || *l->at != token) return 0;
  l->at++;
  return 1;
}

/* 1 and past it, if the next token is this word. */
static int accept_word(literal *l, const char *word) {
  const size_t length = strlen(word);
  skip_space(l);
  if ((size_t)(l->end - l->at) < length || memcmp(l->at, word, length) != 0) return 0;
  l->at += length;
  return 1;
}

/* A string in either kind of quotes; no escapes, which no such header has. */
static int read_string(literal *l, const char **text, size_t *length) {
  skip_space(l);
  if (l->at < l->end && (*l->at == 'u' || *l->at == 'b')) l->at++;
  if (l->at >= l->end || (*l->at != '\'' && *l->at != '"')) return -1;
  const char quote = *l->at++;
  *text = l->at;
  while (l->at < l->end && *l->at != quote && *l->at != '\\') l->at++;
  *length = (size_t)(l->at - *text);
  return l->at < l->end && *l->at++ == quote ? 0 : -1;
}

static int read_count(literal *l, size_t *value) {
  skip_space(l);
  const char *first = l->at;
  for (*value = 0; l->at < l->end && *l->at >= '0' && *l->at <= '9'; l->at++) {
    const size_t digit = (size_t)(*l->at - '0');
    if (*value > (SIZE_MAX - digit) / 10) return -1;
    *value = 10 * *value + digit;
  }
  if (l->at == first) return -1;
  if (l->at < l->end && *l->at == 'L') l->at++; /* a long of Python 2 */
  return 0;
}

static int read_type(const char *name, literal *l, tensor_view *view, tool_error *err) {
  const char *text;
  size_t length;
  skip_space(l);
  if (l->at < l->end && *l->at == '[')
    return tool_fail(err, "%s: holds records of several fields; save each field by itself", name);
  if (read_string(l, &text, &length) != 0)
    return tool_fail(err, "%s: the .npy header has no plain element type", name);
  const int type = tensor_type_find_npy(text, length, &view->big_endian);
  view->type = (tensor_type)type;
  if (type >= 0) return 0;
  if (length > 0 && text[length - 1] == 'O')
    return tool_fail(err, "%s: holds Python objects, which are not read; save numbers (<f4)", name);
  return tool_fail(err, "%s: elements of type '%.*s' are not read; save it as numbers (<f4)", name,
                   (int)(length < 16 ? length : 16), text);
}

static int read_order(const char *name, literal *l, tensor_view *view, tool_error *err) {
  view->fortran = accept_word(l, "True");
  if (view->fortran || accept_word(l, "False")) return 0;
  return tool_fail(err, "%s: fortran_order in the .npy header is neither True nor False", name);
}

/* (), (n,) or (n, m, ...). */
static int read_shape(const char *name, literal *l, tensor_view *view, tool_error *err) {
  int commas = 0, good = accept(l, '(');
  view->dims = 0;
  while (good && !accept(l, ')')) {
    if (view->dims == TENSOR_DIMS)
      return tool_fail(err, "%s: has more than %d dimensions", name, TENSOR_DIMS);
    good = read_count(l, &view->shape[view->dims++]) == 0;
    const int comma = accept(l, ',');
    commas += comma;
    skip_space(l);
    good = good && (comma || (l->at < l->end && *l->at == ')'));
  }
  if (good && (view->dims != 1 || commas == 1)) return 0;
  return tool_fail(err, "%s: the shape in the .npy header cannot be read", name);
}

static int damaged(const char *name, tool_error *err) {
  return tool_fail(err, "%s: the .npy header cannot be read; save it again with numpy.save", name);
}

static int read_value(const char *name, literal *l, const char *key, size_t length,
                      tensor_view *view, unsigned *seen, tool_error *err) {
  static const struct {
    const char *key;
    int (*read)(const char *name, literal *l, tensor_view *view, tool_error *err);
  } values[3] = {{"descr", read_type}, {"fortran_order", read_order}, {"shape", read_shape}};
  for (unsigned i = 0; i < 3; i++) {
    if (strlen(values[i].key) != length || memcmp(values[i].key, key, length) != 0) continue;
    if (*seen & 1u << i) return damaged(name, err);
    *seen |= 1u << i;
    return values[i].read(name, l, view, err);
  }
  return damaged(name, err);
}

int npy_header_parse(const char *name, const char *text, size_t length, tensor_view *view,
                     tool_error *err) {
  literal l = {text, text + length};
  unsigned seen = 0;
  int open = accept(&l, '{');
  while (open && !accept(&l, '}')) {
    const char *key;
    size_t key_length;
    if (read_string(&l, &key, &key_length) != 0 || !accept(&l, ':')) return damaged(name, err);
    if (read_value(name, &l, key, key_length, view, &seen, err) != 0) return -1;
    skip_space(&l);
    open = accept(&l, ',') || (l.at < l.end && *l.at == '}');
  }
  skip_space(&l);
  return open && seen == 7 && l.at == l.end ? 0 : damaged(name, err);
}
