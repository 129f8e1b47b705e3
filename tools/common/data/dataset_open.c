/* SPDX-License-Identifier: Apache-2.0
 * Opening a data set: what was read is fitted to the net. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset_load.h"
#include "images/area_average.h"

static size_t stored_rows(const dataset *d) {
  return d->stored_train + d->valid_rows;
}

static const char *source_name(const dataset_request *request) {
  return request->source == NULL ? "curves" : request->source;
}

/* The side r with channels * r * r == inputs, or 0. */
static size_t side_for(size_t channels, size_t inputs) {
  size_t side = 1;
  while (channels * side * side < inputs) side++;
  return channels * side * side == inputs ? side : 0;
}

/* Averages all images down, in the memory that they have. */
static int shrink(dataset *d, size_t side, tool_error *err) {
  const size_t from = d->width, big = from * from, small = side * side;
  const size_t planes = stored_rows(d) * d->channels;
  unsigned char *image = malloc(big);
  if (image == NULL) return tool_fail(err, "no memory to average the images down");
  for (size_t p = 0; p < planes; p++) {
    memcpy(image, d->pixels + p * big, big);
    area_average(image, from, d->pixels + p * small, side);
  }
  free(image);
  d->height = d->width = side;
  d->inputs = d->channels * small;
  unsigned char *less = realloc(d->pixels, planes * small);
  if (less != NULL) d->pixels = less;
  return 0;
}

int dataset_wants_image(const dataset_request *request) {
  return (size_t)request->image.height * request->image.width > 1;
}

/* Pixels for a net that says what images it takes. */
static int fit_image(dataset *d, const dataset_request *request, tool_error *err) {
  const kfix_image *net = &request->image;
  const int square = d->height == d->width;
  d->interleaved = 1;
  if (net->channels == d->channels && net->height == d->height && net->width == d->width) return 0;
  if (square && net->channels == d->channels && net->height == net->width && net->width < d->width)
    return shrink(d, net->width, err);
  return tool_fail(err,
                   "%s has images of (%zu, %zu, %zu), channels, height and width, the net takes "
                   "(%u, %u, %u): use a config with that KFIX_INPUT_SHAPE%s",
                   source_name(request), d->channels, d->height, d->width, (unsigned)net->channels,
                   (unsigned)net->height, (unsigned)net->width,
                   square ? ", or a smaller square, to which they are averaged" : "");
}

static int fit_inputs(dataset *d, const dataset_request *request, tool_error *err) {
  if (d->pixels != NULL && dataset_wants_image(request)) return fit_image(d, request, err);
  const size_t wanted = request->inputs;
  if (wanted == 0 || wanted == d->inputs) return 0;
  if (d->pixels == NULL || d->height != d->width)
    return tool_fail(err, "%s has %zu inputs, the net takes %zu: use a config whose input is %zu",
                     source_name(request), d->inputs, wanted, d->inputs);
  const size_t side = side_for(d->channels, wanted);
  if (wanted < d->inputs && side > 0) return shrink(d, side, err);
  if (request->no_net)
    return tool_fail(err, "%s has images of %zu x %zu: they can be made smaller only",
                     source_name(request), d->height, d->width);
  return tool_fail(
      err,
      "%s has %zu inputs (%zu x %zu x %zu), the net takes %zu: use a config whose "
      "input is that, or a smaller square image (%zu x n x n), to which it is averaged",
      source_name(request), d->inputs, d->channels, d->height, d->width, wanted, d->channels);
}

static uint32_t lowest_label(const dataset *d) {
  uint32_t lowest = UINT32_MAX;
  for (size_t i = 0; i < stored_rows(d); i++)
    if (d->labels[i] < lowest) lowest = d->labels[i];
  return lowest;
}

static int fit_class(dataset *d, const dataset_request *request, tool_error *err) {
  if (d->labels == NULL)
    return tool_fail(err, "%s has no class labels%s", source_name(request),
                     request->no_net ? "" : ": use a config with a reconstruction loss");
  d->outputs = request->outputs == 0 ? d->classes : request->outputs;
  if (d->outputs == 1 && d->classes == 2) return 0;
  const int one_hot = d->wanted_cols > 1; /* then it says how many classes there are */
  if (one_hot ? d->classes == d->outputs : d->classes <= d->outputs) return 0;
  if (!one_hot && lowest_label(d) > 0)
    return tool_fail(err,
                     "%s has labels from %u to %zu, the net has %zu outputs: labels count from 0: "
                     "subtract %u from each",
                     source_name(request), (unsigned)lowest_label(d), d->classes - 1, d->outputs,
                     (unsigned)lowest_label(d));
  return tool_fail(err, "%s has %zu classes, the net has %zu outputs: use a config with %zu",
                   source_name(request), d->classes, d->outputs, d->classes);
}

static int fit_values(dataset *d, const dataset_request *request, tool_error *err) {
  if (d->wanted == NULL)
    return tool_fail(err, "%s has no target values: use a config that classifies or reconstructs",
                     source_name(request));
  d->outputs = d->wanted_cols;
  if (request->outputs == 0 || request->outputs == d->outputs) return 0;
  return tool_fail(err,
                   "%s has %zu target values a row, the net has %zu outputs: use a config "
                   "with %zu",
                   source_name(request), d->outputs, request->outputs, d->outputs);
}

static int fit_target(dataset *d, const dataset_request *request, tool_error *err) {
  d->target = request->target;
  d->outputs = request->outputs;
  if (request->without_targets) return 0;
  if (d->target == DATASET_CLASS) return fit_class(d, request, err);
  if (d->target == DATASET_VALUES) return fit_values(d, request, err);
  d->outputs = d->inputs;
  if (request->outputs == 0 || request->outputs == d->inputs) return 0;
  return tool_fail(err,
                   "%s has %zu inputs to reconstruct, the net has %zu outputs: use a config "
                   "with as many outputs as inputs",
                   source_name(request), d->inputs, request->outputs);
}

static void count_classes(dataset *d) {
  for (size_t i = 0; d->labels != NULL && i < stored_rows(d); i++)
    if (d->labels[i] >= d->classes) d->classes = (size_t)d->labels[i] + 1;
}

static const char *const loss_needs[] = {
    [DATASET_UNIT] = "the bernoulli loss takes targets from 0 to 1",
    [DATASET_SHARES] = "the categorical loss takes targets that are not negative and add up to 1"};

/* Shares were rounded when they were saved. */
static int is_in_range(const dataset *d, dataset_range range, const kfix_real *y, double *bad) {
  double sum = 0;
  for (size_t j = 0; j < d->outputs; j++) {
    *bad = (double)y[j];
    if (y[j] < 0 || y[j] > 1) return 0;
    sum += (double)y[j];
  }
  *bad = sum;
  return range == DATASET_UNIT || fabs(sum - 1) <= 1e-3;
}

static int check_range(const dataset *d, const dataset_request *request, tool_error *err) {
  const int pixels = d->target == DATASET_INPUT && d->pixels != NULL;
  if (request->range == DATASET_ANY || request->without_targets || d->target == DATASET_CLASS ||
      pixels)
    return 0;
  const kfix_real *targets = d->target == DATASET_INPUT ? d->values : d->wanted;
  for (size_t i = 0; i < stored_rows(d); i++) {
    char row[DATASET_ROW_BYTES];
    double bad;
    if (is_in_range(d, request->range, targets + i * d->outputs, &bad)) continue;
    return tool_fail(err, "%s: %s: %g: %s: scale them, or use a config with another loss",
                     source_name(request), dataset_row_text(d, i, row), bad,
                     loss_needs[request->range]);
  }
  return 0;
}

/* Lines that were left out of a table are told, as they might have been data. */
static void describe_comments(dataset *d) {
  const size_t used = strlen(d->text);
  if (d->comments > 0)
    (void)snprintf(d->text + used, sizeof d->text - used, "; %zu line%s of comment (#) skipped",
                   d->comments, d->comments == 1 ? "" : "s");
}

static void describe(dataset *d, const dataset_request *request) {
  char shape[64];
  if (d->pixels != NULL)
    (void)snprintf(shape, sizeof shape, "images of %zux%zu%s, pixels / 255", d->height, d->width,
                   d->channels == 3 ? " in 3 colours" : "");
  else
    (void)snprintf(shape, sizeof shape, "rows of %zu inputs", d->inputs);
  (void)snprintf(d->text, sizeof d->text, "%.60s: %zu + %zu %s", source_name(request),
                 d->train_rows, d->valid_rows, shape);
  describe_comments(d);
  dataset_split_describe(d, request);
}

/* Everything after the bytes are in memory. */
static int fit(dataset *out, const dataset_request *request, tool_error *err) {
  out->stored_train = out->train_rows;
  if (out->train_rows == 0) return tool_fail(err, "%s: has no training rows", source_name(request));
  if (fit_inputs(out, request, err) != 0) return -1;
  count_classes(out);
  if (fit_target(out, request, err) != 0 || check_range(out, request, err) != 0) return -1;
  if (request->limit > 0 && request->limit < out->train_rows) out->train_rows = request->limit;
  out->facts.pixels = out->pixels != NULL || out->facts.pixels;
  if (dataset_standardise(out, request, err) != 0) return -1;
  describe(out, request);
  return 0;
}

int dataset_open(dataset *out, const dataset_request *request, tool_error *err) {
  memset(out, 0, sizeof *out);
  for (int c = 0; c < DATASET_CHANNELS_MAX; c++)
    for (int i = 0; i < 256; i++) out->grey[c][i] = (kfix_real)i / (kfix_real)255;
  if (dataset_load(out, request, err) == 0 && fit(out, request, err) == 0) return 0;
  dataset_free(out);
  return -1;
}
