/* SPDX-License-Identifier: Apache-2.0
 * Weights of examples by their class. */
#include "class_weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BALANCED "balanced"

uint32_t class_weights_classes(const kfix_net *net) {
  const uint32_t outputs = (uint32_t)kfix_net_outputs(net);
  if (net->target != KFIX_TARGET_CLASS) return 0;
  return outputs == 1 ? 2 : outputs;
}

/* The numbers of the text, if there are `count` of them; out NULL: they are only looked at. */
static int read_numbers(const char *text, uint32_t count, double *out) {
  double sum = 0;
  for (uint32_t i = 0; i < count; i++) {
    char *end;
    const double value = strtod(text, &end);
    const char stop = i + 1 < count ? ',' : '\0';
    if (end == text || *end != stop || !(value >= 0) || !isfinite(value)) return -1;
    if (out != NULL) out[i] = value;
    sum += value;
    text = end + 1;
  }
  return sum > 0 && isfinite(sum) ? 0 : -1;
}

int class_weights_check(const char *text, const kfix_net *net, tool_error *err) {
  const uint32_t classes = class_weights_classes(net);
  if (text == NULL) return 0;
  if (classes == 0)
    return tool_fail(err, "--class-weights: the targets of this network are no classes");
  if (strcmp(text, BALANCED) == 0 || read_numbers(text, classes, NULL) == 0) return 0;
  return tool_fail(err,
                   "--class-weights '%.60s': " BALANCED
                   " or %u numbers, one for each class, none below 0, not all 0, as 1,2.5,...",
                   text, (unsigned)classes);
}

/* The class of a row of targets: the first of the largest; of one output, its rounding. */
static uint32_t class_of(const kfix_real *y, size_t outputs) {
  uint32_t best = 0;
  if (outputs == 1) return y[0] >= (kfix_real)0.5;
  for (uint32_t i = 1; i < outputs; i++)
    if (y[i] > y[best]) best = i;
  return best;
}

static void balance(double *of_class, uint32_t classes, size_t rows) {
  for (uint32_t i = 0; i < classes; i++)
    of_class[i] = of_class[i] > 0 ? (double)rows / (classes * of_class[i]) : 1;
}

/* Counts classes of the training rows where of_row is NULL, else looks their weights up. */
static int visit_rows(class_weights *w, const dataset *data, size_t rows, kfix_real *of_row,
                      tool_error *err) {
  const size_t in = data->inputs, out = data->outputs;
  kfix_real *x = malloc((in + out) * sizeof *x);
  if (x == NULL) return tool_fail(err, "no memory for the classes of the data");
  for (size_t r = 0; r < rows; r++) {
    dataset_fetch(data, NULL, r, 1, x, in, x + in, out);
    const uint32_t which = class_of(x + in, out);
    if (of_row != NULL)
      of_row[r] = (kfix_real)w->of_class[which];
    else
      w->of_class[which]++;
  }
  free(x);
  return 0;
}

int class_weights_open(class_weights *w, const char *text, const kfix_net *net, const dataset *data,
                       tool_error *err) {
  const size_t rows = data->train_rows + data->valid_rows;
  *w = (class_weights){.classes = class_weights_classes(net)};
  if (text == NULL) return 0;
  w->of_class = calloc(w->classes, sizeof *w->of_class);
  w->of_row = malloc(rows * sizeof *w->of_row);
  w->of_batch = malloc(data->train_rows * sizeof *w->of_batch);
  if (w->of_class == NULL || w->of_row == NULL || w->of_batch == NULL)
    return tool_fail(err, "no memory for the weights of %zu examples", rows);
  if (strcmp(text, BALANCED) != 0) {
    if (read_numbers(text, w->classes, w->of_class) != 0)
      return tool_fail(err, "the weights of classes are not %u numbers", (unsigned)w->classes);
  } else {
    if (visit_rows(w, data, data->train_rows, NULL, err) != 0) return -1;
    balance(w->of_class, w->classes, data->train_rows);
  }
  return visit_rows(w, data, rows, w->of_row, err);
}

void class_weights_close(class_weights *w) {
  free(w->of_class);
  free(w->of_row);
  free(w->of_batch);
  *w = (class_weights){0};
}

const kfix_real *class_weights_of_batch(const class_weights *w, const uint32_t *order,
                                        size_t count) {
  for (size_t i = 0; w->of_row != NULL && i < count; i++) w->of_batch[i] = w->of_row[order[i]];
  return w->of_batch;
}

const kfix_real *class_weights_of_rows(const class_weights *w, size_t first) {
  return w->of_row == NULL ? NULL : w->of_row + first;
}
