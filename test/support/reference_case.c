/* SPDX-License-Identifier: Apache-2.0
 * Small training cases. */
#include "reference_case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t next(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

double case_uniform(uint64_t *state) {
  return ((double)(next(state) >> 11) + 0.5) * 0x1p-52 - 1;
}

double case_normal(uint64_t *state) {
  const double u = (case_uniform(state) + 1) / 2, v = case_uniform(state);
  return sqrt(-2 * log(u)) * cos(3.141592653589793 * v);
}

static void one_hot(double *y, size_t n, uint64_t *state) {
  const size_t which = (size_t)(next(state) % n);
  for (size_t j = 0; j < n; j++) y[j] = j == which;
}

static void fill_data(ref_case *c, uint64_t state) {
  const size_t in = c->ref.width[0], out = ref_outputs(&c->ref);
  for (size_t r = 0; r < c->rows; r++) {
    double *x = c->xd + r * in, *y = c->yd + r * out;
    for (size_t j = 0; j < in; j++) x[j] = case_normal(&state);
    for (size_t j = 0; j < out; j++)
      y[j] = c->net.loss == KFIX_MSE ? case_normal(&state) : (case_uniform(&state) + 1) / 2;
    if (c->net.loss == KFIX_CATEGORICAL) one_hot(y, out, &state);
  }
  for (size_t i = 0; i < c->rows * in; i++) c->xd[i] = c->x[i] = (kfix_real)c->xd[i];
  for (size_t i = 0; i < c->rows * out; i++) c->yd[i] = c->y[i] = (kfix_real)c->yd[i];
}

static kfix_activation last_activation(kfix_loss loss, kfix_activation output) {
  if (loss == KFIX_BERNOULLI) return KFIX_SIGMOID;
  return loss == KFIX_CATEGORICAL ? KFIX_SOFTMAX : output;
}

void case_begin(ref_case *c, kfix_loss loss, size_t depth, const uint32_t *widths,
                kfix_activation inner, kfix_activation output, size_t rows, uint32_t seed) {
  memset(c, 0, sizeof *c);
  for (size_t i = 0; i < depth; i++)
    c->nodes[i] = (kfix_node_spec)KFIX_DENSE_NODE("layer", i, widths[i], widths[i + 1], inner);
  c->nodes[depth - 1].activation = last_activation(loss, output);
  c->net = (kfix_net){.name = "case",
                      .nodes = c->nodes,
                      .node_count = (uint32_t)depth,
                      .block_count = (uint32_t)depth,
                      .inputs = widths[0],
                      .loss = loss,
                      .target = loss == KFIX_CATEGORICAL ? KFIX_TARGET_CLASS : KFIX_TARGET_VALUES,
                      .chunk = 64,
                      .row_block = 32,
                      .threads = 1};
  c->ref = ref_from(&c->net);
  c->rows = rows;
  const size_t inputs = rows * c->ref.width[0], outputs = rows * ref_outputs(&c->ref);
  c->x = malloc(inputs * sizeof *c->x);
  c->y = malloc(outputs * sizeof *c->y);
  c->xd = malloc(inputs * sizeof *c->xd);
  c->yd = malloc(outputs * sizeof *c->yd);
  c->sampled = calloc(outputs, sizeof *c->sampled);
  c->delta = calloc(c->ref.parameters, sizeof *c->delta);
  fill_data(c, seed);
  c->table = (kfix_table){c->x, c->y, NULL, c->ref.width[0], ref_outputs(&c->ref)};
  c->batch = (kfix_batch){rows, kfix_fetch_table, &c->table, NULL};
  c->options = kfix_options_default(&c->net);
  c->options.driver = KFIX_ADAPTIVE;
  c->options.lambda = 150;
  c->options.momentum = 0.9;
  c->options.averaging = 0.99;
  c->options.stats_every = 1;
  c->options.subset_rows = 1; /* so that fractions of a few rows are seen */
}

kfix_status case_create(ref_case *c, kfix_method method, const kfix_port *port, kfix_crew *crew) {
  if (!port) port = &kfix_port_ref;
  c->bytes = kfix_bytes(&c->net, method, port);
  c->arena = aligned_alloc(KFIX_ALIGN, c->bytes);
  return kfix_create(
      &c->k, &(kfix_setup){&c->net, method, &c->options, port, crew, NULL, c->arena, c->bytes},
      NULL);
}

kfix_status case_random_weights(ref_case *c, uint32_t seed, double size) {
  kfix_real w[REF_UNITS * (REF_UNITS + 1)];
  uint64_t state = seed;
  for (uint32_t i = 0; i < c->net.block_count; i++) {
    const size_t in = c->nodes[i].cols - 1, count = c->nodes[i].units * (in + 1);
    for (size_t j = 0; j < count; j++)
      w[j] = (kfix_real)(size * case_normal(&state) / sqrt((double)in + 1));
    KFIX_TRY(kfix_set_weights(c->k, i + 1, w));
  }
  return KFIX_OK;
}

void case_destroy(ref_case *c) {
  free(c->arena);
  c->arena = NULL;
  c->k = NULL;
}

void case_end(ref_case *c) {
  case_destroy(c);
  free(c->x);
  free(c->y);
  free(c->xd);
  free(c->yd);
  free(c->sampled);
  free(c->delta);
}

/* One layer's matrix as doubles. */
static kfix_status layer_view(ref_case *c, const char *name, size_t layer, double *out) {
  kfix_real w[REF_UNITS * (REF_UNITS + 1)];
  size_t rows, cols;
  KFIX_TRY(kfix_view(c->k, name, (uint32_t)layer + 1, w, sizeof w / sizeof w[0], &rows, &cols));
  for (size_t i = 0; i < rows * cols; i++) out[i] = w[i];
  return KFIX_OK;
}

kfix_status case_view(ref_case *c, const char *name, double *out) {
  for (size_t i = 0; i < c->ref.depth; i++) KFIX_TRY(layer_view(c, name, i, out + c->ref.w[i]));
  return KFIX_OK;
}

kfix_status case_matrix(ref_case *c, const char *name, size_t layer, double *out) {
  return layer_view(c, name, layer, out);
}

void case_vector(const ref_case *c, const double *in, kfix_real *out) {
  memset(out, 0, c->k->parameters * sizeof *out);
  for (size_t i = 0; i < c->ref.depth; i++) {
    const size_t count = c->ref.width[i + 1] * (c->ref.width[i] + 1);
    for (size_t j = 0; j < count; j++) out[c->k->block[i].w + j] = (kfix_real)in[c->ref.w[i] + j];
  }
}

static void watch_targets(void *context, size_t first, size_t rows, const kfix_real *y,
                          size_t ldy) {
  ref_case *c = context;
  const size_t out = ref_outputs(&c->ref);
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < out; j++) c->sampled[(first + r) * out + j] = y[r * ldy + j];
  c->observed += rows;
}

static void watch_direction(void *context, uint32_t layer, size_t row, const kfix_real *delta,
                            size_t cols) {
  ref_case *c = context;
  for (size_t j = 0; j < cols; j++) c->delta[c->ref.w[layer - 1] + row * cols + j] = delta[j];
}

void case_watch(ref_case *c) {
  kfix_observe(
      c->k, &(kfix_observer){.targets = watch_targets, .direction = watch_direction, .context = c});
}

double relative_distance(const double *a, const double *b, size_t n) {
  double difference = 0, size = 0;
  for (size_t i = 0; i < n; i++) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    size += b[i] * b[i];
  }
  return sqrt(difference) / (sqrt(size) + 1e-300);
}
