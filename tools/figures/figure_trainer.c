/* SPDX-License-Identifier: Apache-2.0
 * Trainers of a figure, and how one goes on where another has been. */
#include "figure_trainer.h"

#include <stdlib.h>
#include <string.h>

#include "cli/progress_line.h"
#include "port/simd/simd.h"

KFIX_DEFINE_NET(net);

static const dataset_target wanted_of[] = {[KFIX_TARGET_INPUT] = DATASET_INPUT,
                                           [KFIX_TARGET_VALUES] = DATASET_VALUES,
                                           [KFIX_TARGET_CLASS] = DATASET_CLASS};

int figure_trainer_check(kfix_status status, const char *what, tool_error *err) {
  return status == KFIX_OK ? 0 : tool_fail(err, "%s: %s", what, kfix_status_text(status));
}

int figure_trainer_open(figure_trainer *t, kfix_method method, const figures_settings *s,
                        tool_error *err) {
  const dataset_request request = {.source = s->data,
                                   .inputs = KFIX_INPUT,
                                   .outputs = KFIX_OUTPUTS,
                                   .target = wanted_of[net.target],
                                   .range = net.loss == KFIX_BERNOULLI ? DATASET_UNIT : DATASET_ANY,
                                   .image = net.image,
                                   .limit = (size_t)s->limit};
  *t = (figure_trainer){.net = &net, .step = 1, .method = method};
  if (kfix_posix_crew_start(&t->crew, (unsigned)s->threads) != 0)
    return tool_fail(err, "cannot start %u threads", (unsigned)s->threads);
  t->crew_started = 1;
  if (dataset_open(&t->data, &request, err) != 0) return -1;
  if (s->batch > t->data.train_rows)
    return tool_fail(err, "--batch %llu: the data have %zu rows", (unsigned long long)s->batch,
                     t->data.train_rows);
  const batch_sizes sizes = {s->batch, 0};
  if (batches_begin(&t->batches, &sizes, s->seed, (uint32_t)t->data.train_rows, 0, 0, err) != 0)
    return -1;
  t->bytes = KFIX_ROUND_UP(kfix_bytes(&net, method, &kfix_port_simd), (size_t)KFIX_ALIGN);
  t->arena = aligned_alloc(KFIX_ALIGN, t->bytes);
  return t->arena != NULL ? 0 : tool_fail(err, "no memory for a trainer of %zu bytes", t->bytes);
}

void figure_trainer_close(figure_trainer *t) {
  if (t->crew_started) kfix_posix_crew_stop(&t->crew);
  batches_end(&t->batches);
  dataset_free(&t->data);
  free(t->arena);
  free(t->image);
}

kfix_options figure_trainer_options(const figure_trainer *t, uint64_t seed) {
  kfix_options options = kfix_options_default(t->net);
  options.seed = seed;
  return options;
}

static int read_image(void *context, void *bytes, size_t count) {
  figure_trainer *t = context;
  if (count > t->image_bytes - t->image_at) return -1;
  memcpy(bytes, t->image + t->image_at, count);
  t->image_at += count;
  return 0;
}

static int write_image(void *context, const void *bytes, size_t count) {
  figure_trainer *t = context;
  if (count > t->image_bytes - t->image_at) return -1;
  memcpy(t->image + t->image_at, bytes, count);
  t->image_at += count;
  return 0;
}

int figure_trainer_create(figure_trainer *t, const kfix_options *options, kfix **k,
                          tool_error *err) {
  const kfix_setup setup = {.net = t->net,
                            .method = t->method,
                            .options = options,
                            .port = &kfix_port_simd,
                            .crew = &t->crew.crew,
                            .arena = t->arena,
                            .bytes = t->bytes};
  if (figure_trainer_check(kfix_create(k, &setup, NULL), "a trainer", err) != 0) return -1;
  t->image_at = 0;
  if (t->image == NULL) return 0;
  return figure_trainer_check(kfix_load(*k, read_image, t), "its state", err);
}

int figure_trainer_keep(figure_trainer *t, kfix *k, tool_error *err) {
  free(t->image);
  t->image_bytes = kfix_image_bytes(k);
  t->image_at = 0;
  t->image = malloc(t->image_bytes);
  if (t->image == NULL) return tool_fail(err, "no memory for a state of %zu bytes", t->image_bytes);
  return figure_trainer_check(kfix_save(k, write_image, t), "its state", err);
}

size_t figure_trainer_batch(figure_trainer *t, uint32_t *order, dataset_rows *rows) {
  batches_next(&t->batches, t->step);
  const size_t count = t->batches.count;
  memcpy(order, t->batches.order, count * sizeof *order);
  *rows = (dataset_rows){&t->data, order, 0};
  batches_advance(&t->batches, ++t->step);
  return count;
}

int figure_trainer_train(figure_trainer *t, kfix *k, uint64_t steps, tool_error *err) {
  uint32_t *order = malloc(t->batches.sizes.first * sizeof *order);
  if (order == NULL) return tool_fail(err, "no memory for a batch");
  int result = 0;
  for (uint64_t i = 1; i <= steps && result == 0; i++) {
    kfix_report report;
    dataset_rows rows;
    const size_t count = figure_trainer_batch(t, order, &rows);
    const kfix_batch batch = {count, dataset_fetch_rows, &rows, NULL};
    result = figure_trainer_check(kfix_step(k, &batch, &report), "training", err);
    progress_line_show("step %llu of %llu, objective %.4g", (unsigned long long)i,
                       (unsigned long long)steps, report.objective);
  }
  free(order);
  return result;
}
