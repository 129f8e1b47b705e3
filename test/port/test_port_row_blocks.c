/* SPDX-License-Identifier: Apache-2.0
 * Sums over rows on every CPU port, with one, two and three threads, against what port.h says of them:
 * results of single rows, times their weights, are added up here, block by block, in double. */
#include "check.h"
#include "port_cases.h"

enum { COLS = 3, ROWS_MAX = 1031, WIDTH = 3 };

static kfix_real z[ROWS_MAX * COLS], y[ROWS_MAX * COLS], v[ROWS_MAX * COLS], w[ROWS_MAX * COLS];
static kfix_real weights[ROWS_MAX];
static double of_row[ROWS_MAX][WIDTH];

/* A kernel over `rows` rows from `first` on. */
typedef void (*script)(const kfix_device *d, kfix_loss loss, size_t first, size_t rows,
                       kfix_row_blocks blocks, double *sums);

static void loss(const kfix_device *d, kfix_loss which, size_t first, size_t rows,
                 kfix_row_blocks blocks, double *sums) {
  const size_t at = first * COLS;
  CHECK_INT(KFIX_OK,
            d->port->loss(d, which, rows, COLS, z + at, COLS, y + at, COLS, w, COLS, blocks, sums));
}

static void fisher(const kfix_device *d, kfix_loss which, size_t first, size_t rows,
                   kfix_row_blocks blocks, double *sums) {
  const size_t at = first * COLS;
  CHECK_INT(KFIX_OK, d->port->fisher(d, which, rows, COLS, z + at, COLS, y + at, COLS, v + at, COLS,
                                     w, COLS, blocks, sums));
}

static const struct {
  script run;
  size_t width;
} kernels[] = {{loss, 2}, {fisher, 3}};

void setUp(void) {
  port_crews_start();
  port_numbers(1, 4, ROWS_MAX * COLS, z);
  port_numbers(2, 1, ROWS_MAX * COLS, y);
  port_numbers(3, 2, ROWS_MAX * COLS, v);
  port_numbers(4, 1, ROWS_MAX, weights);
  for (size_t r = 0; r < ROWS_MAX; r++) weights[r] = (kfix_real)fabs((double)weights[r]);
  weights[1] = 0;
}

void tearDown(void) {
  port_crews_stop();
}

static void take_rows(size_t kernel, kfix_loss which) {
  const kfix_device d = port_device(0, 1);
  const kfix_row_blocks one = {NULL, 1, 1};
  memset(of_row, 0, sizeof of_row);
  for (size_t r = 0; r < ROWS_MAX; r++) kernels[kernel].run(&d, which, r, 1, one, of_row[r]);
}

/* What the contract says, in plain loops. */
static void expect(size_t width, size_t rows, kfix_row_blocks b, double *sums) {
  for (size_t first = 0, end; first < rows; first = end) {
    double block[WIDTH] = {0};
    end = first == 0 ? b.head : first + b.rows;
    if (end > rows) end = rows;
    for (size_t r = first; r < end; r++)
      for (size_t i = 0; i < width; i++)
        block[i] += b.weights ? (double)weights[r] * of_row[r][i] : of_row[r][i];
    for (size_t i = 0; i < width; i++) sums[i] += block[i];
  }
}

static void check(size_t kernel, kfix_loss which, size_t rows, kfix_row_blocks b) {
  double want[WIDTH] = {0.1, 0.2, 0.3};
  expect(kernels[kernel].width, rows, b, want);
  for (size_t i = 0; i < PORT_CASES; i++)
    for (unsigned threads = 1; port_is_here(i) && threads <= CREW_MAX; threads++) {
      const kfix_device d = port_device(i, threads);
      double got[WIDTH] = {0.1, 0.2, 0.3};
      kernels[kernel].run(&d, which, 0, rows, b, got);
      CHECK_MEM(want, got, sizeof want);
    }
}

static void each(void (*look)(size_t kernel, kfix_loss which, size_t block)) {
  static const size_t blocks[] = {1, 16, 256};
  for (size_t kernel = 0; kernel < 2; kernel++)
    for (int which = 0; which < KFIX_LOSS_COUNT; which++) {
      take_rows(kernel, (kfix_loss)which);
      for (size_t b = 0; b < 3; b++) look(kernel, (kfix_loss)which, blocks[b]);
    }
}

static void odd_sizes(size_t kernel, kfix_loss which, size_t block) {
  const size_t rows[] = {0, 1, block - 1, block, block + 1, 2 * block, 7, 31, 257, 521, ROWS_MAX};
  const size_t heads[] = {1, (block + 1) / 2, block};
  for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
    for (size_t h = 0; h < 3; h++) {
      check(kernel, which, rows[r], (kfix_row_blocks){NULL, heads[h], block});
      check(kernel, which, rows[r], (kfix_row_blocks){weights, heads[h], block});
    }
}

void test_blocks_are_summed_from_zero_and_added_in_order(void) {
  each(odd_sizes);
}

/* A scratch that holds the results of few rows at a time changes nothing. */
static void little_scratch(size_t kernel, kfix_loss which, size_t block) {
  for (size_t rooms = 1; rooms < 8; rooms += 3) {
    kfix_device d = port_device(1, 3);
    double want[WIDTH] = {0}, got[WIDTH] = {0};
    d.scratch_bytes = rooms * kernels[kernel].width * sizeof(double);
    const kfix_row_blocks b = {weights, 1, block};
    expect(kernels[kernel].width, ROWS_MAX, b, want);
    if (port_is_here(1)) kernels[kernel].run(&d, which, 0, ROWS_MAX, b, got);
    if (port_is_here(1)) CHECK_MEM(want, got, sizeof want);
  }
}

void test_the_scratch_changes_nothing(void) {
  each(little_scratch);
}

/* Rows cut at the end of any block, as chunks are. */
static void in_two_calls(size_t kernel, kfix_loss which, size_t block) {
  const kfix_device d = port_device(0, 1);
  const size_t head = (block + 1) / 2, rows = 521;
  for (size_t cut = head; cut < rows; cut += 5 * block) {
    double whole[WIDTH] = {0}, parts[WIDTH] = {0};
    kernels[kernel].run(&d, which, 0, rows, (kfix_row_blocks){weights, head, block}, whole);
    kernels[kernel].run(&d, which, 0, cut, (kfix_row_blocks){weights, head, block}, parts);
    kernels[kernel].run(&d, which, cut, rows - cut, (kfix_row_blocks){weights + cut, block, block},
                        parts);
    CHECK_MEM(whole, parts, sizeof whole);
  }
}

void test_sums_do_not_depend_on_chunks(void) {
  each(in_two_calls);
}
