/* SPDX-License-Identifier: Apache-2.0
 * Rows of a data set, or random numbers in their place. */
#include "bench_data.h"

#include <stdlib.h>

#include "bench_clock.h"
#include "bench_counter.h"
#include "data/dataset.h"

/* Batches that take turns: enough that a batch is not in the cache when it comes again. */
enum { POOL = 4 };

static struct {
  dataset data;     /* with --data */
  kfix_real *x, *y; /* without: POOL batches of random numbers */
  size_t inputs, outputs, rows, batch, first;
  int with_data;
} source;

static int fetch(void *start, size_t first, size_t rows, kfix_real *x, size_t ldx, kfix_real *y,
                 size_t ldy) {
  const double began = bench_seconds();
  const size_t at = *(const size_t *)start + first;
  if (source.with_data) {
    dataset_fetch(&source.data, NULL, at, rows, x, ldx, y, ldy);
  } else {
    kfix_table table = {source.x, source.y, NULL, source.inputs, source.outputs};
    (void)kfix_fetch_table(&table, at, rows, x, ldx, y, ldy);
  }
  bench_counts_add(BENCH_KIND_fetch, 0, (double)(2 * rows * source.inputs * sizeof *x),
                   bench_seconds() - began);
  return 0;
}

/* A class or numbers, as the net's loss wants them. */
static void make_targets(const kfix_net *net) {
  const kfix_draw_key key = {1, KFIX_DRAW_ORDER, 0, 1};
  for (size_t i = 0; i < source.rows; i++) {
    kfix_real *row = source.y + i * source.outputs;
    if (net->target == KFIX_TARGET_CLASS)
      row[kfix_below(&key, 0, (uint32_t)i, (uint32_t)source.outputs)] = 1;
    else
      kfix_fill_uniform(&key, (uint32_t)i, source.outputs, 1, row);
  }
}

/* Inputs are uniform in (0, 1), like pixels. */
static int make_numbers(const kfix_net *net, tool_error *err) {
  const kfix_draw_key key = {1, KFIX_DRAW_ORDER, 0, 0};
  source.x = malloc(source.rows * source.inputs * sizeof *source.x);
  source.y = calloc(source.rows * source.outputs, sizeof *source.y);
  if (source.x == NULL || source.y == NULL) return tool_fail(err, "no memory for the batches");
  for (size_t i = 0; i < source.rows; i++) {
    kfix_real *row = source.x + i * source.inputs;
    kfix_fill_uniform(&key, (uint32_t)i, source.inputs, (kfix_real)0.5, row);
    for (size_t j = 0; j < source.inputs; j++) row[j] += (kfix_real)0.5;
  }
  make_targets(net);
  return 0;
}

int bench_data_open(const bench_options *o, tool_error *err) {
  const kfix_net *net = bench_net();
  static const dataset_target targets[] = {[KFIX_TARGET_INPUT] = DATASET_INPUT,
                                           [KFIX_TARGET_VALUES] = DATASET_VALUES,
                                           [KFIX_TARGET_CLASS] = DATASET_CLASS};
  source.inputs = net->inputs;
  source.outputs = kfix_net_outputs(net);
  source.rows = POOL * o->batch;
  source.batch = o->batch;
  source.with_data = o->data != NULL;
  if (!source.with_data) return make_numbers(net, err);
  const dataset_request request = {.source = o->data,
                                   .inputs = source.inputs,
                                   .outputs = source.outputs,
                                   .target = targets[net->target],
                                   .image = net->image,
                                   .limit = source.rows};
  if (dataset_open(&source.data, &request, err) != 0) return -1;
  source.rows = source.data.train_rows;
  if (o->batch <= source.rows) return 0;
  return tool_fail(err, "--batch %zu: larger than the data, which have %zu examples", o->batch,
                   source.rows);
}

kfix_batch bench_data_next(void) {
  static size_t start;
  start = source.first;
  source.first += source.batch;
  if (source.first + source.batch > source.rows) source.first = 0;
  return (kfix_batch){source.batch, fetch, &start, NULL};
}
