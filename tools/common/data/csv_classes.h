/* SPDX-License-Identifier: Apache-2.0
 * Classes that are words, in the last column of a table. */
#ifndef KFIX_TOOLS_CSV_CLASSES_H
#define KFIX_TOOLS_CSV_CLASSES_H

#include "csv_fields.h"
#include "files/tool_error.h"
#include "word_list.h"

/* *value = the place of the word among `known`, or, where nothing is known, among `classes`, to which
 * it is added. */
int csv_read_class(const char *path, size_t line, const word_list *known, word_list *classes,
                   const csv_field *field, double *value, tool_error *err);

/* The message about a field of the last column: -1. */
int csv_bad_class(const char *path, size_t line, const csv_field *field, const char *why,
                  tool_error *err);

/* Brings the classes of a table that has been read into the order of their names; their places are in
 * the last of `cols` columns of each row. */
int csv_sort_classes(const char *path, word_list *classes, double *values, size_t rows, size_t cols,
                     tool_error *err);

#endif
