/* SPDX-License-Identifier: Apache-2.0
 * Training the example network and taking its moments. */
#include "example_net.h"

#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "dense_matrix.h"
#include "port/simd/simd.h"

KFIX_DEFINE_NET(net);

/* Of the trainer, and of the observer of its moments. */
static const size_t trained_bytes = KFIX_BYTES(kfac, simd), observer_bytes = KFIX_BYTES(sgd, simd);

/* Rows of the data; forced >= 0: as if all belonged to that class. */
typedef struct source {
  const dataset *data;
  long forced;
} source;

static int fetch(void *from, size_t first, size_t rows, kfix_real *x, size_t ldx, kfix_real *y,
                 size_t ldy) {
  const source *s = from;
  dataset_fetch(s->data, NULL, first, rows, x, ldx, y, ldy);
  for (size_t r = 0; y != NULL && s->forced >= 0 && r < rows; r++)
    for (long j = 0; j < KFIX_OUTPUTS; j++) y[r * ldy + (size_t)j] = j == s->forced;
  return 0;
}

static int check(kfix_status status, tool_error *err) {
  return status == KFIX_OK ? 0 : tool_fail(err, "example network: %s", kfix_status_text(status));
}

/* Steps of K-FAC on all of the data; the last gamma, pi and score go to m. */
static int train(kfix **k, void *arena, example_moments *m, const kfix_batch *batch,
                 const example_settings *s, tool_error *err) {
  kfix_options options = kfix_options_default(&net);
  kfix_report report;
  kfix_score score;
  options.seed = s->seed;
  const kfix_setup setup = {.net = &net,
                            .method = KFIX_METHOD_kfac,
                            .options = &options,
                            .port = &kfix_port_simd,
                            .arena = arena,
                            .bytes = trained_bytes};
  if (check(kfix_create(k, &setup, NULL), err) != 0) return -1;
  for (uint64_t i = 0; i < s->steps; i++) {
    if (check(kfix_step(*k, batch, &report), err) != 0) return -1;
    m->gamma = report.gamma;
  }
  for (uint32_t i = 0; i < m->blocks; i++)
    if (check(kfix_number(*k, "pi", i + 2, &m->pi[i]), err) != 0) return -1;
  if (check(kfix_evaluate(*k, KFIX_ITERATE, batch, &score), err) != 0) return -1;
  m->objective = score.objective;
  m->error = score.error;
  return 0;
}

/* A second trainer with the same weights, whose targets are those of the batch. */
static int observe(kfix **k, void *arena, kfix *trained, tool_error *err) {
  kfix_options options = kfix_options_default(&net);
  options.fisher = KFIX_FISHER_EMPIRICAL;
  const kfix_setup setup = {.net = &net,
                            .method = KFIX_METHOD_sgd,
                            .options = &options,
                            .port = &kfix_port_simd,
                            .arena = arena,
                            .bytes = observer_bytes};
  if (check(kfix_create(k, &setup, NULL), err) != 0) return -1;
  kfix_real *w = malloc(kfix_net_parameters(&net) * sizeof *w);
  int result = w == NULL ? tool_fail(err, "no memory for the weights") : 0;
  for (uint32_t i = 1; i <= net.block_count && result == 0; i++) {
    result = check(kfix_get_weights(trained, KFIX_ITERATE, i, w), err);
    if (result == 0) result = check(kfix_set_weights(*k, i, w), err);
  }
  free(w);
  return result;
}

/* The examples of every block: abar (rows x in of the block, one block after the other), g for
 * each class in turn, and the classes' probabilities. */
typedef struct examples {
  size_t rows;
  kfix_real *abar[KFIX_BLOCK_COUNT], *g[KFIX_BLOCK_COUNT][KFIX_OUTPUTS], *p;
} examples;

static int collect(examples *e, kfix *k, const example_moments *m, const dataset *data,
                   tool_error *err) {
  e->rows = data->train_rows;
  e->p = malloc(e->rows * KFIX_OUTPUTS * sizeof *e->p);
  if (e->p == NULL) return tool_fail(err, "no memory for %zu examples", e->rows);
  source from = {data, -1};
  const kfix_batch batch = {e->rows, fetch, &from, NULL};
  if (check(kfix_predict(k, KFIX_ITERATE, &batch, e->p, KFIX_OUTPUTS), err) != 0) return -1;
  for (uint32_t i = 0; i < m->blocks; i++) {
    e->abar[i] = malloc(e->rows * (m->a[i + 1] - m->a[i]) * sizeof *e->abar[i]);
    for (from.forced = 0; from.forced < KFIX_OUTPUTS; from.forced++) {
      kfix_real *g = malloc(e->rows * (m->g[i + 1] - m->g[i]) * sizeof *g);
      e->g[i][from.forced] = g;
      if (e->abar[i] == NULL || g == NULL)
        return tool_fail(err, "no memory for %zu examples", e->rows);
      if (check(kfix_examples(k, &batch, i + 2, e->abar[i], g), err) != 0) return -1;
    }
  }
  return 0;
}

static void examples_free(examples *e) {
  free(e->p);
  for (int i = 0; i < KFIX_BLOCK_COUNT; i++) {
    free(e->abar[i]);
    for (int c = 0; c < KFIX_OUTPUTS; c++) free(e->g[i][c]);
  }
}

/* One example: abar of all blocks, and E[g g^T | x] over the classes, weighted by 1 / rows. */
static void take_row(const examples *e, const example_moments *m, size_t row, double *abar,
                     double *gg) {
  double g[KFIX_BLOCK_COUNT * 64];
  for (uint32_t i = 0; i < m->blocks; i++) {
    const size_t width = m->a[i + 1] - m->a[i];
    for (size_t j = 0; j < width; j++) abar[m->a[i] + j] = (double)e->abar[i][row * width + j];
  }
  memset(gg, 0, m->out * m->out * sizeof *gg);
  for (size_t c = 0; c < KFIX_OUTPUTS; c++) {
    const double weight = (double)e->p[row * KFIX_OUTPUTS + c] / (double)e->rows;
    for (uint32_t i = 0; i < m->blocks; i++) {
      const size_t width = m->g[i + 1] - m->g[i];
      for (size_t j = 0; j < width; j++) g[m->g[i] + j] = (double)e->g[i][c][row * width + j];
    }
    for (size_t r = 0; r < m->out; r++)
      for (size_t s = 0; s < m->out; s++) gg[r * m->out + s] += weight * g[r] * g[s];
  }
}

/* F += (abar abar^T) (x) gg for every pair of blocks. */
static void add_fisher(example_moments *m, const double *abar, const double *gg) {
  for (uint32_t i = 0; i < m->blocks; i++) {
    const size_t width = m->g[i + 1] - m->g[i];
    for (size_t row = m->w[i]; row < m->w[i + 1]; row++) {
      const double left = abar[m->a[i] + (row - m->w[i]) / width];
      const double *from = gg + (m->g[i] + (row - m->w[i]) % width) * m->out;
      double *to = m->fisher + row * m->n;
      for (uint32_t j = 0; j < m->blocks; j++)
        for (size_t l = m->a[j]; l < m->a[j + 1]; l++) {
          const double factor = left * abar[l];
          for (size_t s = m->g[j]; s < m->g[j + 1]; s++) *to++ += factor * from[s];
        }
    }
  }
}

static int accumulate(example_moments *m, const examples *e, tool_error *err) {
  double *abar = dense_zeros(m->in + m->out * m->out, err);
  if (abar == NULL) return -1;
  double *gg = abar + m->in;
  const double weight = 1 / (double)e->rows;
  for (size_t row = 0; row < e->rows; row++) {
    take_row(e, m, row, abar, gg);
    add_fisher(m, abar, gg);
    for (size_t i = 0; i < m->out * m->out; i++) m->second_g[i] += gg[i];
    for (size_t k = 0; k < m->in; k++) {
      m->mean[k] += weight * abar[k];
      for (size_t l = 0; l < m->in; l++) m->second_a[k * m->in + l] += weight * abar[k] * abar[l];
      double *third = m->third + k * m->out * m->out;
      for (size_t i = 0; i < m->out * m->out; i++) third[i] += abar[k] * gg[i];
    }
  }
  free(abar);
  return 0;
}

static int lay_out(example_moments *m, tool_error *err) {
  *m = (example_moments){.blocks = net.block_count - 1};
  if (net.loss != KFIX_CATEGORICAL || net.block_count < 3)
    return tool_fail(err,
                     "%s: the example is a classifier of three layers or more: build with "
                     "CONFIG=mnist16_classifier",
                     net.name);
  for (uint32_t i = 0; i < m->blocks; i++) {
    const kfix_node_spec *n = kfix_net_block(&net, i + 1);
    const size_t in = n->cols, out = n->units;
    m->a[i + 1] = m->a[i] + in;
    m->g[i + 1] = m->g[i] + out;
    m->w[i + 1] = m->w[i] + in * out;
  }
  m->in = m->a[m->blocks];
  m->out = m->g[m->blocks];
  m->n = m->w[m->blocks];
  if (m->n > 4096 || m->out > KFIX_BLOCK_COUNT * 64)
    return tool_fail(err, "%s: %zu weights are too many for a dense matrix", net.name, m->n);
  m->mean = dense_zeros(m->in, err);
  m->second_a = dense_zeros(m->in * m->in, err);
  m->second_g = dense_zeros(m->out * m->out, err);
  m->third = dense_zeros(m->in * m->out * m->out, err);
  m->fisher = dense_zeros(m->n * m->n, err);
  return m->mean && m->second_a && m->second_g && m->third && m->fisher ? 0 : -1;
}

int example_measure(example_moments *m, const example_settings *s, tool_error *err) {
  const dataset_request request = {.source = s->data,
                                   .inputs = KFIX_INPUT,
                                   .outputs = KFIX_OUTPUTS,
                                   .target = DATASET_CLASS,
                                   .limit = (size_t)s->limit};
  static examples e;
  dataset data;
  kfix *trained, *observer;
  if (lay_out(m, err) != 0 || dataset_open(&data, &request, err) != 0) return -1;
  source from = {&data, -1};
  const kfix_batch batch = {data.train_rows, fetch, &from, NULL};
  void *const arenas[] = {aligned_alloc(KFIX_ALIGN, trained_bytes),
                          aligned_alloc(KFIX_ALIGN, observer_bytes)};
  int result = arenas[0] && arenas[1] ? 0 : tool_fail(err, "no memory for the example network");
  if (result == 0) result = train(&trained, arenas[0], m, &batch, s, err);
  if (result == 0) result = observe(&observer, arenas[1], trained, err);
  if (result == 0) result = collect(&e, observer, m, &data, err);
  if (result == 0) result = accumulate(m, &e, err);
  examples_free(&e);
  for (int i = 0; i < 2; i++) free(arenas[i]);
  dataset_free(&data);
  return result;
}

void example_free(example_moments *m) {
  free(m->mean);
  free(m->second_a);
  free(m->second_g);
  free(m->third);
  free(m->fisher);
}
