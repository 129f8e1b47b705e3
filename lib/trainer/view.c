/* SPDX-License-Identifier: Apache-2.0
 * Looking into a trainer, and setting its weights. */
#include <string.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "kfix.h"
#include "optim/rules.h"

/* The vectors that traces know of every method. After a commit the spare copy is what was before the
 * step. */
static const kfix_real *vector_named(const kfix *k, const char *name) {
  static const struct {
    const char *name;
    kfix_net_region region;
    int before;
  } table[] = {{"W", KFIX_NET_THETA, 1},
               {"W_after", KFIX_NET_THETA, 0},
               {"grad", KFIX_NET_GRADIENT, 0},
               {"average", KFIX_NET_AVERAGE, 0}};
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    const kfix_buffer *b = &k->buffer[table[i].region];
    if (strcmp(name, table[i].name) == 0)
      return table[i].before ? kfix_spare(k, b) : kfix_current(k, b);
  }
  return NULL;
}

/* And those of the method. */
static const kfix_real *own_vector_named(const kfix *k, const char *name) {
  const kfix_rule *rule = k->method->rule;
  for (uint32_t i = 0; i < rule->vector_count; i++) {
    const kfix_vector_view *v = &rule->vectors[i];
    if (strcmp(name, v->name) == 0)
      return v->before ? kfix_spare(k, &k->own[v->own]) : kfix_current(k, &k->own[v->own]);
  }
  return NULL;
}

static const kfix_curvature_view *view_named(const kfix *k, const char *name) {
  const kfix_curvature *c = k->method->curvature;
  for (uint32_t i = 0; c && i < c->view_count; i++)
    if (strcmp(name, c->views[i].name) == 0) return &c->views[i];
  return NULL;
}

static size_t rows_of(kfix_shape shape, const kfix_block *b) {
  const int out = shape == KFIX_SHAPE_OUT || shape == KFIX_SHAPE_OUT_FULL ||
                  shape == KFIX_SHAPE_OUT_ABOVE || shape == KFIX_SHAPE_OUT_IN;
  return out ? b->out : (size_t)b->cols;
}

static size_t cols_of(kfix_shape shape, const kfix_block *b) {
  if (shape == KFIX_SHAPE_IN_ABOVE) return (size_t)b->out + 1;
  if (shape == KFIX_SHAPE_OUT_ABOVE) return b[1].out;
  if (shape == KFIX_SHAPE_OUT_IN) return b->cols;
  return shape == KFIX_SHAPE_IN_OUT ? b->out : rows_of(shape, b);
}

/* What the view of a block shows; NULL: the last block has none above. */
static const kfix_buffer *buffer_of(const kfix *k, const kfix_block *b,
                                    const kfix_curvature_view *v) {
  const int pair = v->shape == KFIX_SHAPE_IN_ABOVE || v->shape == KFIX_SHAPE_OUT_ABOVE;
  if (pair && b == &k->block[k->depth - 1]) return NULL;
  return &b[v->shape == KFIX_SHAPE_OUT_ABOVE].own[v->own];
}

/* From the last row to the first, a packed triangle at the beginning of out becomes the full matrix
 * that out has room for. */
static kfix_status view_symmetric(kfix *k, const kfix_buffer *b, kfix_real *out, size_t n) {
  KFIX_RUN(k, download, out, kfix_current(k, b), KFIX_TRIANGLE(n) * sizeof *out);
  for (size_t i = n; i-- > 0;) memmove(out + i * n, out + KFIX_TRIANGLE(i), (i + 1) * sizeof *out);
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) out[i * n + j] = out[j * n + i];
  return KFIX_OK;
}

static kfix_status view_matrix(kfix *k, const kfix_block *b, const kfix_curvature_view *v,
                               kfix_real *out, size_t capacity, size_t *rows, size_t *cols) {
  const kfix_buffer *from = buffer_of(k, b, v);
  if (!from) return KFIX_ARGUMENT;
  *rows = rows_of(v->shape, b);
  *cols = cols_of(v->shape, b);
  if (!out) return KFIX_OK;
  if (capacity < *rows * *cols) return KFIX_ARGUMENT;
  if (v->shape == KFIX_SHAPE_IN || v->shape == KFIX_SHAPE_OUT)
    return view_symmetric(k, from, out, *rows);
  KFIX_RUN(k, download, out, kfix_current(k, from), *rows * *cols * sizeof *out);
  return KFIX_OK;
}

kfix_status kfix_view(kfix *k, const char *name, uint32_t layer, kfix_real *out, size_t capacity,
                      size_t *rows, size_t *cols) {
  if (!k || !name || !rows || !cols || layer < 1 || layer > k->depth) return KFIX_ARGUMENT;
  const kfix_block *b = &k->block[layer - 1];
  const kfix_curvature_view *view = view_named(k, name);
  const kfix_real *vector = vector_named(k, name);
  if (view) return view_matrix(k, b, view, out, capacity, rows, cols);
  if (!vector) vector = own_vector_named(k, name);
  if (!vector) return KFIX_ARGUMENT;
  *rows = b->out;
  *cols = b->cols;
  if (!out) return KFIX_OK;
  if (capacity < *rows * *cols) return KFIX_ARGUMENT;
  KFIX_RUN(k, download, out, vector + b->w, *rows * *cols * sizeof *out);
  return KFIX_OK;
}

const char *kfix_view_name(const kfix *k, uint32_t i) {
  const kfix_curvature *c = k ? k->method->curvature : NULL;
  return c && i < c->view_count ? c->views[i].name : NULL;
}

void kfix_observe(kfix *k, const kfix_observer *observer) {
  if (k) k->observer = observer ? *observer : kfix_nobody;
}

const kfix_report *kfix_last_report(const kfix *k) {
  return k ? &k->report : NULL;
}

static const kfix_curvature_number *number_named(const kfix *k, const char *name) {
  const kfix_curvature *c = k->method->curvature;
  for (uint32_t i = 0; c && i < c->number_count; i++)
    if (strcmp(name, c->numbers[i].name) == 0) return &c->numbers[i];
  return NULL;
}

kfix_status kfix_number(kfix *k, const char *name, uint32_t layer, double *out) {
  if (!k || !name || !out || layer < 1 || layer > k->depth) return KFIX_ARGUMENT;
  const kfix_curvature_number *number = number_named(k, name);
  if (!number || (number->is_shown && !number->is_shown(k))) return KFIX_ARGUMENT;
  const kfix_buffer *b = &k->block[layer - 1].own[number->own];
  kfix_real value = 0;
  if (b->count) KFIX_RUN(k, download, &value, kfix_current(k, b), sizeof value);
  *out = value;
  return KFIX_OK;
}

const char *kfix_number_name(const kfix *k, uint32_t i) {
  const kfix_curvature *c = k ? k->method->curvature : NULL;
  return c && i < c->number_count ? c->numbers[i].name : NULL;
}

kfix_status kfix_get_weights(kfix *k, kfix_iterate which, uint32_t layer, kfix_real *w) {
  size_t rows, cols;
  if (!w) return KFIX_ARGUMENT;
  return kfix_view(k, which == KFIX_ITERATE ? "W_after" : "average", layer, w, SIZE_MAX, &rows,
                   &cols);
}

/* Zeroes the copies in force of what belongs to the path so far, not to the weights. */
static kfix_status forget_path(kfix *k) {
  for (uint32_t i = 0; i < k->method->rule->path; i++) {
    const kfix_buffer *b = &k->own[i];
    KFIX_RUN(k, fill, 1, b->count, 0, kfix_current(k, b), b->count);
  }
  return KFIX_OK;
}

kfix_status kfix_set_weights(kfix *k, uint32_t layer, const kfix_real *w) {
  if (!k || !w || layer < 1 || layer > k->depth) return KFIX_ARGUMENT;
  const kfix_block *b = &k->block[layer - 1];
  const size_t bytes = (size_t)b->out * b->cols * sizeof *w;
  kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  KFIX_RUN(k, upload, theta + b->w, w, bytes);
  KFIX_RUN(k, axpby, k->parameters, 1, theta, 0, NULL,
           kfix_current(k, &k->buffer[KFIX_NET_AVERAGE]));
  KFIX_TRY(forget_path(k));
  k->now.have_update = 0;
  k->now.stale = 1;
  return KFIX_OK;
}
