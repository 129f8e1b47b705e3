/* SPDX-License-Identifier: Apache-2.0
 * The K-FAC paper's pictures of F, its approximations and their inverses. */
#include "fisher_pictures.h"

#include <math.h>
#include <stdio.h>

#include "block_picture.h"
#include "cli/progress_line.h"
#include "files/atomic_file.h"
#include "fisher_forms.h"

typedef struct figures_run {
  example_settings settings;
  const char *out;
  example_moments moments;
  double *forms[FORM_COUNT];
} figures_run;

static void path_of(const figures_run *run, const char *name, char path[ATOMIC_PATH_BYTES]) {
  (void)snprintf(path, ATOMIC_PATH_BYTES, "%s/%s", run->out, name);
}

/* Three panels: x, y and their difference. */
static void draw_row(const figures_run *run, block_picture *p, size_t row, fisher_form x,
                     fisher_form y, double white) {
  const double *a = run->forms[x], *b = run->forms[y];
  picture_panel(p, &run->moments, row * PANELS_IN_ROW, a, NULL, white);
  picture_panel(p, &run->moments, row * PANELS_IN_ROW + 1, b, NULL, white);
  picture_panel(p, &run->moments, row * PANELS_IN_ROW + 2, a, b, white);
}

/* A comparison of one matrix with others, one row each. */
static int draw_comparison(const figures_run *run, const char *name, fisher_form x,
                           const fisher_form *others, size_t rows, tool_error *err) {
  char path[ATOMIC_PATH_BYTES];
  block_picture p;
  const double white = picture_white(&run->moments, run->forms[x]);
  if (picture_open(&p, &run->moments, rows, err) != 0) return -1;
  for (size_t i = 0; i < rows; i++) draw_row(run, &p, i, x, others[i], white);
  path_of(run, name, path);
  return picture_save(&p, path, err);
}

static int draw_inverse(const figures_run *run, tool_error *err) {
  const example_moments *m = &run->moments;
  const double *damped = run->forms[FORM_DAMPED], *inverse = run->forms[FORM_INVERSE];
  double means[KFIX_BLOCK_COUNT * KFIX_BLOCK_COUNT];
  char path[ATOMIC_PATH_BYTES];
  block_picture p;
  if (picture_open(&p, m, 1, err) != 0) return -1;
  picture_panel(&p, m, 0, damped, NULL, picture_white(m, damped));
  picture_panel(&p, m, 1, inverse, NULL, picture_white(m, inverse));
  block_means(m, inverse, NULL, means);
  picture_means(&p, m, 2, means);
  path_of(run, "kfac_figure3.png", path);
  return picture_save(&p, path, err);
}

static int draw_all(const figures_run *run, tool_error *err) {
  static const fisher_form kronecker[] = {FORM_KRONECKER};
  static const fisher_form both[] = {FORM_DIAGONAL, FORM_TRIDIAGONAL};
  static const fisher_form inverses[] = {FORM_DIAGONAL_INVERSE, FORM_TRIDIAGONAL_INVERSE};
  if (draw_comparison(run, "kfac_figure2.png", FORM_EXACT, kronecker, 1, err) != 0 ||
      draw_inverse(run, err) != 0 ||
      draw_comparison(run, "kfac_figure5.png", FORM_DAMPED, both, 2, err) != 0)
    return -1;
  return draw_comparison(run, "kfac_figure6.png", FORM_INVERSE, inverses, 2, err);
}

/* ---- the numbers behind them ---- */

static const struct {
  const char *name;
  int x, y; /* |x - y|; y -1: |x| */
} quantities[] = {
    {"F", FORM_EXACT, -1},
    {"kronecker", FORM_KRONECKER, -1},
    {"F-kronecker", FORM_EXACT, FORM_KRONECKER},
    {"damped", FORM_DAMPED, -1},
    {"inverse", FORM_INVERSE, -1},
    {"damped-diagonal", FORM_DAMPED, FORM_DIAGONAL},
    {"damped-tridiagonal", FORM_DAMPED, FORM_TRIDIAGONAL},
    {"inverse-diagonal", FORM_INVERSE, FORM_DIAGONAL_INVERSE},
    {"inverse-tridiagonal", FORM_INVERSE, FORM_TRIDIAGONAL_INVERSE},
};

static double norm_of(size_t n, const double *x, const double *y) {
  double sum = 0;
  for (size_t i = 0; i < n * n; i++) sum += pow(x[i] - (y == NULL ? 0 : y[i]), 2);
  return sqrt(sum);
}

/* quantity,row,column,value: means of the absolute values over pairs of blocks (numbered by layer),
 * then single numbers, whose row and column are 0. */
static int write_numbers(const figures_run *run, tool_error *err) {
  const example_moments *m = &run->moments;
  double means[KFIX_BLOCK_COUNT * KFIX_BLOCK_COUNT], error, bound;
  char path[ATOMIC_PATH_BYTES];
  atomic_file file;
  path_of(run, "kfac_figures.csv", path);
  if (atomic_open(&file, path, err) != 0) return -1;
  (void)fprintf(file.stream, "quantity,row,column,value\n");
  for (size_t q = 0; q < sizeof quantities / sizeof quantities[0]; q++) {
    const double *y = quantities[q].y < 0 ? NULL : run->forms[quantities[q].y];
    block_means(m, run->forms[quantities[q].x], y, means);
    for (uint32_t i = 0; i < m->blocks * m->blocks; i++)
      (void)fprintf(file.stream, "%s,%u,%u,%.9g\n", quantities[q].name,
                    (unsigned)(i / m->blocks + 2), (unsigned)(i % m->blocks + 2), means[i]);
    (void)fprintf(file.stream, "norm of %s,0,0,%.9g\n", quantities[q].name,
                  norm_of(m->n, run->forms[quantities[q].x], y));
  }
  fisher_error_sums(m, &error, &bound);
  (void)fprintf(file.stream, "sum of |F-kronecker|,0,0,%.9g\ncumulant bound,0,0,%.9g\n", error,
                bound);
  (void)fprintf(file.stream, "gamma,0,0,%.9g\nobjective,0,0,%.9g\nerror,0,0,%.9g\n", m->gamma,
                m->objective, m->error);
  (void)printf("after %llu steps: error %.2f %%, gamma %.4g; sum of |F - F~| %.1f, bound %.1f\n",
               (unsigned long long)run->settings.steps, 100 * m->error, m->gamma, error, bound);
  return atomic_commit(&file, err);
}

static int draw_and_write(figures_run *run, tool_error *err) {
  progress_line_show("training the example network, taking its moments");
  if (example_measure(&run->moments, &run->settings, err) != 0) return -1;
  progress_line_show("approximations and their inverses");
  if (fisher_forms_make(run->forms, &run->moments, err) != 0) return -1;
  progress_line_show("pictures");
  return draw_all(run, err) == 0 ? write_numbers(run, err) : -1;
}

int fisher_pictures_make(const figures_settings *s, tool_error *err) {
  static figures_run run;
  run = (figures_run){.settings = {s->data, s->limit, s->steps, s->seed}, .out = s->out};
  const int result = draw_and_write(&run, err);
  fisher_forms_free(run.forms);
  example_free(&run.moments);
  return result;
}
