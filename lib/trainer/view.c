/* SPDX-License-Identifier: Apache-2.0
 * Looking into a trainer, and setting its weights. */
#include <string.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "kfix.h"
#include "net/net.h"

/* The vectors that traces know. After a commit the spare copy is what was before the step. The
 * velocity of SGD and of Nesterov's method is their update. */
static const kfix_real *vector_named(const kfix *k, const char *name) {
  static const struct {
    const char *name;
    kfix_net_region region;
    int before;
  } table[] = {{"W", KFIX_NET_THETA, 1},
               {"W_after", KFIX_NET_THETA, 0},
               {"grad", KFIX_NET_GRADIENT, 0},
               {"update", KFIX_NET_UPDATE, 0},
               {"prev_update", KFIX_NET_UPDATE, 1},
               {"update", KFIX_NET_VELOCITY, 0},
               {"prev_update", KFIX_NET_VELOCITY, 1},
               {"average", KFIX_NET_AVERAGE, 0}};
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    const kfix_buffer *b = &k->buffer[table[i].region];
    if (b->count && strcmp(name, table[i].name) == 0)
      return table[i].before ? kfix_spare(k, b) : kfix_current(k, b);
  }
  return NULL;
}

static const kfix_curvature_view *view_named(const kfix *k, const char *name) {
  const kfix_curvature *c = k->method->curvature;
  for (uint32_t i = 0; c && i < c->view_count; i++)
    if (strcmp(name, c->views[i].name) == 0) return &c->views[i];
  return NULL;
}

static size_t rows_of(kfix_shape shape, const kfix_layer *l) {
  const int out =
      shape == KFIX_SHAPE_OUT || shape == KFIX_SHAPE_OUT_FULL || shape == KFIX_SHAPE_OUT_ABOVE;
  return out ? l->out : (size_t)l->in + 1;
}

static size_t cols_of(kfix_shape shape, const kfix_layer *l) {
  if (shape == KFIX_SHAPE_IN_ABOVE) return (size_t)l->out + 1;
  if (shape == KFIX_SHAPE_OUT_ABOVE) return l[1].out;
  return shape == KFIX_SHAPE_IN_OUT ? l->out : rows_of(shape, l);
}

/* What the view of a layer shows; NULL: the last layer has none above. */
static const kfix_buffer *buffer_of(const kfix *k, const kfix_layer *l,
                                    const kfix_curvature_view *v) {
  const int pair = v->shape == KFIX_SHAPE_IN_ABOVE || v->shape == KFIX_SHAPE_OUT_ABOVE;
  if (pair && l == &k->layer[k->net->depth - 1]) return NULL;
  return &l[v->shape == KFIX_SHAPE_OUT_ABOVE].buffer[v->buffer];
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

static kfix_status view_matrix(kfix *k, const kfix_layer *l, const kfix_curvature_view *v,
                               kfix_real *out, size_t capacity, size_t *rows, size_t *cols) {
  const kfix_buffer *b = buffer_of(k, l, v);
  if (!b) return KFIX_ARGUMENT;
  *rows = rows_of(v->shape, l);
  *cols = cols_of(v->shape, l);
  if (!out) return KFIX_OK;
  if (capacity < *rows * *cols) return KFIX_ARGUMENT;
  if (v->shape == KFIX_SHAPE_IN || v->shape == KFIX_SHAPE_OUT)
    return view_symmetric(k, b, out, *rows);
  KFIX_RUN(k, download, out, kfix_current(k, b), *rows * *cols * sizeof *out);
  return KFIX_OK;
}

kfix_status kfix_view(kfix *k, const char *name, uint32_t layer, kfix_real *out, size_t capacity,
                      size_t *rows, size_t *cols) {
  if (!k || !name || !rows || !cols || layer < 1 || layer > k->net->depth) return KFIX_ARGUMENT;
  const kfix_layer *l = &k->layer[layer - 1];
  const kfix_real *vector = vector_named(k, name);
  const kfix_curvature_view *view = view_named(k, name);
  if (view) return view_matrix(k, l, view, out, capacity, rows, cols);
  if (!vector) return KFIX_ARGUMENT;
  *rows = l->out;
  *cols = (size_t)l->in + 1;
  if (!out) return KFIX_OK;
  if (capacity < *rows * *cols) return KFIX_ARGUMENT;
  KFIX_RUN(k, download, out, vector + l->w, *rows * *cols * sizeof *out);
  return KFIX_OK;
}

const char *kfix_view_name(const kfix *k, uint32_t i) {
  const kfix_curvature *c = k ? k->method->curvature : NULL;
  return c && i < c->view_count ? c->views[i].name : NULL;
}

void kfix_observe(kfix *k, const kfix_observer *observer) {
  const kfix_observer nobody = {NULL, NULL, NULL};
  if (k) k->observer = observer ? *observer : nobody;
}

const kfix_report *kfix_last_report(const kfix *k) {
  return k ? &k->report : NULL;
}

kfix_status kfix_pi(kfix *k, uint32_t layer, double *pi) {
  const kfix_curvature *c = k ? k->method->curvature : NULL;
  if (!c || !c->pi || !pi || layer < 1 || layer > k->net->depth) return KFIX_ARGUMENT;
  return c->pi(k, layer - 1, pi);
}

kfix_status kfix_floored(kfix *k, uint32_t layer, double *count) {
  const kfix_curvature *c = k ? k->method->curvature : NULL;
  if (!c || !c->floored || !count || layer < 1 || layer > k->net->depth) return KFIX_ARGUMENT;
  return c->floored(k, layer - 1, count);
}

kfix_status kfix_get_weights(kfix *k, kfix_iterate which, uint32_t layer, kfix_real *w) {
  size_t rows, cols;
  if (!w) return KFIX_ARGUMENT;
  return kfix_view(k, which == KFIX_ITERATE ? "W_after" : "average", layer, w, SIZE_MAX, &rows,
                   &cols);
}

/* Zeroes the copy in force of a vector that belongs to the path so far, not to the weights. */
static kfix_status forget(kfix *k, kfix_net_region region) {
  const kfix_buffer *b = &k->buffer[region];
  if (b->count) KFIX_RUN(k, fill, 1, b->count, 0, kfix_current(k, b), b->count);
  return KFIX_OK;
}

kfix_status kfix_set_weights(kfix *k, uint32_t layer, const kfix_real *w) {
  if (!k || !w || layer < 1 || layer > k->net->depth) return KFIX_ARGUMENT;
  const kfix_layer *l = &k->layer[layer - 1];
  const size_t bytes = (size_t)l->out * ((size_t)l->in + 1) * sizeof *w;
  kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  KFIX_RUN(k, upload, theta + l->w, w, bytes);
  KFIX_RUN(k, axpby, k->parameters, 1, theta, 0, NULL,
           kfix_current(k, &k->buffer[KFIX_NET_AVERAGE]));
  KFIX_TRY(forget(k, KFIX_NET_UPDATE));
  KFIX_TRY(forget(k, KFIX_NET_VELOCITY));
  k->now.have_update = 0;
  k->now.stale = 1;
  return KFIX_OK;
}
