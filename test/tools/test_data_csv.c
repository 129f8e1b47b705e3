/* SPDX-License-Identifier: Apache-2.0
 * What spreadsheets, pandas, R and NumPy write as text: taken as it was meant, or refused with file,
 * line and field. Nothing is taken for something else. */
#include <stdlib.h>

#include "parsed_csv.h"

#define MARK "\xef\xbb\xbf"

void test_empty_lines_anywhere(void) {
  taken("1,2\n3.5,4\n", 1, 2);
  taken("\n1,2\n3.5,4\n", 2, 3);
  taken("\n\n \n\t\n1,2\n3.5,4\n", 5, 6);
  taken("\r\n\r\n1,2\r\n3.5,4\r\n", 3, 4);
  taken("\na,b\n1,2\n3.5,4\n", 3, 4);
  taken("a,b\n\n1,2\n3.5,4\n", 3, 4);
  taken("\n  \r\na,b\r\n \r\n1,2\r\n\r\n3.5,4\r\n\r\n   ", 5, 7);
  taken(MARK "\n1,2\n3.5,4", 2, 3);
  taken(MARK "\r\n \r\na,b\r\n1,2\r\n3.5,4", 4, 5);
  taken("1,2\n\n\n3.5,4\n\n", 1, 4);
  refused("\n\na,b\n1,2\n\n3,x\n", "line 6, field 2");
}

void test_all_line_ends(void) {
  taken("1,2\r\n3.5,4\r\n", 1, 2);
  taken("1,2\r3.5,4\r", 1, 2);
  taken("a,b\r1,2\r\r3.5,4", 2, 4);
  taken("1,2\n3.5,4", 1, 2);
  refused("1,2\r\n3,4\r\n5,x\r\n", "line 3, field 2");
  refused("1,2\r3,4\r5,x\r", "line 3, field 2");
}

void test_quotes(void) {
  taken("\"1\",\"2\"\n\"3.5\",4\n", 1, 2);
  taken(" \" 1 \" , 2\n3.5,\"4\"  \n", 1, 2);
  taken("\"a,b\",\"c \"\"d\"\"\"\n1,2\n3.5,4\n", 2, 3);
  taken("\"a\nb;\",c\n1,2\n3.5,4\n", 3, 4); /* a line end within a name */
  taken("5\" pipe,b\n1,2\n3.5,4\n", 2, 3);
  refused("1,\"2\n3,4\n", "line 1, field 2: its quote is not closed");
  refused("1,2\n\"3,4\n5,6\n", "line 2, field 1: its quote is not closed");
  refused("\"a,b\n1,2\n", "line 1, field 1: its quote is not closed");
  refused("1,\"2\"x\n", "line 1, field 2: 'x' follows the number");
  refused("1,\"\"\n", "line 1, field 2 is no finite number: ''");
}

void test_blanks_around_numbers(void) {
  taken(" 1 ,\t2\n3.5\t,  4 \n", 1, 2);
  taken(" a , b \n 1, 2\n 3.5, 4\n", 2, 3);
}

void test_semicolons_and_tabs(void) {
  taken("1;2\n3.5;4\n", 1, 2);
  taken("\n\"a\";\"b\"\n1; 2\n3.5;\"4\"\n", 3, 4);
  taken("1\t2\n3.5\t4\n", 1, 2);
  taken("a\tb\n 1\t2 \n3.5\t4\n", 2, 3);
  taken("name; unit,value\n1,2\n3.5,4\n", 2, 3); /* the rows decide, not the names */
  refused("1;2\n3,4\n", "line 1, field 1: ';2' follows the number");
  refused("1,2\n3;4\n5,6\n", "line 1, field 1: ',2' follows the number");
  refused("1,2\n3,4\n5;6\n", "line 3, field 1: ';6' follows the number");
  refused("1;\n", "line 1, field 2 is no finite number: ''");
  refused("1\t\n2\t\n", "line 1, field 2 is no finite number: ''");
}

void test_decimal_commas_are_never_something_else(void) {
  const char *advice = "a decimal comma? write numbers with points";
  refused("1,5;2\n3;4\n", advice);
  refused("1;2\n3,5;4\n", advice);
  refused("1,5;2,5\n3;4\n", advice); /* a first line without a number is no heading then */
  refused("a;b\n1,5;2,5\n", advice);
  refused("1,5\t2,5\n3\t4\n", advice);
  refused("a\tb\n1,5\t2\n", advice);
  refused("\"1,5\",\"2\"\n", advice);
  refused("1;2,5\n", "line 1, field 2: ',5' follows the number");
}

void test_fields_that_are_no_finite_number(void) {
  static const char *const cells[] = {
      "nan",   "NaN",  "inf",  "-Infinity", "1e400", "",    "NA", "#N/A", "x",       "0x10",
      "-0X1f", "True", "null", "1e400",     "\v",    "- 1", "e5", ".",    "\xc2\xa0"};
  for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
    char text[64];
    (void)snprintf(text, sizeof text, "1,2\n3,%s\n5,6\n", cells[i]);
    refused(text, "line 2, field 2 is no finite number: '");
    (void)snprintf(text, sizeof text, "%s,2\n5,6\n", cells[i]);
    refused(text, "line 1, field 1 is no finite number: '");
  }
  refused("1,2\n3,4 5\n", "line 2, field 2: '5' follows the number");
  refused("1 2 3\n4 5 6\n",
          "line 1, field 1: '2 3' follows the number: separate numbers by commas");
  refused("1,2\n3,1_0\n", "line 2, field 2: '_0' follows the number");
  refused("1,2\n3,1d5\n", "line 2, field 2: 'd5' follows the number");
  refused("1,2\n3,\"4\n\"\n", "line 2, field 2");
  taken("1,2e0\n+3.5,.4e1\n", 1, 2);
}

/* strtod would go on over the end of a field or line. */
void test_a_field_ends_where_it_ends(void) {
  refused("1,\v\n2,3\n", "line 1, field 2");
  refused("1,\n2,3\n", "line 1, field 2");
  refused("1,\f\r\n2,3\n", "line 1, field 2");
}

void test_rows_of_another_length(void) {
  refused(
      "1,2\n3\n",
      "line 2 has fewer fields than the first (2): give every row one field for each column, or "
      "leave this line out");
  refused("1,2\n\n3,4,5\n", "line 3 has more fields than the first (2)");
  refused("1,2,\n3,4,\n",
          "line 1, field 3 is no finite number: '': fill it, or remove a separator");
  refused(",,\n1,2,3\n", "line 1, field 1 is no finite number: ''"); /* no heading: no names */
  refused("NA,NA\n1,2\n", "line 1, field 1 is no finite number: 'NA'");
  refused("", "holds no rows");
  refused("\n \n", "holds no rows");
  refused("a,b\n\n", "holds no rows");
}

void test_headings_that_do_not_fit(void) {
  refused("a,b\n1,2,3\n2,4,5\n", "line 1 has 2 names, line 2 has 3 fields");
  refused("\na,b,c\n\n1,2\n", "line 2 has 3 names, line 4 has 2 fields");
  refused("2019,2020,label\n1,2,3\n", "line 1, field 3 is no finite number: 'label'");
  taken("a title of one field\n1,2\n3.5,4\n", 2, 3);
}

/* to_csv of pandas with its index, write.csv of R with row names. */
void test_a_column_that_counts_the_rows(void) {
  refused(",a,b\n0,5,6\n1,7,8\n", "its first column has no name and counts the rows");
  refused("\"\",\"a\"\n\"1\",5\n\"2\",6\n\"3\",7\n", "its first column has no name and counts");
  refused("Unnamed: 0,a\n0,5\n1,6\n", "its first column has no name and counts the rows");
  taken(",b\n1,2\n3.5,4\n", 2, 3);
  csv_table table;
  CHECK_INT(0, parse("n,a\n0,5\n1,6\n", &table)); /* one that has a name is an input */
  csv_free(&table);
}

/* to_csv of pandas without names of its columns. */
void test_a_first_line_that_counts_the_columns(void) {
  refused("0,1,2,3\n5,6,7,8\n", "line 1, 0 to 3, seems to number the columns");
  refused("\"0\",\"1\",\"2\",\"3\",\"4\"\n5,6,7,8,9\n", "line 1, 0 to 4, seems to number");
  csv_table table;
  CHECK_INT(0, parse("0,1,2\n5,6,7\n", &table)); /* too few to tell */
  csv_free(&table);
  CHECK_INT(0, parse("a,b,c,d\n0,1,2,3\n", &table)); /* names stand before it */
  csv_free(&table);
}

static int parse_as(const char *text, const csv_wish *wish, csv_table *table) {
  const size_t size = strlen(text);
  file_bytes content = {(unsigned char *)malloc(size + 1), size};
  CHECK(content.data != NULL);
  memcpy(content.data, text, size + 1);
  const int answer = csv_parse_as("t.csv", &content, wish, table, &err);
  file_free(&content);
  return answer;
}

static void refused_as(const csv_wish *wish, const char *text, const char *part) {
  csv_table table;
  CHECK_INT(-1, parse_as(text, wish, &table));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
}

void test_names_of_columns_are_kept(void) {
  csv_table table;
  CHECK_INT(0, parse("a;\"the b\"; c \n1;2;3\n", &table));
  CHECK_INT(3, table.names.count);
  CHECK_STR("a", table.names.word[0]);
  CHECK_STR("the b", table.names.word[1]);
  CHECK_STR("c", table.names.word[2]);
  csv_free(&table);
  CHECK_INT(0, parse("1;2;3\n", &table));
  CHECK_INT(0, table.names.count);
  csv_free(&table);
}

void test_classes_that_are_words(void) {
  const csv_wish words = {.words = 1};
  csv_table table;
  CHECK_INT(0, parse_as("x,kind\n1,pear\n2,\"an apple\"\n3,pear\n", &words, &table));
  CHECK_INT(2, table.classes.count);
  CHECK_STR("an apple", table.classes.word[0]);
  CHECK_STR("pear", table.classes.word[1]);
  CHECK_NEAR(0, 1, table.values[1]);
  CHECK_NEAR(0, 0, table.values[3]);
  CHECK_NEAR(0, 1, table.values[5]);
  csv_free(&table);
  CHECK_INT(0, parse_as("1,2\n3,0\n", &words, &table)); /* numbers stay numbers */
  CHECK_INT(0, table.classes.count);
  CHECK_NEAR(0, 2, table.values[1]);
  csv_free(&table);
  refused_as(&words, "1,pear\n2,7\n", "line 2: '7' in the last column is a number, but");
  refused_as(&words, "1,7\n2,pear\n", "line 2, field 2 is no finite number: 'pear'");
  refused_as(&words, "1,pear\n2,\n", "line 2, field 2 is no finite number: ''");
  refused_as(&words, "1,pear\nplum,pear\n", "line 2, field 1 is no finite number: 'plum'");
}

void test_classes_that_are_known(void) {
  csv_table before, table;
  const csv_wish words = {.words = 1};
  CHECK_INT(0, parse_as("1,pear\n2,apple\n3,plum\n", &words, &before));
  const csv_wish known = {.words = 1, .known = &before.classes};
  CHECK_INT(0, parse_as("1,plum\n2,pear\n", &known, &table));
  CHECK_NEAR(0, 2, table.values[1]);
  CHECK_NEAR(0, 1, table.values[3]);
  CHECK_INT(0, table.classes.count);
  csv_free(&table);
  refused_as(&known, "1,plum\n2,fig\n", "line 2: 'fig' in the last column is no class");
  csv_free(&before);
}

void test_a_last_column_that_is_not_read(void) {
  const csv_wish wish = {.unread = 2};
  csv_table table;
  CHECK_INT(0, parse_as("1,2,?\n3,4,anything\n", &wish, &table));
  CHECK_INT(3, table.cols);
  CHECK_NEAR(0, 4, table.values[4]);
  CHECK_NEAR(0, 0, table.values[5]);
  csv_free(&table);
  refused_as(&wish, "1,?\n", "line 1, field 2 is no finite number: '?'");
}

void test_other_encodings(void) {
  csv_table table;
  file_bytes content = {(unsigned char *)calloc(1, 16), 8};
  memcpy(content.data,
         "\xff\xfe"
         "1\0,\0"
         "2\0",
         8);
  CHECK_INT(-1, csv_parse("t.csv", &content, &table, &err));
  CHECK_MSG(strstr(err.text, "is in UTF-16; save it as CSV in UTF-8") != NULL, err.text);
  memcpy(content.data,
         "1,2\0"
         "3,4\n",
         8);
  CHECK_INT(-1, csv_parse("t.csv", &content, &table, &err));
  CHECK_MSG(strstr(err.text, "it holds a zero byte") != NULL, err.text);
  file_free(&content);
}

/* Latin-1 in what is kept: a name, a class; where nothing is kept, it is not looked at. */
void test_words_that_are_not_utf8(void) {
  const csv_wish words = {.words = 1}, unread = {.unread = 1};
  csv_table table;
  refused_as(&words, "h\xf6he,b\n1,2\n", "line 1: not UTF-8: save the table as UTF-8");
  refused_as(&words, "a,b\n1,gro\xdf\n", "line 2: not UTF-8: save the table as UTF-8");
  CHECK_INT(0, parse_as("1,gro\xdf\n", &unread, &table));
  csv_free(&table);
  CHECK_INT(0, parse_as("h\xc3\xb6he,b\n1,2\n", &words, &table));
  CHECK_STR("h\xc3\xb6he", table.names.word[0]);
  csv_free(&table);
}

/* A line of a megabyte, and a million empty ones: memory grows with the bytes of the file. */
void test_long_lines_and_many(void) {
  enum { COLS = 200000, EMPTY = 1000000 };
  csv_table table;
  file_bytes content = {(unsigned char *)malloc(4 * COLS + EMPTY + 2), 0};
  CHECK(content.data != NULL);
  for (int j = 0; j < COLS; j++) {
    memcpy(content.data + content.size, j + 1 < COLS ? "7.5," : "7.5\n", 4);
    content.size += 4;
  }
  memset(content.data + content.size, '\n', EMPTY);
  content.size += EMPTY;
  content.data[content.size] = '\0';
  CHECK_INT(0, csv_parse("t.csv", &content, &table, &err));
  CHECK_INT(1, table.rows);
  CHECK_INT(COLS, table.cols);
  CHECK_NEAR(0, 7.5, table.values[COLS - 1]);
  csv_free(&table);
  file_free(&content);
}
