/* SPDX-License-Identifier: Apache-2.0
 * Pixels standardised by channel. */
#include <math.h>
#include <stdlib.h>

#include "dataset_load.h"

/* Of one channel over the training rows. */
typedef struct moments {
  double sum, mean, squares; /* squares: of (x - mean)^2 */
  kfix_real low, high;
} moments;

static void see_number(moments *m, kfix_real x, int mean_is_known) {
  const double away = (double)x - m->mean;
  if (mean_is_known) {
    m->squares += away * away;
    return;
  }
  m->sum += (double)x;
  if (x < m->low) m->low = x;
  if (x > m->high) m->high = x;
}

/* Row by row, each channel in the order of its numbers. */
static void see_rows(const dataset *d, moments *m, kfix_real *row, int mean_is_known) {
  for (size_t r = 0; r < d->train_rows; r++) {
    dataset_fetch(d, NULL, r, 1, row, d->inputs, NULL, 0);
    for (size_t c = 0; c < dataset_channels(d); c++) {
      const dataset_stride s = dataset_channel(d, c);
      for (size_t i = 0; i < s.count; i++)
        see_number(&m[c], row[s.first + i * s.step], mean_is_known);
    }
  }
}

/* A channel that does not vary gets the scale 0: that is seen from its values, as of a column of a table. */
static void note(dataset *d, size_t channel, const moments *m, double count) {
  const dataset_stride s = dataset_channel(d, channel);
  const double deviation = sqrt(m->squares / count);
  const double scale = m->low < m->high && deviation > 0 ? 1 / deviation : 0;
  for (size_t i = 0; i < s.count; i++) {
    d->facts.mean[s.first + i * s.step] = m->mean;
    d->facts.scale[s.first + i * s.step] = scale;
  }
}

static int measure(dataset *d, const char *name, tool_error *err) {
  const size_t channels = dataset_channels(d);
  const double count = (double)d->train_rows * (double)(d->inputs / channels);
  moments *m = calloc(channels, sizeof *m);
  kfix_real *row = malloc(d->inputs * sizeof *row);
  const int fits = m != NULL && row != NULL && facts_reserve(&d->facts, d->inputs) == 0;
  for (size_t c = 0; fits && c < channels; c++) m[c].low = 1; /* pixels are 0 to 1 */
  if (fits) see_rows(d, m, row, 0);
  for (size_t c = 0; fits && c < channels; c++) m[c].mean = m[c].sum / count;
  if (fits) see_rows(d, m, row, 1);
  for (size_t c = 0; fits && c < channels; c++) note(d, c, &m[c], count);
  if (channels == 1 || d->interleaved) d->facts.channels = channels;
  free(m);
  free(row);
  return fits ? 0 : tool_fail(err, "%s: no memory to standardise it", name);
}

static kfix_real moved(kfix_real x, const dataset_facts *by, size_t column) {
  return (kfix_real)(((double)x - by->mean[column]) * by->scale[column]);
}

static void move_pixels(dataset *d, const dataset_facts *by) {
  for (size_t c = 0; c < d->channels; c++)
    for (size_t i = 0; i < 256; i++)
      d->grey[c][i] = moved(d->grey[c][i], by, dataset_channel(d, c).first);
}

static void move_values(dataset *d, const dataset_facts *by) {
  const size_t count = (d->stored_train + d->valid_rows) * d->inputs;
  for (size_t i = 0; i < count; i++) d->values[i] = moved(d->values[i], by, i % d->inputs);
}

int dataset_standardise(dataset *out, const dataset_request *request, tool_error *err) {
  const dataset_facts *as = request->as;
  const char *name = request->source == NULL ? "curves" : request->source;
  const int as_those = as != NULL && as->pixels && as->mean != NULL && as->inputs == out->inputs;
  if (as_those && out->pixels != NULL) move_pixels(out, as);
  if (as != NULL || !request->standard || !out->facts.pixels) return 0;
  if (request->target == DATASET_INPUT && request->range != DATASET_ANY)
    return tool_fail(err, "%s: pixels that are standardised are no targets for this loss", name);
  if (measure(out, name, err) != 0) return -1;
  if (out->pixels != NULL)
    move_pixels(out, &out->facts);
  else
    move_values(out, &out->facts);
  return 0;
}
