/* SPDX-License-Identifier: Apache-2.0
 * A single layer's trainer around one curvature of the library. */
#include "block_lab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A new method of one block is a line here. */
static const block_method methods[] = {
    {"kfac", 1, {"A", "G"}, NULL},
    {"kfac-tikhonov", 1, {"A", "G"}, NULL},
    {"diagonal", 0, {"D"}, NULL},
    {"ekfac", 0, {"UA", "UG", "s"}, NULL},
    {"ekfac-ema", 0, {"UA", "UG", "s"}, "ekfac"},
    {"kpsvd", 1, {"R", "S"}, NULL},
    {"deflation", 2, {"R", "S", "P", "Q"}, NULL},
    {"lanczos", 2, {"R", "S", "P", "Q"}, NULL},
    {"kfac-corrected", 2, {"R", "S", "P", "Q"}, NULL},
};

/* The library's number of a method; KFIX_METHOD_COUNT: not in this build. */
static kfix_method find(const block_method *method) {
  const char *name = method->variant_of != NULL ? method->variant_of : method->name;
  int i = 0;
  while (i < KFIX_METHOD_COUNT && strcmp(kfix_method_of(i)->name, name) != 0) i++;
  return (kfix_method)i;
}

const block_method *block_method_at(int i, int variants) {
  for (size_t j = 0; j < sizeof methods / sizeof methods[0]; j++) {
    if (find(&methods[j]) == KFIX_METHOD_COUNT) continue;
    if ((variants || methods[j].variant_of == NULL) && i-- == 0) return &methods[j];
  }
  return NULL;
}

static int answer(const block_lab *lab, kfix_status status, tool_error *err) {
  if (status == KFIX_OK) return 0;
  if (status == KFIX_NOT_POSITIVE)
    return tool_fail(err, "%s: %s at row %g: give a larger --damping", lab->method->name,
                     kfix_status_text(status), kfix_last_report(lab->k)->value);
  return tool_fail(err, "%s: %s", lab->method->name, kfix_status_text(status));
}

/* Whether there is the homogeneous coordinate. */
static int has_ones(const block_rows *f) {
  for (size_t t = 0; t < f->rows * f->positions; t++)
    if (f->abar[t * f->in + f->in - 1] != 1) return 0;
  return 1;
}

static kfix_node_spec node_of(const block_rows *f) {
  const uint32_t in = (uint32_t)f->in, out = (uint32_t)f->out, across = (uint32_t)f->positions;
  if (across == 0) return (kfix_node_spec)KFIX_DENSE_NODE("block", 0, in - 1, out, KFIX_LINEAR);
  return (kfix_node_spec){.name = "block",
                          .kind = KFIX_KIND_conv,
                          .activation = KFIX_LINEAR,
                          .reads = 1,
                          .units = across * out,
                          .cols = in,
                          .image = {1, across, out},
                          .kernel = {1, 1},
                          .stride = {1, 1}};
}

static kfix_net net_of(const kfix_node_spec *node, const kfix_image *image, size_t rows,
                       unsigned threads) {
  return (kfix_net){.name = "one block",
                    .nodes = node,
                    .node_count = 1,
                    .block_count = 1,
                    .inputs = image->height * image->width * image->channels,
                    .image = *image,
                    .loss = KFIX_MSE,
                    .target = KFIX_TARGET_VALUES,
                    .chunk = (uint32_t)KFIX_ROUND_UP(rows, (size_t)KFIX_KC),
                    .row_block = KFIX_KC,
                    .stats_rows = (uint32_t)rows,
                    .threads = threads};
}

/* g of the block. */
static size_t outputs_of(const block_lab *lab) {
  return lab->node.kernel[0] ? lab->node.image.channels : lab->node.units;
}

static int is_diagonal(const block_method *m) {
  return m->terms == 0 && m->factor[1] == NULL;
}

static int add_room(block_lab *lab, int i, size_t rows, size_t cols, tool_error *err) {
  lab->factor[i] = malloc(rows * cols * sizeof(kfix_real));
  return lab->factor[i] != NULL ? 0 : tool_fail(err, "no memory for a factor of %zu rows", rows);
}

/* Both bases of a diagonal, and s. */
static int make_bases(block_lab *lab, size_t in, size_t out, tool_error *err) {
  if (add_room(lab, 1, in, in, err) != 0 || add_room(lab, 2, out, out, err) != 0) return -1;
  for (size_t i = 0; i < in * in; i++) lab->factor[1][i] = i % (in + 1) == 0;
  for (size_t i = 0; i < out * out; i++) lab->factor[2][i] = i % (out + 1) == 0;
  return add_room(lab, 3, in, out, err);
}

/* Host copies of the factors. */
static int make_room(block_lab *lab, tool_error *err) {
  for (int i = 0; i < BLOCK_FACTORS_MAX && lab->method->factor[i] != NULL; i++) {
    size_t rows, cols;
    if (answer(lab, kfix_view(lab->k, lab->method->factor[i], 1, NULL, 0, &rows, &cols), err) != 0)
      return -1;
    if (add_room(lab, i, rows, cols, err) != 0) return -1;
  }
  return is_diagonal(lab->method) ? make_bases(lab, lab->node.cols, outputs_of(lab), err) : 0;
}

/* A trainer that has seen nothing. */
static int begin_anew(block_lab *lab, tool_error *err) {
  kfix_options options = kfix_options_default(&lab->net);
  options.init = KFIX_INIT_GLOROT; /* the one that is defined without inputs */
  if (lab->by_pairs) options.conv = KFIX_CONV_REDUCE;
  if (lab->method->variant_of != NULL) options.ekfac_s = KFIX_EKFAC_EMA;
  const kfix_setup setup = {.net = &lab->net,
                            .method = find(lab->method),
                            .options = &options,
                            .port = lab->port,
                            .crew = lab->crew,
                            .arena = lab->arena,
                            .bytes = lab->bytes};
  return answer(lab, kfix_create(&lab->k, &setup, NULL), err);
}

static int create(block_lab *lab, tool_error *err) {
  lab->bytes = kfix_bytes(&lab->net, find(lab->method), lab->port);
  if (lab->bytes == 0) return tool_fail(err, "%s", kfix_status_text(KFIX_BAD_NET));
  lab->arena = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(lab->bytes, (size_t)KFIX_ALIGN));
  if (lab->arena == NULL)
    return tool_fail(err, "%s: no memory: %zu bytes are needed", lab->method->name, lab->bytes);
  return begin_anew(lab, err);
}

int block_lab_open(block_lab *lab, const block_method *method, const block_rows *shape,
                   const kfix_port *port, kfix_crew *crew, tool_error *err) {
  *lab = (block_lab){.method = method, .port = port, .crew = crew};
  const size_t each = shape->positions ? shape->positions : 1;
  if (shape->in == 0 || shape->out == 0 || shape->rows == 0 || shape->in > INT32_MAX / each ||
      shape->out > INT32_MAX / each || shape->rows > INT32_MAX)
    return tool_fail(err, "%s", kfix_status_text(KFIX_BAD_NET));
  const uint32_t channels = (uint32_t)shape->in - (shape->positions == 0 || has_ones(shape));
  const kfix_image image = {1, (uint32_t)each, channels};
  lab->node = node_of(shape);
  lab->by_pairs = shape->by_pairs;
  lab->net = net_of(&lab->node, &image, shape->rows, crew == NULL ? 1 : crew->threads);
  if (create(lab, err) == 0 && make_room(lab, err) == 0) return 0;
  block_lab_close(lab);
  return -1;
}

void block_lab_close(block_lab *lab) {
  for (int i = 0; i < BLOCK_FACTORS_MAX; i++) free(lab->factor[i]);
  free(lab->arena);
  *lab = (block_lab){.method = lab->method};
}

/* Patches as pixels of images, whose ones the library makes. NULL: no memory. */
static kfix_real *images_of(const block_lab *lab, const block_rows *f) {
  const size_t channels = lab->net.image.channels, count = f->rows * f->positions;
  kfix_real *images = malloc(count * channels * sizeof *images);
  for (size_t i = 0; images != NULL && i < count; i++)
    memcpy(images + i * channels, f->abar + i * f->in, channels * sizeof *images);
  return images;
}

static int absorb(block_lab *lab, const block_rows *f, double decay, double gamma,
                  tool_error *err) {
  kfix_real *images = f->positions ? images_of(lab, f) : NULL;
  if (f->positions && images == NULL) return tool_fail(err, "no memory for %zu images", f->rows);
  const kfix_real *abar = images ? images : f->abar;
  const kfix_status status = kfix_block_absorb(lab->k, f->rows, decay, abar, f->g, gamma);
  free(images);
  return answer(lab, status, err);
}

int block_lab_absorb(block_lab *lab, const block_rows *f, double gamma, tool_error *err) {
  return begin_anew(lab, err) != 0 ? -1 : absorb(lab, f, 0, gamma, err);
}

int block_lab_track(block_lab *lab, const block_rows *f, double decay, tool_error *err) {
  if (lab->method->terms > 0) return 0;
  if (lab->method->variant_of == NULL) decay = 0;
  return absorb(lab, f, decay, -1, err);
}

static void transpose_diagonal(const block_lab *lab, block_factors *b) {
  const size_t in = lab->node.cols, out = outputs_of(lab);
  for (size_t i = 0; i < in * out; i++) lab->factor[3][i] = lab->factor[0][i % out * in + i / out];
  *b = (block_factors){
      .a = {lab->factor[1]}, .g = {lab->factor[2]}, .s = lab->factor[3], .d = lab->factor[0]};
}

int block_lab_factors(block_lab *lab, block_factors *out, tool_error *err) {
  const block_method *m = lab->method;
  for (int i = 0; i < BLOCK_FACTORS_MAX && m->factor[i] != NULL; i++) {
    size_t rows, cols;
    const kfix_status status =
        kfix_view(lab->k, m->factor[i], 1, lab->factor[i], SIZE_MAX, &rows, &cols);
    if (answer(lab, status, err) != 0) return -1;
  }
  *out = (block_factors){.terms = m->terms,
                         .a = {lab->factor[0], lab->factor[2]},
                         .g = {lab->factor[1], lab->factor[3]}};
  if (m->terms == 0) out->s = lab->factor[2];
  if (is_diagonal(m)) transpose_diagonal(lab, out);
  return 0;
}

int block_lab_apply(block_lab *lab, const kfix_real *v, kfix_real *u, tool_error *err) {
  return answer(lab, kfix_block_apply(lab->k, v, u), err);
}

double block_lab_floored(const block_lab *lab) {
  double count;
  return kfix_number(lab->k, "floored", 1, &count) == KFIX_OK ? count : NAN;
}
