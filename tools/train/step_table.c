/* SPDX-License-Identifier: Apache-2.0
 * A table whose first column is the step, as CSV or as lines of JSON. */
#include "step_table.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/atomic_file.h"
#include "files/file_bytes.h"

#define NAME_BYTES  64
#define JSON_BEGINS "{\"step\": "

static int is_regular(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
}

/* The step of a line that is no heading. */
static uint64_t step_of(const step_table *t, const char *line) {
  const size_t skip = t->is_json ? sizeof JSON_BEGINS - 1 : 0;
  return strnlen(line, skip + 1) > skip ? strtoull(line + skip, NULL, 10) : 0;
}

/* Copies the complete lines up to step `last`. A line that a crash cut off has no newline. */
static void copy_lines(FILE *out, const step_table *t, const char *text, uint64_t last) {
  for (const char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
    const int is_header = line == text && !t->is_json;
    if (!is_header && step_of(t, line) > last) continue;
    (void)fwrite(line, 1, (size_t)(end + 1 - line), out);
  }
}

/* 1 if the first line is an object with these keys in this order. A value holds no quoted colon. */
static int has_keys(const char *text, const char *header) {
  const char *const end = text + strcspn(text, "\n");
  if (strncmp(text, JSON_BEGINS, sizeof JSON_BEGINS - 1) != 0) return 0;
  size_t keys = 0, columns = 0;
  for (const char *at = text; (at = strstr(at, "\": ")) != NULL && at < end; at++) keys++;
  for (const char *name = header;; name++) {
    char key[NAME_BYTES];
    const size_t length = strcspn(name, ",");
    (void)snprintf(key, sizeof key, "\"%.*s\": ", (int)length, name);
    text = strstr(text, key);
    if (text == NULL || text >= end) return 0;
    columns++;
    name += length;
    if (*name == '\0') return keys == columns;
  }
}

static int check_header(const step_table *t, tool_error *err) {
  file_bytes bytes;
  if (file_read(t->path, &bytes, err) != 0) return -1;
  const char *text = (const char *)bytes.data;
  const size_t length = strlen(t->header);
  const int same = t->is_json ? has_keys(text, t->header)
                              : strncmp(text, t->header, length) == 0 && text[length] == '\n';
  file_free(&bytes);
  return same ? 0
              : tool_fail(err, "%s: has not the columns of this log: name another file", t->path);
}

/* Drops what a run wrote after the step it is resumed from. */
static int cut_after(const step_table *t, uint64_t last, tool_error *err) {
  file_bytes bytes;
  atomic_file file;
  if (file_read(t->path, &bytes, err) != 0) return -1;
  int result = atomic_open(&file, t->path, err);
  if (result == 0) {
    copy_lines(file.stream, t, (const char *)bytes.data, last);
    result = atomic_commit(&file, err);
  }
  file_free(&bytes);
  return result;
}

static int cannot_write(const step_table *t, int why, tool_error *err) {
  const char *remedy = why == ENOSPC || why == EDQUOT ? ": make room" : "";
  return tool_fail(err, "%s: cannot write: %s%s", t->path, strerror(why), remedy);
}

static int open_stream(step_table *t, tool_error *err) {
  t->stream = fopen(t->path, "a");
  if (t->stream != NULL) return 0;
  return tool_fail(err, "%s: cannot write: %s; name another file", t->path, strerror(errno));
}

int step_table_open(step_table *t, const char *path, const char *header, int resumed,
                    tool_error *err) {
  *t = (step_table){.path = path, .header = header};
  if (path == NULL) return 0;
  const char *dot = strrchr(path, '.');
  t->is_json = dot != NULL && strcmp(dot, ".jsonl") == 0;
  t->continued = resumed && is_regular(path);
  if (t->continued && check_header(t, err) != 0) return -1;
  return open_stream(t, err);
}

/* The file that was cut is another one than the stream's. */
static int go_on(step_table *t, uint64_t last, tool_error *err) {
  (void)fclose(t->stream);
  t->stream = NULL;
  return cut_after(t, last, err) == 0 ? open_stream(t, err) : -1;
}

/* A pipe or a device cannot be cut, and need not be. */
static int start_anew(step_table *t, tool_error *err) {
  const int is_cut = !is_regular(t->path) || ftruncate(fileno(t->stream), 0) == 0;
  if (!t->is_json) (void)fprintf(t->stream, "%s\n", t->header);
  if (is_cut && fflush(t->stream) == 0) return 0;
  return cannot_write(t, errno, err);
}

int step_table_begin(step_table *t, uint64_t last, tool_error *err) {
  if (t->stream == NULL) return 0;
  return t->continued ? go_on(t, last, err) : start_anew(t, err);
}

/* The name of the next field, without the quotes of JSON. */
static const char *take_name(step_table *t, char name[NAME_BYTES]) {
  const size_t length = strcspn(t->next, ",");
  (void)snprintf(name, NAME_BYTES, "%.*s", (int)length, t->next);
  t->next += length + (t->next[length] == ',');
  return name;
}

void step_table_start(step_table *t, uint64_t step) {
  char name[NAME_BYTES];
  if (t->stream == NULL) return;
  t->next = t->header;
  t->json = json_to(t->stream);
  if (t->is_json) json_object(&t->json, NULL);
  (void)take_name(t, name);
  if (t->is_json)
    json_unsigned(&t->json, name, step);
  else
    (void)fprintf(t->stream, "%" PRIu64, step);
}

void step_table_real(step_table *t, double value) {
  char name[NAME_BYTES];
  if (t->stream == NULL) return;
  if (t->is_json)
    json_double(&t->json, take_name(t, name), value);
  else if (isnan(value))
    (void)fputs(",nan", t->stream);
  else
    (void)fprintf(t->stream, ",%.17g", value);
}

void step_table_known(step_table *t, double value) {
  if (isnan(value) && !t->is_json) {
    step_table_word(t, "");
  } else {
    step_table_real(t, value);
  }
}

void step_table_word(step_table *t, const char *word) {
  char name[NAME_BYTES];
  if (t->stream == NULL) return;
  if (t->is_json)
    json_string(&t->json, take_name(t, name), word);
  else
    (void)fprintf(t->stream, ",%s", word);
}

void step_table_count(step_table *t, uint64_t value) {
  char name[NAME_BYTES];
  if (t->stream == NULL) return;
  if (t->is_json)
    json_unsigned(&t->json, take_name(t, name), value);
  else
    (void)fprintf(t->stream, ",%" PRIu64, value);
}

int step_table_end(step_table *t, tool_error *err) {
  if (t->stream == NULL) return 0;
  if (t->is_json)
    json_end(&t->json);
  else
    (void)fputc('\n', t->stream);
  if (fflush(t->stream) == 0) return 0;
  return cannot_write(t, errno, err);
}

int step_table_close(step_table *t, tool_error *err) {
  if (t->stream == NULL) return 0;
  FILE *stream = t->stream;
  t->stream = NULL;
  return fclose(stream) == 0 ? 0 : cannot_write(t, errno, err);
}
