/* SPDX-License-Identifier: Apache-2.0
 * The data set as the library asks for it. */
#define _POSIX_C_SOURCE 200809L
#include "train_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train_images.h"
#include "train_split.h"

#define DIGEST_ROWS 64

static void smooth(size_t rows, size_t classes, double part, kfix_real *y, size_t ldy) {
  const double each = part / (double)classes;
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < classes; j++)
      y[r * ldy + j] = (kfix_real)((1 - part) * (double)y[r * ldy + j] + each);
}

static void augment(const data_rows *r, uint32_t row, kfix_real *x, kfix_real *y) {
  const dataset *d = r->data;
  const kfix_image shape = {(uint32_t)d->height, (uint32_t)d->width, (uint32_t)d->channels};
  const image_change change = augment_draw(r->augment, r->seed, r->epoch, row);
  augment_apply(&change, &shape, x);
  if (y != NULL && d->target == DATASET_INPUT) augment_apply(&change, &shape, y);
}

int data_fetch(void *rows, size_t first, size_t count, kfix_real *x, size_t ldx, kfix_real *y,
               size_t ldy) {
  const data_rows *r = rows;
  dataset_fetch(r->data, r->order, r->first + first, count, x, ldx, y, ldy);
  for (size_t i = 0; r->augment != NULL && i < count; i++) {
    const size_t at = r->first + first + i;
    augment(r, r->order == NULL ? (uint32_t)at : r->order[at], x + i * ldx,
            y == NULL ? NULL : y + i * ldy);
  }
  if (y != NULL && r->smoothing > 0) smooth(count, r->data->outputs, r->smoothing, y, ldy);
  return 0;
}

static dataset_target target_of(const kfix_net *net) {
  switch (net->target) {
    case KFIX_TARGET_CLASS:
      return DATASET_CLASS;
    case KFIX_TARGET_VALUES:
      return DATASET_VALUES;
    default:
      return DATASET_INPUT;
  }
}

/* What targets the loss is defined for. */
static dataset_range range_of(const kfix_net *net) {
  switch (net->loss) {
    case KFIX_BERNOULLI:
      return DATASET_UNIT;
    case KFIX_CATEGORICAL:
      return DATASET_SHARES;
    default:
      return DATASET_ANY;
  }
}

int data_open(dataset *data, const train_options *o, const kfix_net *net, tool_error *err) {
  dataset_request request = {.source = o->data,
                             .inputs = net->inputs,
                             .outputs = kfix_net_outputs(net),
                             .target = target_of(net),
                             .range = range_of(net),
                             .limit = (size_t)o->limit};
  images_request(o, net, &request);
  split_request(o->validation, &request);
  if (dataset_open(data, &request, err) != 0) return -1;
  if (o->validation != NULL) data->facts.validation = strdup(o->validation);
  if (o->validation != NULL && data->facts.validation == NULL)
    (void)tool_fail(err, "no memory for the name of the validation data");
  else if (data->train_rows > 0 && data->train_rows <= UINT32_MAX)
    return 0;
  else
    (void)tool_fail(err, "%s: %zu training rows: 1 to 4294967295 can be used", o->data,
                    data->train_rows);
  dataset_free(data);
  return -1;
}

static int digest_rows(const dataset *data, size_t first, size_t end, uint64_t *digest,
                       tool_error *err) {
  const size_t in = data->inputs, out = data->outputs;
  kfix_real *x = malloc(DIGEST_ROWS * (in + out) * sizeof *x);
  if (x == NULL) return tool_fail(err, "no memory to digest the data");
  kfix_digest_state s;
  kfix_digest_begin(&s, 0);
  for (; first < end; first += DIGEST_ROWS) {
    const size_t left = end - first, rows = left < DIGEST_ROWS ? left : DIGEST_ROWS;
    dataset_fetch(data, NULL, first, rows, x, in + out, x + in, in + out);
    kfix_digest_add(&s, x, rows * (in + out) * sizeof *x);
  }
  *digest = kfix_digest_end(&s);
  free(x);
  return 0;
}

int data_digest(const dataset *data, uint64_t *train, uint64_t *valid, tool_error *err) {
  const size_t rows = data->train_rows;
  if (digest_rows(data, 0, rows, train, err) != 0) return -1;
  return digest_rows(data, rows, rows + data->valid_rows, valid, err);
}

static int evaluate(kfix *k, kfix_iterate which, const data_source *from, size_t first, size_t rows,
                    kfix_score *score, tool_error *err) {
  data_rows source = {.data = from->data, .first = first, .smoothing = from->smoothing};
  const kfix_batch batch = {rows, data_fetch, &source, class_weights_of_rows(from->weights, first)};
  *score = (kfix_score){NAN, NAN, NAN};
  if (rows == 0) return 0;
  const kfix_status status = kfix_evaluate(k, which, &batch, score);
  /* That the numbers are bad is a result. */
  if (status == KFIX_OK || status == KFIX_LOSS_NONFINITE) return 0;
  return tool_fail(err, "evaluation: %s", kfix_status_text(status));
}

int data_evaluate(kfix *k, const data_source *from, int averaged, data_scores *out,
                  tool_error *err) {
  const dataset *data = from->data;
  kfix_score other;
  out->which = KFIX_ITERATE;
  if (evaluate(k, KFIX_ITERATE, from, 0, data->train_rows, &out->train, err) != 0) return -1;
  if (averaged) {
    if (evaluate(k, KFIX_ITERATE_AVERAGE, from, 0, data->train_rows, &other, err) != 0) return -1;
    /* A number is better than NaN, and another network's error is none of this one's. */
    if (!(out->train.objective <= other.objective) && !isnan(other.objective)) {
      out->which = KFIX_ITERATE_AVERAGE;
      out->train = other;
    }
  }
  return evaluate(k, out->which, from, data->train_rows, data->valid_rows, &out->valid, err);
}
