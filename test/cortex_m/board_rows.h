/* SPDX-License-Identifier: Apache-2.0
 * What the programs for the board share: rows of digits in flash as a batch, and printing by puts. */
#ifndef KFIX_TEST_BOARD_ROWS_H
#define KFIX_TEST_BOARD_ROWS_H

#include <stdio.h>

#include "core/batch.h"

/* The letters of 64 pixels, the digit, a NUL. */
typedef char board_row[66];

typedef struct board_rows {
  const board_row *row;
} board_rows;

/* A kfix_fetch whose source is a board_rows. */
static inline int board_fetch(void *source, size_t first, size_t count, kfix_real *x, size_t ldx,
                              kfix_real *y, size_t ldy) {
  const board_rows *data = source;
  for (size_t i = 0; i < count; i++) {
    const char *row = data->row[first + i];
    for (size_t j = 0; j < 64; j++) x[i * ldx + j] = (kfix_real)(row[j] - 'A') / 16;
    if (y)
      for (size_t j = 0; j < 10; j++) y[i * ldy + j] = j == (size_t)(row[64] - '0');
  }
  return 0;
}

/* Begins a line with a name and a space; where it goes on. */
static inline size_t board_name(const char *name, char line[64]) {
  size_t end = 0;
  for (; name[end]; end++) line[end] = name[end];
  line[end] = ' ';
  return end + 1;
}

static inline void board_print_count(const char *name, uint32_t number) {
  char line[64];
  size_t last = board_name(name, line);
  for (uint32_t n = number; n > 9; n /= 10) last++;
  line[last + 1] = 0;
  do line[last--] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  puts(line);
}

/* So many hexadecimal digits. No division: of 64 bits it is a long routine on a board. */
static inline void board_print_bits(const char *name, uint64_t number, unsigned digits) {
  char line[64];
  size_t end = board_name(name, line) + digits;
  line[end] = 0;
  for (; digits > 0; digits--, number >>= 4) line[--end] = "0123456789abcdef"[number & 15];
  puts(line);
}

#endif
