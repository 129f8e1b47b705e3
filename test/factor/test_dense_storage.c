/* SPDX-License-Identifier: Apache-2.0
 * The inverse of a symmetric positive definite matrix, wherever its triangle is stored. */
#include <string.h>

#include "check.h"
#include "factor/spd.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

enum { LARGEST = 301, MARK = 77 };

static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 33, 65, 129, 255, 256, 257, LARGEST};
#define SIZES (sizeof sizes / sizeof sizes[0])

static kfix_real plain[LARGEST * LARGEST], stored[LARGEST * (LARGEST + 4)];
static kfix_real work[KFIX_SPD_WORK(LARGEST) + 1];
static _Alignas(KFIX_ALIGN) unsigned char scratch[KFIX_PORT_SCRATCH_simd(1, 1, 1, 1)];

/* Where element (i, 0) stands. */
static size_t row_at(size_t i, size_t ld) {
  return ld == KFIX_PACKED ? KFIX_TRIANGLE(i) : i * ld;
}

/* Positive definite: 1 / (1 + |i - j|) is so by Polya's criterion, and more so with I added. All
 * else is marked. */
static void fill(size_t n, kfix_real *a, size_t ld, size_t count) {
  for (size_t i = 0; i < count; i++) a[i] = MARK;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      a[row_at(i, ld) + j] = (kfix_real)(1.0 / (double)(1 + i - j)) + (i == j);
}

static void invert(const kfix_port *port, size_t n, kfix_real *a, size_t ld) {
  const kfix_device d = {port, NULL, scratch, sizeof scratch, 1, NULL};
  size_t info = 99;
  for (size_t i = KFIX_SPD_WORK(n); i < sizeof work / sizeof *work; i++) work[i] = MARK;
  CHECK_INT(KFIX_OK, kfix_spd_inverse(&d, n, a, ld, work, &info));
  CHECK_INT(0, info);
  for (size_t i = KFIX_SPD_WORK(n); i < sizeof work / sizeof *work; i++) CHECK(work[i] == MARK);
}

/* The inverse in `stored` has the bits of the one in `plain`, and nothing beside it was written. */
static void check_same(size_t n, size_t ld) {
  size_t marks = 0, inside = 0;
  for (size_t i = 0; i < n; i++)
    CHECK_MEM(plain + i * n, stored + row_at(i, ld), (i + 1) * sizeof *plain);
  for (size_t i = 0; i < sizeof stored / sizeof *stored; i++) marks += stored[i] == MARK;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) inside += plain[i * n + j] == MARK;
  CHECK_INT(sizeof stored / sizeof *stored - KFIX_TRIANGLE(n) + inside, marks);
}

void test_the_place_does_not_change_the_bits(void) {
  const kfix_port *const ports[] = {&kfix_port_ref, &kfix_port_simd};
  for (size_t p = 0; p < 2; p++)
    for (size_t s = 0; s < SIZES && ports[p]->available() == KFIX_OK; s++) {
      const size_t n = sizes[s], lds[] = {KFIX_PACKED, n + 1, n + 3};
      fill(n, plain, n, n * n);
      invert(&kfix_port_ref, n, plain, n);
      for (size_t l = 0; l < 3; l++) {
        fill(n, stored, lds[l], sizeof stored / sizeof *stored);
        invert(ports[p], n, stored, lds[l]);
        check_same(n, lds[l]);
      }
    }
}

void test_a_bad_pivot_of_a_packed_matrix_names_its_row(void) {
  const kfix_device d = {&kfix_port_ref, NULL, scratch, sizeof scratch, 1, NULL};
  for (size_t row = 0; row < 70; row += 23) {
    size_t info = 0;
    fill(70, stored, KFIX_PACKED, sizeof stored / sizeof *stored);
    stored[KFIX_TRIANGLE(row) + row] = -1;
    CHECK_INT(KFIX_NOT_POSITIVE, kfix_spd_inverse(&d, 70, stored, KFIX_PACKED, work, &info));
    CHECK_INT(row + 1, info);
  }
}
