/* SPDX-License-Identifier: Apache-2.0
 * What the tests of normalisations of the ports share: shapes, numbers, and calls of each kernel on them. */
#ifndef KFIX_TEST_NORM_CASES_H
#define KFIX_TEST_NORM_CASES_H

#include "check.h"
#include "port_cases.h"

static kfix_real x[ROOM], g[ROOM], start[ROOM], got[ROOM];
static kfix_real w[256], sums[256], moments[256];

static inline void norm_cases_begin(void) {
  port_crews_start();
  port_numbers(1, 2, ROOM, x);
  port_numbers(2, 2, ROOM, g);
  port_numbers(3, 2, ROOM, start);
  port_numbers(4, 2, 256, w);
  port_numbers(5, 20, 256, sums);
}

/* Channels around what stands side by side; one position; one row; many rows; rows that lie apart. */
typedef struct norm_case {
  size_t rows, positions, channels, apart;
} norm_case;

static const norm_case norms[] = {
    {1, 1, 1, 0},   {5, 35, 1, 0},  {64, 1, 3, 0},  {7, 35, 3, 2},  {9, 6, 15, 1},
    {3, 35, 31, 5}, {32, 1, 33, 7}, {11, 4, 33, 0}, {13, 9, 64, 3}, {6, 35, 70, 1},
    {257, 2, 1, 1}, {65, 3, 70, 0}, {1, 35, 33, 0}, {1, 1, 64, 0},  {19, 35, 16, 2},
};
#define NORMS (sizeof norms / sizeof *norms)

typedef enum norm_kernel { MOMENTS, NORM, SUMS, BACK, KERNELS } norm_kernel;

typedef struct norm_run {
  const norm_case *c;
  norm_kernel kernel;
  kfix_real beta;
} norm_run;

static inline size_t ld_of(const norm_case *c) {
  return c->positions * c->channels + c->apart;
}

/* Of sums: of so many numbers those that norm_back is given are. */
static inline size_t count_of(const norm_case *c) {
  return c->rows * c->positions;
}

/* What rows [first, first + rows) come to; `moments` are there. */
static inline kfix_status run_rows(const kfix_device *d, const norm_run *t, size_t first,
                                   size_t rows, kfix_real *out) {
  const norm_case *c = t->c;
  const kfix_port *port = d->port;
  const size_t ld = ld_of(c), n = c->channels;
  const kfix_real *here = x + first * ld, *along = g + first * ld;
  switch (t->kernel) {
    case MOMENTS:
      return port->norm_moments(d, rows, c->positions, n, here, ld, out);
    case NORM:
      return port->norm(d, rows, c->positions, n, here, ld, moments, w, t->beta, out + first * ld,
                        ld);
    case SUMS:
      return port->norm_sums(d, rows, c->positions, n, here, ld, moments, along, ld,
                             out + first * (2 * n + c->apart), 2 * n + c->apart);
    default:
      return port->norm_back(d, rows, c->positions, n, here, ld, moments, w, sums, count_of(c),
                             along, ld, t->beta, out + first * ld, ld);
  }
}

static inline void run(const kfix_device *d, const norm_run *t, kfix_real *out) {
  memcpy(out, start, sizeof start);
  CHECK(ld_of(t->c) * t->c->rows <= ROOM && 2 * t->c->channels <= 256);
  CHECK_INT(KFIX_OK, run_rows(d, t, 0, t->c->rows, out));
}

/* Moments of x into `moments`, on the reference port. */
static inline void take_moments(const norm_case *c) {
  const kfix_device d = port_device(0, 1);
  CHECK_INT(KFIX_OK,
            d.port->norm_moments(&d, c->rows, c->positions, c->channels, x, ld_of(c), moments));
}

/* With each kernel, and where there is one, with each beta. */
static inline void each_run(const norm_case *c, void (*look)(const norm_run *t)) {
  take_moments(c);
  for (int variant = 0; variant < 2 * KERNELS; variant++) {
    const norm_run t = {c, (norm_kernel)(variant % KERNELS), (kfix_real)(variant / KERNELS)};
    if (t.beta == 0 || t.kernel == NORM || t.kernel == BACK) look(&t);
  }
}

#endif
