/* SPDX-License-Identifier: Apache-2.0
 * Weights of examples. They are the host's numbers; kernels see them as a column at the beginning of
 * MEAN, which is free wherever rows are scaled. */
#include <math.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "net/net.h"

kfix_status kfix_take_weights(kfix *k, const kfix_batch *batch) {
  const kfix_real *w = batch->weights;
  double sum = 0;
  int equal = 1;
  k->weights = NULL;
  k->chunk_first = 0;
  if (!w) return KFIX_OK;
  for (size_t i = 0; i < batch->rows; i++) {
    if (!(w[i] >= 0) || !isfinite(w[i])) return KFIX_WEIGHTS;
    equal &= w[i] == w[0];
    sum += (double)w[i];
  }
  if (!(sum > 0)) return KFIX_WEIGHTS;
  if (!equal) k->weights = w;
  return KFIX_OK;
}

double kfix_mass(const kfix *k, size_t first, size_t rows) {
  double sum = 0;
  if (!k->weights) return (double)rows;
  for (size_t i = 0; i < rows; i++) sum += (double)k->weights[first + i];
  return sum;
}

/* Of rows that belong to examples, `each` of them to one, from row `at` of the first example on. */
static kfix_status upload(kfix *k, const kfix_real *w, size_t at, size_t each, size_t rows,
                          kfix_weighing how, kfix_real *out) {
  kfix_real piece[64];
  for (size_t done = 0, count; done < rows; done += count) {
    count = kfix_smaller(rows - done, 64);
    for (size_t i = 0; i < count; i++) {
      const kfix_real weight = w[(at + done + i) / each];
      piece[i] = how == KFIX_WEIGH_BY_ROOT ? kfix_sqrt(weight) : weight;
    }
    KFIX_RUN(k, upload, out + done, piece, count * sizeof *piece);
  }
  return KFIX_OK;
}

kfix_status kfix_upload_weights(kfix *k, size_t first, size_t rows, kfix_weighing how,
                                kfix_real *out) {
  return upload(k, k->weights + first, 0, 1, rows, how, out);
}

kfix_status kfix_upload_roots(kfix *k, const kfix_slice *s, kfix_real *out) {
  const kfix_real *w = k->weights + k->chunk_first + s->first;
  return upload(k, w, s->at, s->windows, s->rows, KFIX_WEIGH_BY_ROOT, out);
}

kfix_status kfix_put_weights(kfix *k, size_t first, size_t rows, kfix_weighing how) {
  return kfix_upload_weights(k, k->chunk_first + first, rows, how, k->buffer[KFIX_NET_MEAN].at[0]);
}

kfix_status kfix_scale_rows(kfix *k, size_t rows, size_t cols, kfix_rows x, kfix_rows out) {
  KFIX_RUN(k, scale_rows, rows, cols, k->buffer[KFIX_NET_MEAN].at[0], x.at, x.ld, out.at, out.ld);
  return KFIX_OK;
}

kfix_status kfix_blocks_of(kfix *k, size_t first, size_t rows, kfix_real *room,
                           kfix_row_blocks *blocks) {
  const size_t block = k->net->row_block;
  *blocks = (kfix_row_blocks){NULL, block - first % block, block};
  if (!k->weights) return KFIX_OK;
  KFIX_RUN(k, upload, room, k->weights + k->chunk_first + first, rows * sizeof *room);
  blocks->weights = room;
  return KFIX_OK;
}

/* Rows whose copies fit into what is lent to them (KFIX_LOAN_WEIGHED_ROWS): a part of those that are summed
 * together, which does not depend on the chunk. One always fits. */
static size_t rows_at_once(const kfix *k, size_t together, size_t ld) {
  size_t rows = together;
  while (rows > 1 && rows * ld > k->parameters) rows /= 2;
  return rows;
}

/* *copy = rows of x from `done` on, scaled `times` times; how many. */
static kfix_status scaled_copy(kfix *k, const kfix_real *roots, size_t rows, size_t cols,
                               const kfix_real *x, size_t ldx, int times, kfix_rows *copy) {
  *copy = (kfix_rows){kfix_loan(k, KFIX_LOAN_WEIGHED_ROWS), KFIX_LD(cols)};
  KFIX_RUN(k, scale_rows, rows, cols, roots, x, ldx, copy->at, copy->ld);
  if (times > 1) KFIX_RUN(k, scale_rows, rows, cols, roots, copy->at, copy->ld, copy->at, copy->ld);
  return KFIX_OK;
}

kfix_status kfix_add_weighted_square(kfix *k, const kfix_slice *s, size_t n, double alpha,
                                     kfix_rows a, kfix_real *packed) {
  if (!k->weights) return kfix_add_square(k, s->together, n, s->rows, alpha, a, packed);
  const size_t most = rows_at_once(k, s->together, KFIX_LD(n));
  kfix_rows copy;
  for (size_t done = 0, count; done < s->rows; done += count) {
    count = kfix_smaller(s->rows - done, most);
    KFIX_TRY(scaled_copy(k, s->roots + done, count, n, a.at + done * a.ld, a.ld, 1, &copy));
    KFIX_TRY(kfix_add_square(k, s->together, n, count, alpha, copy, packed));
  }
  return KFIX_OK;
}

kfix_status kfix_add_weighted_product(kfix *k, const kfix_slice *s, size_t m, size_t n,
                                      double alpha, kfix_rows a, kfix_rows b, kfix_real *c,
                                      size_t ldc) {
  if (!k->weights) return kfix_add_product(k, s->together, m, n, s->rows, alpha, a, b, 1, c, ldc);
  const size_t most = rows_at_once(k, s->together, KFIX_LD(m));
  kfix_rows copy;
  for (size_t done = 0, count; done < s->rows; done += count) {
    count = kfix_smaller(s->rows - done, most);
    KFIX_TRY(scaled_copy(k, s->roots + done, count, m, a.at + done * a.ld, a.ld, 2, &copy));
    const kfix_rows other = {b.at + done * b.ld, b.ld};
    KFIX_TRY(kfix_add_product(k, s->together, m, n, count, alpha, copy, other, 1, c, ldc));
  }
  return KFIX_OK;
}
