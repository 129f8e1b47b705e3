/* SPDX-License-Identifier: Apache-2.0
 * .npy files as NumPy has written them over the years: headers, element types, orders. */
#include <stdlib.h>

#include "arrays/npy.h"
#include "check.h"

enum { FILE_BYTES = 1024 };

static tool_error err;
static unsigned char file[FILE_BYTES];

/* A file of this version, header and data; returns its length. */
static size_t make(int version, const char *header, const void *data, size_t bytes) {
  const size_t length = strlen(header), start = version == 1 ? 10 : 12;
  CHECK(start + length + bytes <= FILE_BYTES);
  memcpy(file, "\x93NUMPY", 6);
  memset(file + 6, 0, 6);
  file[6] = (unsigned char)version;
  file[8] = (unsigned char)(length & 255);
  file[9] = (unsigned char)(length >> 8);
  memcpy(file + start, header, length);
  if (bytes > 0) memcpy(file + start + length, data, bytes);
  return start + length + bytes;
}

/* Its elements in C order. */
static void read_as(const tensor_view *view, const double *expected, size_t count) {
  kfix_real got[16];
  CHECK_MSG(tensor_read(view, 0, count, got, "a.npy", &err) == 0, err.text);
  for (size_t i = 0; i < count; i++) CHECK_NEAR(0, (double)(kfix_real)expected[i], got[i]);
}

static const float six[6] = {0, 1, 2, 3, 4, 5};
static const double in_order[6] = {0, 1, 2, 3, 4, 5}, transposed[6] = {0, 2, 4, 1, 3, 5};

static void takes(int version, const char *header, const double *expected) {
  tensor_view view;
  const size_t size = make(version, header, six, sizeof six);
  CHECK_MSG(npy_parse("a.npy", file, size, &view, &err) == 0, err.text);
  read_as(&view, expected, 6);
}

static void refuses(const char *header, const char *part) {
  tensor_view view;
  for (int version = 1; version <= 3; version++) {
    const size_t size = make(version, header, six, sizeof six);
    err.text[0] = '\0';
    CHECK_MSG(npy_parse("a.npy", file, size, &view, &err) != 0, header);
    CHECK_MSG(strstr(err.text, "a.npy: ") == err.text && strstr(err.text, part) != NULL, err.text);
  }
}

void test_headers_of_all_versions(void) {
  for (int version = 1; version <= 3; version++) {
    takes(version, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n", in_order);
    takes(version, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", in_order);
    takes(version, "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}", in_order);
    takes(version, " {\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(2,3,)}\n\n", in_order);
    takes(version, "{'descr': 'f4', 'fortran_order': False, 'shape': (6,)}", in_order);
    takes(version, "{'descr': '=f4', 'fortran_order': False, 'shape': (6,)}", in_order);
  }
}

void test_headers_of_python_2(void) {
  takes(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }", in_order);
  takes(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (6L,), }", in_order);
  takes(2, "{u'descr': u'<f4', u'fortran_order': False, u'shape': (2L, 3), }", in_order);
}

void test_fortran_order(void) {
  takes(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (6,), }", in_order);
  takes(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (6, 1), }", in_order);
  takes(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 6), }", in_order);
  takes(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", transposed);
  static const float cube[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  double expected[12];
  tensor_view view;
  for (int i = 0; i < 2; i++) /* element (i, j, k) of 2 x 3 x 2 lies at i + 2 j + 6 k */
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 2; k++) expected[(i * 3 + j) * 2 + k] = i + 2 * j + 6 * k;
  const size_t size =
      make(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 2), }", cube, sizeof cube);
  CHECK_INT(0, npy_parse("a.npy", file, size, &view, &err));
  read_as(&view, expected, 12);
  kfix_real middle[3];
  CHECK_INT(0, tensor_read(&view, 5, 3, middle, "a.npy", &err));
  for (int i = 0; i < 3; i++) CHECK_NEAR(0, expected[5 + i], middle[i]);
}

void test_headers_that_are_refused(void) {
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (6)}", "the shape");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3]}", "the shape");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}", "the shape");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", "the shape");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -3)}", "the shape");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} x", "cannot be read");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': 1}", "cannot be read");
  refuses("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (3,)}",
          "cannot be read");
  refuses("{'descr': '<f4' 'fortran_order': False, 'shape': (2, 3)}", "cannot be read");
  refuses("{'descr': '<f4', 'fortran_order': False}", "cannot be read");
  refuses("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}", "neither True nor False");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 2, 3)}",
          "more than 8 dimensions");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 99999999999999999999)}",
          "the shape");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
          "impossibly large");
  refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", "holds 24 bytes of data");
}

void test_types_that_are_refused(void) {
  refuses("{'descr': [('a', '<f4'), ('shape', '<f4')], 'fortran_order': False, 'shape': (3,)}",
          "records of several fields");
  refuses("{'descr': '|O', 'fortran_order': False, 'shape': (3,)}", "Python objects");
  static const char *const types[] = {"<c8", "<f16", "<U1", "|S4", "<M8[ns]", "|V2", "", "<", "f"};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    char header[128], part[64];
    (void)snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': (3,)}",
                   types[i]);
    (void)snprintf(part, sizeof part, "elements of type '%s' are not read", types[i]);
    refuses(header, part);
  }
}

/* Elements as bytes, least significant first, and what they are. */
typedef struct sample {
  const char *type; /* without its byte order */
  size_t width;
  unsigned char bytes[3][8];
  double values[3];
} sample;

static const sample samples[] = {
    {"f2", 2, {{0, 0x3c}, {0, 0xc1}, {1, 0}}, {1, -2.5, 0x1p-24}},
    {"f2", 2, {{0xff, 0x7b}, {0, 4}, {0xff, 3}}, {65504, 0x1p-14, 0x1.ff8p-15}},
    {"f4", 4, {{0, 0, 0x80, 0x3f}, {0, 0, 0x20, 0xc0}, {0}}, {1, -2.5, 0}},
    {"f8", 8, {{0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, {0, 0, 0, 0, 0, 0, 4, 0xc0}, {0}}, {1, -2.5, 0}},
    {"i1", 1, {{127}, {128}, {255}}, {127, -128, -1}},
    {"i2", 2, {{255, 127}, {0, 128}, {254, 255}}, {32767, -32768, -2}},
    {"i4", 4, {{1, 2, 0, 0}, {0, 0, 0, 128}, {255, 255, 255, 255}}, {513, -2147483648.0, -1}},
    {"i8", 8, {{1, 2, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 128}, {0}}, {513, -0x1p63, 0}},
    {"u1", 1, {{127}, {128}, {255}}, {127, 128, 255}},
    {"u2", 2, {{255, 127}, {0, 128}, {254, 255}}, {32767, 32768, 65534}},
    {"u4", 4, {{1, 2, 0, 0}, {0, 0, 0, 128}, {0}}, {513, 2147483648.0, 0}},
    {"u8", 8, {{1, 2, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 128}, {0}}, {513, 0x1p63, 0}},
    {"b1", 1, {{0}, {1}, {1}}, {0, 1, 1}}};

void test_every_type_in_both_byte_orders(void) {
  for (size_t s = 0; s < sizeof samples / sizeof samples[0]; s++)
    for (int big = 0; big < 2; big++) {
      unsigned char data[24];
      char header[128];
      tensor_view view;
      const size_t width = samples[s].width;
      for (size_t i = 0; i < 3 * width; i++)
        data[i] = samples[s].bytes[i / width][big ? width - 1 - i % width : i % width];
      (void)snprintf(header, sizeof header,
                     "{'descr': '%c%s', 'fortran_order': False, 'shape': (3,), }",
                     width == 1 ? '|'
                     : big      ? '>'
                                : '<',
                     samples[s].type);
      const size_t size = make(1, header, data, 3 * width);
      CHECK_MSG(npy_parse("a.npy", file, size, &view, &err) == 0, header);
      read_as(&view, samples[s].values, 3);
    }
}

void test_halves_that_are_not_finite(void) {
  static const unsigned char halves[2][2] = {{0, 0x7c}, {1, 0xfc}}; /* infinity, NaN */
  for (int i = 0; i < 2; i++) {
    tensor_view view;
    kfix_real got;
    const size_t size =
        make(1, "{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", halves[i], 2);
    CHECK_INT(0, npy_parse("a.npy", file, size, &view, &err));
    CHECK_INT(-1, tensor_read(&view, 0, 1, &got, "a.npy", &err));
    CHECK_MSG(strstr(err.text, "row 0, column 0 holds") != NULL, err.text);
  }
}
