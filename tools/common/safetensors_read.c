/* SPDX-License-Identifier: Apache-2.0
 * Reads .safetensors files. The header is read as far as the format needs: an object of objects
 * whose values are strings, or arrays of non-negative integers. */
#include <stdlib.h>
#include <string.h>

#include "safetensors.h"

#define HEADER_MAX ((size_t)100 << 20) /* the format's own limit */

/* What is left of the header. A failed read sets `bad` and yields nothing more. */
typedef struct cursor {
  const char *at, *end;
  int bad;
} cursor;

static void skip_space(cursor *c) {
  while (c->at < c->end && strchr(" \t\r\n", *c->at) != NULL && *c->at != '\0') c->at++;
}

/* 1 and past it, if the next token is this character. */
static int accept(cursor *c, char token) {
  skip_space(c);
  if (c->at >= c->end || *c->at != token) return 0;
  c->at++;
  return 1;
}

static void expect(cursor *c, char token) {
  if (!accept(c, token)) c->bad = 1;
}

/* A string into out, cut to room; backslash escapes keep the character after the backslash. */
static void read_string(cursor *c, char *out, size_t room) {
  size_t length = 0;
  expect(c, '"');
  while (!c->bad && c->at < c->end && *c->at != '"') {
    if (*c->at == '\\' && c->at + 1 < c->end) c->at++;
    if (length + 1 < room) out[length++] = *c->at;
    c->at++;
  }
  out[length] = '\0';
  expect(c, '"');
}

static size_t read_number(cursor *c) {
  size_t value = 0;
  skip_space(c);
  if (c->at >= c->end || *c->at < '0' || *c->at > '9') c->bad = 1;
  while (!c->bad && c->at < c->end && *c->at >= '0' && *c->at <= '9') {
    const size_t digit = (size_t)(*c->at++ - '0');
    if (value > (SIZE_MAX - digit) / 10)
      c->bad = 1;
    else
      value = value * 10 + digit;
  }
  return value;
}

/* [n, n, ...]; more than `room` numbers are an error. */
static size_t read_numbers(cursor *c, size_t *out, size_t room) {
  size_t count = 0;
  expect(c, '[');
  if (accept(c, ']')) return 0;
  do {
    if (count == room) c->bad = 1;
    if (c->bad) return 0;
    out[count++] = read_number(c);
  } while (accept(c, ','));
  expect(c, ']');
  return count;
}

/* {"key": "text", ...}, skipped. */
static void skip_metadata(cursor *c) {
  char ignored[8];
  expect(c, '{');
  if (accept(c, '}')) return;
  do {
    read_string(c, ignored, sizeof ignored);
    expect(c, ':');
    read_string(c, ignored, sizeof ignored);
  } while (!c->bad && accept(c, ','));
  expect(c, '}');
}

typedef struct record {
  char type[16];
  size_t shape[TENSOR_DIMS], dims, offsets[2];
  unsigned seen; /* a bit per key: dtype, shape, data_offsets */
} record;

static void read_field(cursor *c, record *r) {
  char key[32];
  read_string(c, key, sizeof key);
  expect(c, ':');
  if (strcmp(key, "dtype") == 0) {
    read_string(c, r->type, sizeof r->type);
    r->seen |= 1;
  } else if (strcmp(key, "shape") == 0) {
    r->dims = read_numbers(c, r->shape, TENSOR_DIMS);
    r->seen |= 2;
  } else if (strcmp(key, "data_offsets") == 0) {
    if (read_numbers(c, r->offsets, 2) != 2) c->bad = 1;
    r->seen |= 4;
  } else {
    c->bad = 1;
  }
}

static void read_record(cursor *c, record *r) {
  memset(r, 0, sizeof *r);
  expect(c, '{');
  do {
    read_field(c, r);
  } while (!c->bad && accept(c, ','));
  expect(c, '}');
  if (r->seen != 7) c->bad = 1;
}

static int fill_view(const char *path, const record *r, const unsigned char *data, size_t size,
                     tensor_view *view, tool_error *err) {
  size_t elements, bytes;
  const int type = tensor_type_find(r->type, strlen(r->type), 0);
  if (type < 0)
    return tool_fail(err, "%s: %s has elements of type %s, which are not read; save it as F32",
                     path, view->name, r->type);
  view->type = (tensor_type)type;
  view->dims = r->dims;
  memcpy(view->shape, r->shape, sizeof view->shape);
  if (tensor_size(view, &elements, &bytes) != 0 || r->offsets[1] > size ||
      r->offsets[0] > r->offsets[1] || r->offsets[1] - r->offsets[0] != bytes)
    return tool_fail(err, "%s: %s does not lie within the file, or its size does not fit its shape",
                     path, view->name);
  view->data = data + r->offsets[0];
  return 0;
}

static int add_view(const char *path, safetensors_file *out, const char *name, const record *r,
                    size_t header, tool_error *err) {
  tensor_view *view = &out->views[out->count];
  memset(view, 0, sizeof *view);
  strcpy(view->name, name);
  if (fill_view(path, r, out->content.data + 8 + header, out->content.size - 8 - header, view,
                err) != 0)
    return -1;
  out->count++;
  return 0;
}

/* Every array needs at least `"":{"dtype":"F32"...`: over 32 bytes bound how many there can be. */
static int read_header(const char *path, safetensors_file *out, size_t header, tool_error *err) {
  const char *text = (const char *)out->content.data + 8;
  cursor c = {text, text + header, 0};
  const size_t room = header / 32 + 1;
  out->views = calloc(room, sizeof *out->views);
  if (out->views == NULL) return tool_fail(err, "%s: no memory for its list of arrays", path);
  expect(&c, '{');
  if (accept(&c, '}')) return 0;
  do {
    char name[TENSOR_NAME_BYTES];
    record r;
    read_string(&c, name, sizeof name);
    expect(&c, ':');
    if (strcmp(name, "__metadata__") == 0) {
      skip_metadata(&c);
      continue;
    }
    read_record(&c, &r);
    if (c.bad || out->count == room) break;
    if (add_view(path, out, name, &r, header, err) != 0) return -1;
  } while (!c.bad && accept(&c, ','));
  expect(&c, '}');
  if (!c.bad) return 0;
  return tool_fail(err, "%s: the header cannot be read at byte %zu; the file is damaged", path,
                   (size_t)(c.at - text) + 8);
}

int safetensors_parse(const char *path, safetensors_file *out, tool_error *err) {
  if (out->content.size < 10)
    return tool_fail(err, "%s: too short to be a .safetensors file", path);
  const size_t header = read_u32_little(out->content.data);
  if (read_u32_little(out->content.data + 4) != 0 || header > HEADER_MAX)
    return tool_fail(err, "%s: not a .safetensors file (its header would be too long)", path);
  if (header > out->content.size - 8)
    return tool_fail(err, "%s: ends within its header: the copy is cut off; get it again", path);
  return read_header(path, out, header, err);
}

int safetensors_load(const char *path, safetensors_file *out, tool_error *err) {
  memset(out, 0, sizeof *out);
  if (file_read(path, &out->content, err) != 0) return -1;
  return safetensors_parse(path, out, err);
}

void safetensors_free(safetensors_file *file) {
  free(file->views);
  file_free(&file->content);
  memset(file, 0, sizeof *file);
}

const tensor_view *safetensors_find(const safetensors_file *file, const char *name) {
  for (size_t i = 0; i < file->count; i++)
    if (strcmp(file->views[i].name, name) == 0) return &file->views[i];
  return NULL;
}
