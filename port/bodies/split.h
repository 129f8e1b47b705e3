/* SPDX-License-Identifier: Apache-2.0 */
/* Template: How the CPU ports spread a kernel over the caller's threads, and add up what rows
 * contribute.
 *
 * The headers of this folder hold the bodies of all kernels but the products. Each port includes
 * them in one file, so they are compiled once per port, for the instructions of that port. Before
 * it includes them the port defines
 *   static unsigned kfix_cpu_tasks(const kfix_device *d, size_t items, size_t cost);
 * the number of tasks, 1 or more, for `items` items of `cost` operations each. */
#ifndef KFIX_CPU_SPLIT_H
#define KFIX_CPU_SPLIT_H

#include "port/port.h"

/* Does the items begin <= i < end. */
typedef void (*kfix_cpu_range)(const void *args, size_t begin, size_t end);

typedef struct kfix_cpu_job {
  kfix_cpu_range range;
  const void *args;
  size_t items;
  unsigned tasks;
} kfix_cpu_job;

static void kfix_cpu_task(void *arg, unsigned index) {
  const kfix_cpu_job *job = arg;
  const size_t share = job->items / job->tasks, rest = job->items % job->tasks;
  const size_t begin = share * index + (index < rest ? index : rest);
  job->range(job->args, begin, begin + share + (index < rest));
}

static void kfix_cpu_split(const kfix_device *d, size_t items, size_t cost, kfix_cpu_range range,
                           const void *args) {
  const unsigned tasks = kfix_cpu_tasks(d, items, cost);
  if (tasks < 2) {
    range(args, 0, items);
  } else {
    kfix_cpu_job job = {range, args, items, tasks};
    d->crew->run(d->crew, kfix_cpu_task, &job, tasks);
  }
}

/* What one row (or one block of a vector) contributes: `width` results. */
typedef void (*kfix_cpu_row)(const void *args, size_t row, double *results);

typedef struct kfix_cpu_strip {
  kfix_cpu_row row;
  const void *args;
  size_t first, width;
  double *results;
} kfix_cpu_strip;

static void kfix_cpu_strip_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_strip *s = args;
  for (size_t i = begin; i < end; i++) s->row(s->args, s->first + i, s->results + i * s->width);
}

/* Sums that grow row by row: those of the block that is open, which has `left` more rows. */
typedef struct kfix_cpu_sums_of_rows {
  const kfix_row_blocks *blocks;
  size_t left, width;
  double open[5], *out;
} kfix_cpu_sums_of_rows;

static void kfix_cpu_close_block(kfix_cpu_sums_of_rows *s) {
  for (size_t i = 0; i < s->width; i++) {
    s->out[i] += s->open[i];
    s->open[i] = 0;
  }
  s->left = s->blocks->rows;
}

static void kfix_cpu_add_rows(kfix_cpu_sums_of_rows *s, size_t first, size_t count,
                              const double *results) {
  for (size_t r = 0; r < count; r++, results += s->width) {
    const double weight = s->blocks->weights ? (double)s->blocks->weights[first + r] : 1;
    for (size_t i = 0; i < s->width; i++) s->open[i] += weight * results[i];
    if (--s->left == 0) kfix_cpu_close_block(s);
  }
}

/* out[i] += result i of each row, as a sum over rows. Rows are computed on any thread, as many at a
 * time as the scratch holds results of, and added here in their order. */
static kfix_status kfix_cpu_reduce_rows(const kfix_device *d, size_t rows, size_t cost,
                                        size_t width, kfix_cpu_row row, const void *args,
                                        kfix_row_blocks blocks, double *out) {
  const size_t room = d->scratch_bytes / (width * sizeof(double));
  kfix_cpu_strip s = {row, args, 0, width, d->scratch};
  kfix_cpu_sums_of_rows sums = {&blocks, blocks.head, width, {0}, out};
  if (room == 0) return KFIX_PORT;
  for (; s.first < rows; s.first += room) {
    const size_t count = rows - s.first < room ? rows - s.first : room;
    kfix_cpu_split(d, count, cost, kfix_cpu_strip_range, &s);
    kfix_cpu_add_rows(&sums, s.first, count, s.results);
  }
  kfix_cpu_close_block(&sums);
  return KFIX_OK;
}

/* The same where all rows, or blocks of a vector, are one block. */
static kfix_status kfix_cpu_reduce(const kfix_device *d, size_t rows, size_t cost, size_t width,
                                   kfix_cpu_row row, const void *args, double *out) {
  const kfix_row_blocks one = {NULL, rows, rows};
  return kfix_cpu_reduce_rows(d, rows, cost, width, row, args, one, out);
}

static inline double kfix_cpu_fold(double *lane) {
  for (size_t half = KFIX_LANES_IN_SUM / 2; half > 0; half /= 2)
    for (size_t i = 0; i < half; i++) lane[i] += lane[i + half];
  return lane[0];
}

/* Does `add` for each j < n, in the order of a row sum, with `lane` the accumulator that j goes to. */
#define KFIX_CPU_TO_LANES(n, lane, j, add)                             \
  do {                                                                 \
    const size_t n_ = (n), whole_ = n_ - n_ % KFIX_LANES_IN_SUM;       \
    for (size_t base_ = 0; base_ < whole_; base_ += KFIX_LANES_IN_SUM) \
      for (size_t lane = 0; lane < KFIX_LANES_IN_SUM; lane++) {        \
        const size_t j = base_ + lane;                                 \
        add;                                                           \
      }                                                                \
    for (size_t j = whole_; j < n_; j++) {                             \
      const size_t lane = j - whole_;                                  \
      add;                                                             \
    }                                                                  \
  } while (0)

/* sum = the row sum of `element`, an expression of type double in j, over j < n. */
#define KFIX_CPU_ROW_SUM(sum, n, j, element)                    \
  do {                                                          \
    double lanes_[KFIX_LANES_IN_SUM] = {0};                     \
    KFIX_CPU_TO_LANES(n, lane_, j, lanes_[lane_] += (element)); \
    (sum) = kfix_cpu_fold(lanes_);                              \
  } while (0)

#endif
