/* SPDX-License-Identifier: Apache-2.0
 * What people add to tables for people: comments, thousands separators. */
#include "parsed_csv.h"

void test_thousands_are_no_decimals(void) {
  const char *advice = "a thousands separator? write numbers without it";
  refused("1,\"1,000\"\n2,3\n", advice);
  refused("\"-12,345\",2\n2,3\n", advice);
  refused("1;1,234,567\n2;3\n", advice);
  refused("1;1,000.5\n2;3\n", advice);
  refused("1,\"1,00\"\n", "a decimal comma?");
  refused("1,\"1,0000\"\n", "a decimal comma?");
  refused("1,\"1234,567\"\n", "a decimal comma?");
  refused("1;1,234\n2;3\n", "a decimal comma?"); /* may be decimals */
}

static size_t comments(const char *text) {
  csv_table table;
  if (parse(text, &table) != 0) return SIZE_MAX;
  const size_t count = table.comments;
  csv_free(&table);
  return count;
}

void test_comments_stand_above_the_rows(void) {
  taken("# a title, made by hand\n1,2\n3.5,4\n", 2, 3);
  taken("#a,b\n1,2\n3.5,4\n", 2, 3); /* numpy.savetxt writes headings so */
  taken("# one\r\n\r\n  \r\n## two; of them\r\na,b\r\n1,2\r\n3.5,4\r\n", 6, 7);
  CHECK_INT(2, comments("# one\n# two\nx,y\n1,2\n"));
  CHECK_INT(0, comments("x,#\n1,2\n"));
  refused("#1,2\n3,4\n", "line 1, field 1 is no finite number: '#1'"); /* it may be a row */
  refused("#DIV/0!,2\n3,4\n", "line 1, field 1 is no finite number: '#DIV/0!'");
  refused("1,2\n# below\n3,4\n", "line 2, field 1 is no finite number: '# below'");
  refused("# nothing else\n", "holds no rows: put rows of numbers in it");
}
