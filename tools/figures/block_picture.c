/* SPDX-License-Identifier: Apache-2.0
 * Panels of block matrices. */
#include "block_picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "images/image_file.h"

/* A pixel is the mean over a square of so many weights. */
enum { SQUARE = 7, GAP = 6, LINE = 150, DASH = 4 };

static size_t side_of(const example_moments *m) {
  return (m->n + SQUARE - 1) / SQUARE;
}

int picture_open(block_picture *p, const example_moments *m, size_t rows, tool_error *err) {
  p->side = side_of(m);
  p->rows = rows;
  p->width = PANELS_IN_ROW * p->side + (PANELS_IN_ROW - 1) * GAP;
  p->height = rows * p->side + (rows - 1) * GAP;
  p->pixels = malloc(p->width * p->height);
  if (p->pixels == NULL) return tool_fail(err, "no memory for a picture");
  memset(p->pixels, 255, p->width * p->height);
  return 0;
}

static unsigned char *panel_at(const block_picture *p, size_t at) {
  const size_t step = p->side + GAP;
  return p->pixels + at / PANELS_IN_ROW * step * p->width + at % PANELS_IN_ROW * step;
}

/* The mean of |x - y| over a square. */
static double mean_of(const example_moments *m, const double *x, const double *y, size_t row,
                      size_t col) {
  double sum = 0;
  size_t count = 0;
  for (size_t i = row * SQUARE; i < (row + 1) * SQUARE && i < m->n; i++)
    for (size_t j = col * SQUARE; j < (col + 1) * SQUARE && j < m->n; j++, count++)
      sum += fabs(x[i * m->n + j] - (y == NULL ? 0 : y[i * m->n + j]));
  return sum / (double)count;
}

static void draw_lines(const block_picture *p, const example_moments *m, unsigned char *panel) {
  for (uint32_t b = 1; b < m->blocks; b++) {
    const size_t at = m->w[b] / SQUARE;
    for (size_t i = 0; i < p->side; i++)
      if (i / DASH % 2 == 0) panel[at * p->width + i] = panel[i * p->width + at] = LINE;
  }
}

void picture_panel(block_picture *p, const example_moments *m, size_t at, const double *x,
                   const double *y, double white) {
  unsigned char *panel = panel_at(p, at);
  for (size_t i = 0; i < p->side; i++)
    for (size_t j = 0; j < p->side; j++)
      panel[i * p->width + j] = (unsigned char)(255 * fmin(mean_of(m, x, y, i, j) / white, 1));
  draw_lines(p, m, panel);
}

void picture_means(block_picture *p, const example_moments *m, size_t at, const double *means) {
  unsigned char *panel = panel_at(p, at);
  double most = 0;
  for (size_t i = 0; i < (size_t)m->blocks * m->blocks; i++) most = fmax(most, means[i]);
  for (size_t i = 0; i < p->side; i++)
    for (size_t j = 0; j < p->side; j++) {
      const size_t row = i * m->blocks / p->side, col = j * m->blocks / p->side;
      panel[i * p->width + j] = (unsigned char)(255 * means[row * m->blocks + col] / most);
    }
}

int picture_save(block_picture *p, const char *path, tool_error *err) {
  const int result = image_save(path, p->pixels, p->width, p->height, err);
  free(p->pixels);
  p->pixels = NULL;
  return result;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double picture_white(const example_moments *m, const double *x) {
  const size_t side = side_of(m), count = side * side;
  double *values = malloc(count * sizeof *values);
  if (values == NULL) return 1;
  for (size_t i = 0; i < count; i++) values[i] = mean_of(m, x, NULL, i / side, i % side);
  qsort(values, count, sizeof *values, ascending);
  const double white = values[count - 1 - count / 100];
  free(values);
  return white > 0 ? white : 1;
}

void block_means(const example_moments *m, const double *x, const double *y, double *means) {
  for (uint32_t b = 0; b < m->blocks; b++)
    for (uint32_t c = 0; c < m->blocks; c++) {
      double sum = 0;
      for (size_t i = m->w[b]; i < m->w[b + 1]; i++)
        for (size_t j = m->w[c]; j < m->w[c + 1]; j++)
          sum += fabs(x[i * m->n + j] - (y == NULL ? 0 : y[i * m->n + j]));
      means[b * m->blocks + c] = sum / (double)((m->w[b + 1] - m->w[b]) * (m->w[c + 1] - m->w[c]));
    }
}
