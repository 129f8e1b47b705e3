/* SPDX-License-Identifier: Apache-2.0
 * .safetensors files of other writers: what the format allows is taken, what two readers could take
 * for two things is refused. The verdicts are those of the format's own package (safetensors 0.8.0),
 * but for two where it is laxer than the format's text: equal names, and space before the header. */
#include <stdlib.h>

#include "arrays/safetensors.h"
#include "check.h"

enum { FILE_BYTES = 1024 };

static tool_error err;

/* A file whose header says so many bytes, of this text and so many zeros behind it. */
static int parse_as(size_t claimed, const char *header, size_t length, size_t zeros,
                    safetensors_file *out) {
  unsigned char *bytes = calloc(1, 8 + length + zeros + 1);
  CHECK(bytes != NULL);
  write_u32_little(bytes, (uint32_t)claimed);
  memcpy(bytes + 8, header, length);
  *out = (safetensors_file){.content = {bytes, 8 + length + zeros}};
  err.text[0] = '\0';
  return safetensors_parse("w.safetensors", out, &err);
}

static void taken(const char *header, size_t zeros, size_t arrays) {
  safetensors_file out;
  CHECK_MSG(parse_as(strlen(header), header, strlen(header), zeros, &out) == 0, err.text);
  CHECK_INT(arrays, out.count);
  safetensors_free(&out);
}

static void refused(const char *header, size_t zeros, const char *part) {
  safetensors_file out;
  CHECK_MSG(parse_as(strlen(header), header, strlen(header), zeros, &out) != 0, header);
  CHECK_MSG(strstr(err.text, "w.safetensors: ") == err.text, err.text);
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
  safetensors_free(&out);
}

#define ARRAY(name, type, shape, from, to) \
  "\"" name "\":{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":[" #from "," #to "]}"
#define A           ARRAY("a", "F32", "[1]", 0, 4)
#define A_IS(text)  "{\"a\":{" text "}}"
#define A_BUT(text) A_IS("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]," text)

void test_headers_that_are_taken(void) {
  taken("{" A "}", 4, 1);
  taken("{" A "} \t\r\n  ", 4, 1);
  taken("{}", 0, 0);
  taken("{\"__metadata__\":{\"a\":\"b\",\"c\":\"\\u00e9\"}," A "}", 4, 1);
  taken("{" A ",\"__metadata__\":{}}", 4, 1);
  taken("{\"__metadata__\":null," A "}", 4, 1);
  taken("{\"__metadata\\u005f_\":{\"a\":\"b\"}," A "}", 4, 1);
  taken(A_BUT("\"x\":1"), 4, 1);
  taken(A_BUT("\"x\":{\"y\":[1,-2.5e+3,true,{\"z\":null}],\"e\":[]},\"x\":{}"), 4, 1);
  taken("{ \"a\" : { \"shape\" : [ 1 ] , \"dtype\" : \"F\\u00332\" , \"data_offsets\":[0 ,4]}}", 4,
        1);
  taken("{" ARRAY("", "F32", "[]", 0, 4) "}", 4, 1);
  taken("{" ARRAY("\\ud83d\\ude00\\n\\/\xc3\xa9\x7f", "U8", "[1]", 0, 1) "}", 1, 1);
  taken("{" ARRAY("z", "F32", "[0]", 0, 0) "," A "," ARRAY("y", "F64", "[3,0]", 4, 4) "," ARRAY(
            "x", "F64", "[0,18446744073709551615]", 4, 4) "}",
        4, 4);
  taken("{" ARRAY("b", "F64", "[1]", 4, 12) "," A "}", 12, 2); /* in any order */
}

void test_headers_that_are_no_json_of_this_kind(void) {
  static const char *const headers[] = {
      "{" A ",}",
      "{" A "}x",
      "{" A "}{}",
      "{" A,
      "{",
      "{\"a\"}",
      "{" A " " A "}",
      "{" A "]",
      A_IS("\"dtype\":\"F32\",\"shape\":[1]"),
      A_IS("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]"),
      A_IS("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]"),
      A_IS("\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]"),
      A_IS("\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]"),
      A_IS("\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]"),
      A_IS("\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]"),
      A_IS("\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]"),
      A_IS("\"dtype\":\"F32\",\"shape\":[18446744073709551616],\"data_offsets\":[0,4]"),
      A_IS("\"dtype\":\"F32\",\"shape\":[18446744073709551615,2,0],\"data_offsets\":[0,4]"),
      A_IS("\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]"),
      A_IS("\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]"),
      A_BUT("\"dtype\":\"F32\""),
      A_BUT("\"x\":01"),
      A_BUT("\"x\":-"),
      A_BUT("\"x\":1."),
      A_BUT("\"x\":nul"),
      A_BUT("\"x\":[1,]"),
      A_BUT("\"x\":{1:2}"),
      "{\"a\":null}",
      "{\"a\":[\"F32\",[1],[0,4]]}",
      "{\"__metadata__\":{\"a\":1}," A "}",
      "{\"__metadata__\":{\"a\":null}," A "}",
      "{\"__metadata__\":[]," A "}",
      "{\"__metadata__\":{},\"__metadata__\":{}," A "}",
      "{\"__metadata__\":{\"a\":{}}," A "}",
      "{\"__metadata__\":n u l l," A "}",
      "{" ARRAY("\\x", "F32", "[1]", 0, 4) "}",
      "{" ARRAY("\\ud800", "F32", "[1]", 0, 4) "}",
      "{" ARRAY("\\udc00", "F32", "[1]", 0, 4) "}",
      "{" ARRAY("\\u00g0", "F32", "[1]", 0, 4) "}",
      "{" ARRAY("\\ud800\\u0041", "F32", "[1]", 0, 4) "}",
      "{" ARRAY("\x01", "F32", "[1]", 0, 4) "}"};
  for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
    refused(headers[i], 4, "the header cannot be read at byte");
  static const char *const others[] = {" {}",
                                       "\n{}",
                                       "[]",
                                       "null",
                                       "\"\"",
                                       "\xef\xbb\xbf{}",
                                       "{\"\xff\":1}",
                                       "{\"\xc0\x80\":1}",
                                       "{\"\xed\xa0\x80\":1}"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    refused(others[i], 0, "its header is no JSON object in UTF-8");
}

void test_nesting_has_an_end(void) {
  static char header[FILE_BYTES];
  for (int depth = 125; depth <= 126; depth++) {
    char deep[256];
    memset(deep, '[', (size_t)depth);
    memset(deep + depth, ']', (size_t)depth);
    (void)snprintf(header, sizeof header, A_BUT("\"x\":%.*s"), 2 * depth, deep);
    if (depth == 125) taken(header, 4, 1);
    if (depth == 126) refused(header, 4, "the header cannot be read");
  }
}

void test_names_that_are_there_twice(void) {
  refused("{" A "," A "}", 4, "two arrays have the name 'a'");
  refused("{" A "," ARRAY("a", "F32", "[1]", 4, 8) "}", 8, "two arrays have the name 'a'");
  refused("{" A "," ARRAY("\\u0061", "F32", "[1]", 4, 8) "}", 8, "two arrays have the name 'a'");
  refused("{" A "," ARRAY("a", "F32", "[0]", 4, 4) "}", 4, "two arrays have the name 'a'");
  /* Names of which only the end differs, far behind what is kept of one. */
#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
  taken("{" ARRAY(LONG LONG "1", "U8", "[1]", 0, 1) "," ARRAY(LONG LONG "2", "U8", "[1]", 1, 2) "}",
        2, 2);
  refused(
      "{" ARRAY(LONG LONG "1", "U8", "[1]", 0, 1) "," ARRAY(LONG LONG "1", "U8", "[1]", 1, 2) "}",
      2, "two arrays have the name 'xxx");
}

void test_arrays_that_overlap_or_leave_gaps(void) {
  const char *place = "does not begin where the array before it ends";
  const char *size = "its size does not fit its shape";
  refused("{" ARRAY("a", "F32", "[1]", 4, 8) "}", 8, place);
  refused("{" A "," ARRAY("b", "F32", "[1]", 2, 6) "}", 6, place);
  refused("{" A "," ARRAY("b", "F32", "[1]", 0, 4) "}", 4, place);
  refused("{" A "," ARRAY("b", "F32", "[1]", 5, 9) "}", 9, place);
  refused("{" A "," ARRAY("b", "F32", "[0]", 2, 2) "}", 4, place);
  refused("{" ARRAY("a", "U8", "[0]", 4, 0) "}", 4, place);
  refused("{" ARRAY("a", "F32", "[1]", 0, 3) "}", 3, size);
  refused("{" ARRAY("a", "F32", "[2]", 0, 4) "}", 4, size);
  refused("{" ARRAY("a", "F32", "[2305843009213693952]", 0, 0) "}", 0, size);
  refused("{" ARRAY("a", "F4", "[1]", 0, 0) "}", 0, size); /* half a byte */
}

void test_bytes_that_belong_to_no_array(void) {
  refused("{" A "}", 5, "bytes follow the last array");
  refused("{}", 1, "bytes follow the last array");
  refused("{" A "}", 3, "cut off");
}

void test_headers_of_another_length_than_they_say(void) {
  safetensors_file out;
  const char *header = "{" A "}";
  const size_t length = strlen(header);
  const struct {
    size_t claimed;
    const char *part;
  } cases[] = {{length - 1, "cannot be read"},
               {length + 1, "cannot be read"},
               {length + 100, "ends within its header"},
               {100000001, "its header would be too long"},
               {0, "cannot be read"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    CHECK_INT(-1, parse_as(cases[i].claimed, header, length, 4, &out));
    CHECK_MSG(strstr(err.text, cases[i].part) != NULL, err.text);
    safetensors_free(&out);
  }
  for (size_t size = 0; size < 10; size++) {
    out = (safetensors_file){.content = {(unsigned char *)calloc(1, size + 1), size}};
    CHECK_INT(-1, safetensors_parse("w.safetensors", &out, &err));
    CHECK_MSG(strstr(err.text, "too short") != NULL, err.text);
    safetensors_free(&out);
  }
}

/* Every type of the format may be there; those that are no numbers here are refused when asked for. */
void test_arrays_of_any_type(void) {
  static const struct {
    const char *type;
    size_t bytes; /* of four elements */
    int is_read;
  } types[] = {{"BOOL", 4, 1},    {"F4", 2, 0},   {"F6_E2M3", 3, 0},     {"F6_E3M2", 3, 0},
               {"U8", 4, 1},      {"I8", 4, 1},   {"F8_E5M2", 4, 0},     {"F8_E4M3", 4, 0},
               {"F8_E8M0", 4, 0}, {"I16", 8, 1},  {"F8_E4M3FNUZ", 4, 0}, {"F8_E5M2FNUZ", 4, 0},
               {"U16", 8, 1},     {"F16", 8, 1},  {"BF16", 8, 1},        {"I32", 16, 1},
               {"U32", 16, 1},    {"F32", 16, 1}, {"C64", 32, 0},        {"F64", 32, 1},
               {"I64", 32, 1},    {"U64", 32, 1}};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    char header[256], part[64];
    kfix_real out[4];
    safetensors_file file;
    (void)snprintf(header, sizeof header,
                   "{" A ",\"b\":{\"dtype\":\"%s\",\"shape\":[2,2],\"data_offsets\":[4,%zu]}}",
                   types[i].type, 4 + types[i].bytes);
    CHECK_MSG(parse_as(strlen(header), header, strlen(header), 4 + types[i].bytes, &file) == 0,
              err.text);
    CHECK_INT(0, tensor_read(safetensors_find(&file, "a"), 0, 1, out, "w", &err));
    const tensor_view *b = safetensors_find(&file, "b");
    CHECK_INT(types[i].is_read ? 0 : -1,
              tensor_read(b, 0, types[i].is_read ? 4 : 0, out, "w", &err));
    (void)snprintf(part, sizeof part, "'b' holds %s, which is not read", types[i].type);
    CHECK_MSG(types[i].is_read || strstr(err.text, part) != NULL, err.text);
    safetensors_free(&file);
  }
}

void test_an_array_of_many_dimensions_is_in_nobodys_way(void) {
  taken("{" ARRAY("a", "U8", "[1,1,1,1,1,1,1,1,1,2]", 0, 2) "}", 2, 1);
  safetensors_file file;
  const char *header = "{" ARRAY("a", "U8", "[1,1,1,1,1,1,1,1,1,2]", 0, 2) "}";
  CHECK_INT(0, parse_as(strlen(header), header, strlen(header), 2, &file));
  CHECK_INT(-1, tensor_read(safetensors_find(&file, "a"), 0, 0, NULL, "w", &err));
  CHECK_MSG(strstr(err.text, "more than 8 dimensions") != NULL, err.text);
  safetensors_free(&file);
}

/* A zero byte within a name does not make it another. */
void test_a_name_is_all_of_it(void) {
  safetensors_file file;
  const char *header = "{" ARRAY("a\\u0000b", "U8", "[1]", 0, 1) "}";
  CHECK_INT(0, parse_as(strlen(header), header, strlen(header), 1, &file));
  CHECK(safetensors_find(&file, "a") == NULL);
  safetensors_free(&file);
}

void test_bfloat16_is_the_upper_half_of_a_float(void) {
  safetensors_file file;
  kfix_real out[3];
  const char *header = "{" ARRAY("a", "BF16", "[3]", 0, 6) "}";
  CHECK_INT(0, parse_as(strlen(header), header, strlen(header), 6, &file));
  memcpy(file.content.data + 8 + strlen(header), "\x80\x3f\x20\xc0\x80\x00", 6);
  CHECK_INT(0, tensor_read(safetensors_find(&file, "a"), 0, 3, out, "w", &err));
  CHECK_NEAR(0, 1, out[0]);
  CHECK_NEAR(0, -2.5, out[1]);
  CHECK_NEAR(0, 0x1p-126, out[2]);
  safetensors_free(&file);
}
