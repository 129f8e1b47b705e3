/* SPDX-License-Identifier: Apache-2.0
 * Samples for tests of the Kronecker SVD. */
#include "kron_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "reference_case.h"
#include "reference_kron.h"

static double draw(data_kind kind, uint64_t *state) {
  const double z = case_normal(state);
  return kind == NON_NEGATIVE ? fabs(z) : z;
}

static kfix_real *rows_of(size_t rows, size_t cols, data_kind kind, uint64_t *state) {
  const size_t ld = KFIX_LD(cols);
  kfix_real *x = calloc(rows * ld + 1, sizeof *x);
  for (size_t t = 0; t < rows; t++) {
    double size = kind == TINY ? 1e-11 : kind == HUGE_ONES ? 1e9 : 1;
    if (kind == HEAVY) size = exp(3 * case_normal(state));
    for (size_t j = 0; j < cols; j++)
      x[t * ld + j] = (kfix_real)(kind == EQUAL_ROWS && t >= 3 ? (double)x[(t % 3) * ld + j]
                                                               : size * draw(kind, state));
  }
  return x;
}

static kfix_device device_of(const kfix_port *port, void **scratch) {
  const size_t bytes = port->scratch_bytes(1 << 16, 512, 1, 512);
  *scratch = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN));
  return (kfix_device){port, NULL, *scratch, bytes, 1, NULL};
}

static kfix_real *reals(size_t count) {
  const size_t bytes = KFIX_ROUND_UP(count * sizeof(kfix_real) + 1, (size_t)KFIX_ALIGN);
  kfix_real *x = aligned_alloc(KFIX_ALIGN, bytes);
  memset(x, 0xff, bytes);
  return x;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

void sample_begin(sample *s, const kfix_port *port, size_t rows, size_t a, size_t g, size_t more,
                  data_kind kind, uint64_t seed) {
  memset(s, 0, sizeof *s);
  s->port = port;
  s->device = device_of(port, &s->port_scratch);
  s->rows = rows;
  s->a = a;
  s->g = g;
  s->more = more;
  s->ld = KFIX_LD(rows + more);
  s->x = rows_of(rows, a, kind, &seed);
  s->y = rows_of(rows, g, kind, &seed);
  s->gram_x = reals((rows + more) * s->ld);
  s->gram_y = reals((rows + more) * s->ld);
  s->left = reals(KFIX_KRON_RANK_MAX * s->ld);
  s->right = reals(KFIX_KRON_RANK_MAX * s->ld);
  s->weights = reals(s->ld);
  s->minus = reals(s->ld);
  s->norm_x = reals(s->ld);
  s->norm_y = reals(s->ld);
  const size_t side = larger(a, g);
  s->scratch =
      reals(larger(larger(KFIX_KRON_GRAM_REALS(rows, side), KFIX_KRON_SUM_REALS(rows, side)),
                   KFIX_KRON_SVD_REALS(rows + more)));
  for (size_t t = 0; t < rows; t++) s->weights[t] = (kfix_real)(1 / (double)rows);
  for (size_t side_of = 0; side_of < 2; side_of++)
    for (size_t e = 0; e < SAMPLE_MORE; e++) {
      const size_t count = KFIX_TRIANGLE(side_of ? g : a);
      s->factor[side_of][e] = reals(count);
      for (size_t i = 0; i < count; i++) s->factor[side_of][e][i] = (kfix_real)case_normal(&seed);
    }
  for (size_t e = 0; e < more; e++) s->weights[rows + e] = (kfix_real)(e ? 0.5 : 0.75);
}

void sample_end(sample *s) {
  void *const all[] = {s->x,
                       s->y,
                       s->gram_x,
                       s->gram_y,
                       s->norm_x,
                       s->norm_y,
                       s->weights,
                       s->minus,
                       s->left,
                       s->right,
                       s->scratch,
                       s->factor[0][0],
                       s->factor[0][1],
                       s->factor[1][0],
                       s->factor[1][1],
                       s->port_scratch};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

kfix_status sample_decompose(sample *s, size_t rank, kfix_kron_order order, int with_minus,
                             kfix_kron_pairs *pairs) {
  const kfix_real *const fx[] = {s->factor[0][0], s->factor[0][1]};
  const kfix_real *const fy[] = {s->factor[1][0], s->factor[1][1]};
  KFIX_TRY(kfix_kron_gram(&s->device, s->rows, s->a, s->x, KFIX_LD(s->a), s->more, fx, s->gram_x,
                          s->ld, s->norm_x, s->scratch));
  KFIX_TRY(kfix_kron_gram(&s->device, s->rows, s->g, s->y, KFIX_LD(s->g), s->more, fy, s->gram_y,
                          s->ld, s->norm_y, s->scratch));
  s->space = (kfix_kron_space){s->rows + s->more,
                               s->ld,
                               s->gram_x,
                               s->gram_y,
                               s->norm_x,
                               s->norm_y,
                               s->weights,
                               with_minus ? s->minus : NULL,
                               s->more == 0 && !with_minus};
  return kfix_kron_svd(&s->device, &s->space, rank, order, s->left, s->right, pairs, s->scratch);
}

static void full(size_t n, const kfix_real *packed, double *out) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      out[i * n + j] = out[j * n + i] = (double)packed[KFIX_TRIANGLE(i) + j];
}

void sample_matrix(sample *s, int side, const kfix_real *c, double *out) {
  const size_t n = side ? s->g : s->a;
  kfix_real packed[KFIX_TRIANGLE(SAMPLE_SIDE_MAX)] = {0};
  const kfix_real *x = side ? s->y : s->x;
  CHECK_INT(KFIX_OK, kfix_kron_sum(&s->device, s->rows, n, c, x, KFIX_LD(n), packed, s->scratch));
  for (size_t e = 0; e < s->more; e++)
    for (size_t i = 0; i < KFIX_TRIANGLE(n); i++)
      packed[i] += c[s->rows + e] * s->factor[side][e][i];
  full(n, packed, out);
}

static double *doubles(size_t rows, size_t cols, const kfix_real *x) {
  double *out = malloc((rows * cols + 1) * sizeof *out);
  for (size_t i = 0; i < rows * cols; i++) out[i] = (double)x[i / cols * KFIX_LD(cols) + i % cols];
  return out;
}

void sample_z(sample *s, int with_minus, double *z) {
  double *x = doubles(s->rows, s->a, s->x), *y = doubles(s->rows, s->g, s->y);
  double l[SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX], r[SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX];
  memset(z, 0, SAMPLE_Z_MAX * sizeof *z);
  ref_kron_add_rows(s->rows, s->a, s->g, 1 / (double)s->rows, x, y, z);
  for (size_t e = 0; e < s->more; e++) {
    full(s->a, s->factor[0][e], l);
    full(s->g, s->factor[1][e], r);
    ref_kron_add(s->a, s->g, (double)s->weights[s->rows + e], l, r, z);
  }
  if (with_minus) {
    sample_matrix(s, 0, s->minus, l);
    sample_matrix(s, 1, s->minus, r);
    ref_kron_add(s->a, s->g, -1, l, r, z);
  }
  free(x);
  free(y);
}

void sample_terms(sample *s, size_t rank, double *z) {
  double l[SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX], r[SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX];
  memset(z, 0, SAMPLE_Z_MAX * sizeof *z);
  for (size_t i = 0; i < rank; i++) {
    sample_matrix(s, 0, s->left + i * s->ld, l);
    sample_matrix(s, 1, s->right + i * s->ld, r);
    ref_kron_add(s->a, s->g, 1, l, r, z);
  }
}
