/* SPDX-License-Identifier: Apache-2.0
 * Tables of text for the tests of their reader. */
#ifndef KFIX_TEST_PARSED_CSV_H
#define KFIX_TEST_PARSED_CSV_H

#include <stdlib.h>

#include "check.h"
#include "data/table_csv.h"

static tool_error err;

static inline int parse(const char *text, csv_table *table) {
  file_bytes content = {(unsigned char *)malloc(strlen(text) + 1), strlen(text)};
  CHECK(content.data != NULL);
  memcpy(content.data, text, content.size + 1);
  err.text[0] = '\0';
  const int answer = csv_parse("t.csv", &content, table, &err);
  file_free(&content);
  return answer;
}

/* The table is 1 2 / 3.5 4, its rows in these lines. */
static inline void taken(const char *text, size_t first_line, size_t second_line) {
  static const double values[4] = {1, 2, 3.5, 4};
  csv_table table;
  CHECK_MSG(parse(text, &table) == 0, err.text);
  CHECK_INT(2, table.rows);
  CHECK_INT(2, table.cols);
  for (int i = 0; i < 4; i++) CHECK_NEAR(0, values[i], table.values[i]);
  CHECK_INT(first_line, table.lines[0]);
  CHECK_INT(second_line, table.lines[1]);
  csv_free(&table);
}

static inline void refused(const char *text, const char *part) {
  csv_table table;
  CHECK_MSG(parse(text, &table) != 0, text);
  CHECK_MSG(strstr(err.text, "t.csv: ") == err.text, err.text);
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
  CHECK(table.values == NULL && table.lines == NULL);
}

#endif
