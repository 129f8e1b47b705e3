/* SPDX-License-Identifier: Apache-2.0
 * Which examples each step sees. */
#include "batches.h"

#include <stdlib.h>

#include "lib/kfix.h"

int batches_begin(batches *b, const batch_sizes *sizes, uint64_t seed, uint32_t rows,
                  uint64_t epoch, uint64_t position, tool_error *err) {
  *b = (batches){.sizes = *sizes, .seed = seed, .rows = rows, .epoch = epoch, .position = position};
  b->drawn = UINT64_MAX;
  b->permutation = malloc(sizeof *b->permutation * rows);
  if (b->permutation != NULL) return 0;
  return tool_fail(err, "no memory for the order of %u examples", (unsigned)rows);
}

void batches_end(batches *b) {
  free(b->permutation);
  b->permutation = NULL;
}

uint32_t batches_size(const batches *b, uint64_t step) {
  if (b->sizes.first == 0 || b->sizes.first >= b->rows) return b->rows;
  if (b->sizes.steps == 0) return (uint32_t)b->sizes.first;
  if (step >= b->sizes.steps) return b->rows;
  const double first = (double)b->sizes.first, rows = (double)b->rows;
  const double done = (double)(step - 1) / (double)(b->sizes.steps - 1);
  const double size = first * kfix_exp_f64(done * kfix_log_f64(rows / first)) + 0.5;
  return size < rows ? (uint32_t)size : b->rows;
}

/* Rows that it gives to the batch of this step. */
static void take(batches *b, uint64_t step) {
  const uint32_t left = b->rows - (uint32_t)b->position, size = batches_size(b, step);
  b->count = size < left ? size : left;
}

/* Until the sizes grow no more, step by step. */
uint64_t batches_steps(const batch_sizes *sizes, uint32_t rows, uint64_t epochs) {
  batches b = {.sizes = *sizes, .rows = rows};
  uint64_t step = 1;
  for (; b.epoch < epochs && (step < sizes->steps || b.position > 0); step++) {
    take(&b, step);
    batches_advance(&b, step + 1);
  }
  const uint32_t size = batches_size(&b, step);
  return step - 1 + (epochs - b.epoch) * ((rows - 1) / size + 1);
}

void batches_next(batches *b, uint64_t step) {
  if (b->drawn != b->epoch) {
    const kfix_draw_key key = {b->seed, KFIX_DRAW_ORDER, (uint32_t)b->epoch, 0};
    kfix_permutation(&key, b->rows, b->permutation);
    b->drawn = b->epoch;
  }
  b->order = b->permutation + b->position;
  take(b, step);
}

void batches_advance(batches *b, uint64_t step) {
  b->position += b->count;
  const uint32_t left = b->rows - (uint32_t)b->position;
  const int too_short = b->sizes.steps > 0 && 2 * (uint64_t)left < batches_size(b, step);
  if (left > 0 && !too_short) return;
  b->epoch++;
  b->position = 0;
}
