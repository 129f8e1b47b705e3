/* SPDX-License-Identifier: Apache-2.0
 * Reads .safetensors files. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json_reader.h"
#include "safetensors.h"

#define HEADER_MAX ((size_t)100000000) /* the format's own limit */
#define NESTED_MAX 125                 /* containers within a field that is not known */

/* Types whose arrays are not read, but may be there: their bits. */
static const struct {
  const char *name;
  size_t bits;
} other_types[] = {{"F4", 4},          {"F6_E2M3", 6},     {"F6_E3M2", 6},
                   {"F8_E5M2", 8},     {"F8_E4M3", 8},     {"F8_E8M0", 8},
                   {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"C64", 64}};
#define OTHER_TYPES (sizeof other_types / sizeof other_types[0])

/* An array as the header has it. */
typedef struct record {
  const char *name; /* of any length, and any bytes */
  size_t name_length, elements, bits, dims, shape[TENSOR_DIMS], first, end;
  int type;      /* a tensor_type, or TENSOR_TYPE_COUNT and the index of one that is not read */
  unsigned seen; /* a bit per key: dtype, shape, data_offsets */
} record;

/* The header being read. `text` holds the names, one after the other, then has room for whatever
 * string comes next. */
typedef struct header_text {
  json_reader json;
  char *text;
  record *records;
  size_t count, room;
  int has_metadata;
  const char *metadata; /* within text, or NULL */
} header_text;

static int is_key(const header_text *h, size_t length, const char *key) {
  return length == strlen(key) && memcmp(h->text, key, length) == 0;
}

static void read_type(header_text *h, record *r) {
  const size_t length = json_read_string(&h->json, h->text);
  r->type = tensor_type_find(h->text, length);
  if (r->type >= 0) r->bits = 8 * tensor_type_bytes((tensor_type)r->type);
  for (size_t i = 0; i < OTHER_TYPES; i++)
    if (is_key(h, length, other_types[i].name)) {
      r->type = TENSOR_TYPE_COUNT + (int)i;
      r->bits = other_types[i].bits;
    }
  if (r->type < 0) h->json.bad = 1;
}

/* Of more than TENSOR_DIMS dimensions only the number of elements is kept. */
static void read_shape(header_text *h, record *r) {
  r->elements = 1;
  json_expect(&h->json, '[');
  if (json_accept(&h->json, ']')) return;
  do {
    const size_t length = json_read_count(&h->json);
    if (length > 0 && r->elements > SIZE_MAX / length) h->json.bad = 1;
    r->elements *= length;
    if (r->dims < TENSOR_DIMS) r->shape[r->dims] = length;
    r->dims++;
  } while (json_accept(&h->json, ','));
  json_expect(&h->json, ']');
}

static void read_offsets(header_text *h, record *r) {
  json_expect(&h->json, '[');
  r->first = json_read_count(&h->json);
  json_expect(&h->json, ',');
  r->end = json_read_count(&h->json);
  json_expect(&h->json, ']');
}

static void read_field(header_text *h, record *r) {
  static const char *const keys[] = {"dtype", "shape", "data_offsets"};
  static void (*const readers[])(header_text * h, record * r) = {read_type, read_shape,
                                                                 read_offsets};
  const size_t length = json_read_string(&h->json, h->text);
  json_expect(&h->json, ':');
  for (unsigned i = 0; i < 3; i++) {
    if (!is_key(h, length, keys[i])) continue;
    if (r->seen & 1u << i) h->json.bad = 1;
    r->seen |= 1u << i;
    readers[i](h, r);
    return;
  }
  json_skip(&h->json, NESTED_MAX);
}

static void read_record(header_text *h, record *r) {
  json_expect(&h->json, '{');
  do {
    read_field(h, r);
  } while (json_accept(&h->json, ','));
  json_expect(&h->json, '}');
  if (r->seen != 7) h->json.bad = 1;
}

/* null or {"key": "text", ...}, once. One is kept behind the names, with a zero byte, for which its
 * quotes have made room. */
static void read_metadata(header_text *h) {
  json_reader *json = &h->json;
  if (h->has_metadata) json->bad = 1;
  h->has_metadata = 1;
  if (json_accept_word(json, "null")) return;
  json_expect(json, '{');
  if (json_accept(json, '}')) return;
  do {
    const size_t length = json_read_string(json, h->text);
    json_expect(json, ':');
    const int kept = is_key(h, length, SAFETENSORS_KEY);
    if (kept && h->metadata != NULL) json->bad = 1;
    const size_t bytes = json_read_string(json, h->text);
    if (!kept) continue;
    h->metadata = h->text;
    h->text[bytes] = '\0';
    h->text += bytes + 1;
  } while (json_accept(json, ','));
  json_expect(json, '}');
}

static record *add_record(header_text *h) {
  if (h->count == h->room) {
    const size_t room = 2 * h->room + 16;
    record *more = realloc(h->records, room * sizeof *more);
    if (more == NULL) return NULL;
    h->records = more;
    h->room = room;
  }
  record *r = &h->records[h->count++];
  memset(r, 0, sizeof *r);
  return r;
}

/* All records; -1: no memory. What cannot be read is left to json.bad. */
static int read_records(header_text *h) {
  json_expect(&h->json, '{');
  if (json_accept(&h->json, '}')) return 0;
  do {
    const size_t length = json_read_string(&h->json, h->text);
    json_expect(&h->json, ':');
    if (is_key(h, length, "__metadata__")) {
      read_metadata(h);
      continue;
    }
    record *r = add_record(h);
    if (r == NULL) return -1;
    r->name = h->text;
    r->name_length = length;
    h->text += length;
    read_record(h, r);
  } while (json_accept(&h->json, ','));
  json_expect(&h->json, '}');
  return 0;
}

/* ---- what the records say ---- */

static int by_name(const void *a, const void *b) {
  const record *x = a, *y = b;
  if (x->name_length != y->name_length) return x->name_length < y->name_length ? -1 : 1;
  return memcmp(x->name, y->name, x->name_length);
}

static int by_place(const void *a, const void *b) {
  const record *x = a, *y = b;
  if (x->first != y->first) return x->first < y->first ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

static int shown(const record *r) {
  return r->name_length < TENSOR_NAME_BYTES ? (int)r->name_length : TENSOR_NAME_BYTES;
}

static int check_names(const char *path, header_text *h, tool_error *err) {
  if (h->count > 1) qsort(h->records, h->count, sizeof *h->records, by_name);
  for (size_t i = 1; i < h->count; i++)
    if (by_name(&h->records[i - 1], &h->records[i]) == 0)
      return tool_fail(err, "%s: two arrays have the name '%.*s'; save the file again", path,
                       shown(&h->records[i]), h->records[i].name);
  return 0;
}

/* The arrays lie one behind the other, each as long as its shape, and fill the file. Leaves them in
 * this order. */
static int check_places(const char *path, header_text *h, size_t size, tool_error *err) {
  size_t at = 0;
  if (h->count > 1) qsort(h->records, h->count, sizeof *h->records, by_place);
  for (size_t i = 0; i < h->count; i++) {
    const record *r = &h->records[i];
    if (r->first != at || r->end < r->first)
      return tool_fail(
          err, "%s: '%.*s' does not begin where the array before it ends; the file is damaged",
          path, shown(r), r->name);
    if (r->elements > SIZE_MAX / r->bits || r->elements * r->bits % 8 != 0 ||
        r->end - r->first != r->elements * r->bits / 8)
      return tool_fail(err, "%s: '%.*s': its size does not fit its shape; the file is damaged",
                       path, shown(r), r->name);
    at = r->end;
  }
  if (at == size) return 0;
  return tool_fail(err, "%s: %s: its arrays take %zu bytes, %zu are there; get it again", path,
                   at > size ? "cut off" : "bytes follow the last array", at, size);
}

/* A name that does not fit, or holds a zero byte, is none that anybody asks for: left empty. */
static void take_name(const record *r, tensor_view *view) {
  if (r->name_length < TENSOR_NAME_BYTES && memchr(r->name, '\0', r->name_length) == NULL)
    memcpy(view->name, r->name, r->name_length);
}

static void fill_view(const char *path, const record *r, const unsigned char *data,
                      tensor_view *view) {
  tool_error trouble = {{0}};
  *view = (tensor_view){.dims = r->dims};
  if (r->dims > TENSOR_DIMS)
    tool_format(&trouble, "%s: '%.*s' has more than %d dimensions", path, shown(r), r->name,
                TENSOR_DIMS);
  if (r->type >= TENSOR_TYPE_COUNT)
    tool_format(&trouble, "%s: '%.*s' holds %s, which is not read; save it as F32", path, shown(r),
                r->name, other_types[r->type - TENSOR_TYPE_COUNT].name);
  if (trouble.text[0] != '\0') {
    *view = tensor_in_trouble(&trouble);
  } else {
    view->type = (tensor_type)r->type;
    memcpy(view->shape, r->shape, sizeof view->shape);
  }
  view->data = data + r->first;
  take_name(r, view);
}

static int take_records(const char *path, safetensors_file *out, header_text *h, size_t length,
                        tool_error *err) {
  const unsigned char *data = out->content.data + 8 + length;
  if (check_names(path, h, err) != 0) return -1;
  if (check_places(path, h, out->content.size - 8 - length, err) != 0) return -1;
  out->views = malloc((h->count + 1) * sizeof *out->views);
  if (out->views == NULL) return tool_fail(err, "%s: no memory for its list of arrays", path);
  for (out->count = 0; out->count < h->count; out->count++)
    fill_view(path, &h->records[out->count], data, &out->views[out->count]);
  return 0;
}

static int read_header(const char *path, safetensors_file *out, size_t length, tool_error *err) {
  const char *text = (const char *)out->content.data + 8;
  char *names = out->names = malloc(length + 1);
  header_text h = {{text, text + length, 0}, names, NULL, 0, 0, 0, NULL};
  int answer = 0;
  if (names == NULL || read_records(&h) != 0)
    answer = tool_fail(err, "%s: no memory for its list of arrays", path);
  else if (!json_at_end(&h.json))
    answer = tool_fail(err, "%s: the header cannot be read at byte %zu; the file is damaged", path,
                       (size_t)(h.json.at - text) + 8);
  else
    answer = take_records(path, out, &h, length, err);
  free(h.records);
  out->metadata = h.metadata;
  return answer;
}

int safetensors_parse(const char *path, safetensors_file *out, tool_error *err) {
  if (out->content.size < 10)
    return tool_fail(err, "%s: too short to be a .safetensors file", path);
  const size_t header = read_u32_little(out->content.data);
  if (read_u32_little(out->content.data + 4) != 0 || header > HEADER_MAX)
    return tool_fail(err, "%s: not a .safetensors file (its header would be too long)", path);
  if (header > out->content.size - 8)
    return tool_fail(err, "%s: ends within its header: the copy is cut off; get it again", path);
  if (out->content.data[8] != '{' || !json_is_utf8(out->content.data + 8, header))
    return tool_fail(err, "%s: not a .safetensors file (its header is no JSON object in UTF-8)",
                     path);
  return read_header(path, out, header, err);
}

int safetensors_load(const char *path, safetensors_file *out, tool_error *err) {
  memset(out, 0, sizeof *out);
  if (file_read(path, &out->content, err) != 0) return -1;
  return safetensors_parse(path, out, err);
}

void safetensors_free(safetensors_file *file) {
  free(file->views);
  free(file->names);
  file_free(&file->content);
  memset(file, 0, sizeof *file);
}

const tensor_view *safetensors_find(const safetensors_file *file, const char *name) {
  for (size_t i = 0; i < file->count; i++)
    if (strcmp(file->views[i].name, name) == 0) return &file->views[i];
  return NULL;
}
