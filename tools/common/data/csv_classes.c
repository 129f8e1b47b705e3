/* SPDX-License-Identifier: Apache-2.0
 * Classes that are words. */
#include "csv_classes.h"

#include <stdlib.h>

#include "csv_bad_field.h"

/* The most different words of a column of classes: more are names or sentences. */
#define WORDS_MAX 1000

int csv_bad_class(const char *path, size_t line, const csv_field *field, const char *why,
                  tool_error *err) {
  return tool_fail(err, "%s: line %zu: '%.*s' in the last column%s", path, line,
                   (int)(field->length < 60 ? field->length : 60), field->text, why);
}

int csv_read_class(const char *path, size_t line, const word_list *known, word_list *classes,
                   const csv_field *field, double *value, tool_error *err) {
  if (csv_check_kept(path, line, field, err) != 0) return -1;
  const word_list *words = known != NULL && known->count > 0 ? known : classes;
  const size_t place = words_find(words, field->text, field->length);
  *value = (double)place;
  if (place < words->count) return 0;
  if (words == known)
    return csv_bad_class(path, line, field, " is no class that the weights were trained on", err);
  if (place == WORDS_MAX)
    return csv_bad_class(path, line, field,
                         ": over 1000 different words: is this the column of the classes?", err);
  if (words_add(classes, field->text, field->length) == 0) return 0;
  return tool_fail(err, "%s: no memory for its classes", path);
}

int csv_sort_classes(const char *path, word_list *classes, double *values, size_t rows, size_t cols,
                     tool_error *err) {
  if (classes->count == 0) return 0;
  size_t *place = malloc(classes->count * sizeof *place);
  if (place == NULL || words_sort(classes, place) != 0) {
    free(place);
    return tool_fail(err, "%s: no memory for its classes", path);
  }
  for (size_t i = 0; i < rows; i++) {
    double *value = values + (i + 1) * cols - 1;
    *value = (double)place[(size_t)*value];
  }
  free(place);
  return 0;
}
