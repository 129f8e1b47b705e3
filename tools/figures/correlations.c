/* SPDX-License-Identifier: Apache-2.0
 * Correlation matrices of the second layer's gradients. */
#include "correlations.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/progress_line.h"
#include "dense_matrix.h"
#include "figure_trainer.h"
#include "files/atomic_file.h"
#include "fisher_lab/block_lab.h"
#include "images/image_file.h"
#include "port/simd/simd.h"

enum { LAYER = 2, PANELS = 2, SCALE = 2, GAP = 6, MOST = 2048 };

typedef struct bases {
  figure_trainer trainer;
  kfix_score score;
  kfix_real *abar, *g;
  block_rows rows;
  size_t n;               /* parameters of the layer */
  double *matrix[PANELS]; /* correlations in both bases */
} bases;

static int train(bases *b, const figures_settings *s, kfix **k, tool_error *err) {
  kfix_options options = figure_trainer_options(&b->trainer, s->seed);
  options.learning_rate = 3e-3;
  options.fisher = KFIX_FISHER_EMPIRICAL;
  if (figure_trainer_create(&b->trainer, &options, k, err) != 0) return -1;
  return figure_trainer_train(&b->trainer, *k, s->steps, err);
}

/* abar and g of every training row at the layer. */
static int collect(bases *b, kfix *k, tool_error *err) {
  const kfix_node_spec *node = kfix_net_block(b->trainer.net, LAYER - 1);
  dataset_rows all = {&b->trainer.data, NULL, 0};
  const size_t rows = b->trainer.data.train_rows;
  const kfix_batch batch = {rows, dataset_fetch_rows, &all, NULL};
  b->n = (size_t)node->cols * node->units;
  if (b->n > MOST) return tool_fail(err, "layer 2 has %zu parameters, too many to show", b->n);
  b->abar = malloc(rows * node->cols * sizeof *b->abar);
  b->g = malloc(rows * node->units * sizeof *b->g);
  if (b->abar == NULL || b->g == NULL) return tool_fail(err, "no memory for %zu examples", rows);
  b->rows = (block_rows){rows, node->cols, node->units, b->abar, b->g, 0, 0, NULL};
  if (figure_trainer_check(kfix_evaluate(k, KFIX_ITERATE, &batch, &b->score), "objective", err) !=
      0)
    return -1;
  return figure_trainer_check(kfix_examples(k, &batch, LAYER, b->abar, b->g), "examples", err);
}

/* out = x U, rows x n; u NULL: x itself. */
static double *projected(size_t rows, size_t n, const kfix_real *x, const kfix_real *u,
                         tool_error *err) {
  double *out = dense_zeros(rows * n, err);
  for (size_t r = 0; r < rows && out != NULL; r++)
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; u != NULL && j < n; j++)
        out[r * n + j] += (double)x[r * n + i] * (double)u[i * n + j];
  for (size_t i = 0; u == NULL && out != NULL && i < rows * n; i++) out[i] = (double)x[i];
  return out;
}

/* Covariances become correlations; what never varies has none. */
static void normalise(size_t n, double *c) {
  double *deviation = calloc(n, sizeof *deviation);
  for (size_t i = 0; i < n && deviation != NULL; i++) deviation[i] = sqrt(fmax(c[i * n + i], 0));
  for (size_t i = 0; i < n * n && deviation != NULL; i++) {
    const double scale = deviation[i / n] * deviation[i % n];
    c[i] = scale > 0 ? c[i] / scale : 0;
  }
  free(deviation);
}

/* Correlations over the rows of abar_i g_j. */
static double *correlate(size_t rows, size_t in, const double *abar, size_t out, const double *g,
                         tool_error *err) {
  const size_t n = in * out;
  double *c = dense_zeros(n * n + 2 * n, err);
  if (c == NULL) return NULL;
  double *x = c + n * n, *mean = x + n;
  for (int pass = 0; pass < 2; pass++)
    for (size_t r = 0; r < rows; r++) {
      for (size_t i = 0; i < n; i++)
        x[i] = abar[r * in + i / out] * g[r * out + i % out] - (pass ? mean[i] : 0);
      for (size_t i = 0; i < n; i++) {
        if (pass == 0) mean[i] += x[i] / (double)rows;
        for (size_t j = 0; pass == 1 && j < n; j++) c[i * n + j] += x[i] * x[j];
      }
    }
  normalise(n, c);
  return c;
}

static int correlate_in(bases *b, int panel, const kfix_real *ua, const kfix_real *ug,
                        tool_error *err) {
  const block_rows *f = &b->rows;
  double *abar = projected(f->rows, f->in, f->abar, ua, err);
  double *g = projected(f->rows, f->out, f->g, ug, err);
  if (abar != NULL && g != NULL) b->matrix[panel] = correlate(f->rows, f->in, abar, f->out, g, err);
  free(abar);
  free(g);
  return b->matrix[panel] != NULL ? 0 : -1;
}

/* The basis is that of EKFAC for the same examples. */
static int correlate_both(bases *b, tool_error *err) {
  const block_method *ekfac = NULL;
  block_lab lab;
  block_factors basis;
  for (int i = 0; ekfac == NULL || strcmp(ekfac->name, "ekfac") != 0; i++)
    if ((ekfac = block_method_at(i, 0)) == NULL) return tool_fail(err, "this build has no ekfac");
  if (correlate_in(b, 0, NULL, NULL, err) != 0) return -1;
  if (block_lab_open(&lab, ekfac, &b->rows, &kfix_port_simd, &b->trainer.crew.crew, err) != 0)
    return -1;
  int result = block_lab_absorb(&lab, &b->rows, 0.1, err);
  if (result == 0) result = block_lab_factors(&lab, &basis, err);
  if (result == 0) result = correlate_in(b, 1, basis.a[0], basis.g[0], err);
  block_lab_close(&lab);
  return result;
}

/* |correlation|, black 0, white 1, both beside each other. */
static int draw(const bases *b, const char *path, tool_error *err) {
  const size_t side = b->n * SCALE, width = PANELS * side + GAP;
  unsigned char *pixels = malloc(width * side);
  if (pixels == NULL) return tool_fail(err, "no memory for a picture");
  memset(pixels, 255, width * side);
  for (size_t at = 0; at < PANELS * side * side; at++) {
    const size_t panel = at / (side * side), row = at / side % side, col = at % side;
    const double c = b->matrix[panel][row / SCALE * b->n + col / SCALE];
    pixels[row * width + panel * (side + GAP) + col] = (unsigned char)(255 * fmin(fabs(c), 1));
  }
  const int result = image_save(path, pixels, width, side, err);
  free(pixels);
  return result;
}

/* Of the entries beside the diagonal: mean |c|, root mean square, part above 0.5. */
static void write_basis(FILE *out, const bases *b, int panel, const char *name) {
  double sum = 0, squares = 0, above = 0;
  for (size_t i = 0; i < b->n * b->n; i++) {
    if (i / b->n == i % b->n) continue;
    const double c = fabs(b->matrix[panel][i]);
    sum += c;
    squares += c * c;
    above += c > 0.5;
  }
  const double pairs = (double)(b->n * (b->n - 1));
  (void)fprintf(out, "%s,%zu,%zu,%.9g,%.9g,%.9g\n", name, b->n, b->rows.rows, sum / pairs,
                sqrt(squares / pairs), above / pairs);
}

static int write_all(const bases *b, const figures_settings *s, tool_error *err) {
  char path[ATOMIC_PATH_BYTES];
  atomic_file file;
  (void)snprintf(path, sizeof path, "%s/ekfac_figure3_left.png", s->out);
  if (draw(b, path, err) != 0) return -1;
  (void)snprintf(path, sizeof path, "%s/ekfac_figure3_left.csv", s->out);
  if (atomic_open(&file, path, err) != 0) return -1;
  (void)fprintf(file.stream, "basis,parameters,examples,mean,root_mean_square,above_half\n");
  write_basis(file.stream, b, 0, "parameters");
  write_basis(file.stream, b, 1, "eigenbasis");
  (void)printf("after %llu steps: objective %.4f, error %.2f %%\n", (unsigned long long)s->steps,
               b->score.objective, 100 * b->score.error);
  return atomic_commit(&file, err);
}

int correlations_measure(const figures_settings *settings, tool_error *err) {
  static bases b;
  kfix *k;
  int result = figure_trainer_open(&b.trainer, KFIX_METHOD_adam, settings, err);
  if (result == 0) result = train(&b, settings, &k, err);
  if (result == 0) result = collect(&b, k, err);
  progress_line_show("correlations");
  if (result == 0) result = correlate_both(&b, err);
  if (result == 0) result = write_all(&b, settings, err);
  figure_trainer_close(&b.trainer);
  for (int i = 0; i < PANELS; i++) free(b.matrix[i]);
  free(b.abar);
  free(b.g);
  return result;
}
