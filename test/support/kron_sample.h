/* SPDX-License-Identifier: Apache-2.0
 * Examples of a layer, their decomposition by the library, and what it should be. */
#ifndef KFIX_TEST_KRON_SAMPLE_H
#define KFIX_TEST_KRON_SAMPLE_H

#include "factor/kron_svd.h"

enum {
  SAMPLE_SIDE_MAX = 12,
  SAMPLE_Z_MAX = SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX * SAMPLE_SIDE_MAX,
  SAMPLE_MORE = 2
};

typedef enum data_kind { PLAIN, EQUAL_ROWS, HEAVY, NON_NEGATIVE, TINY, HUGE_ONES } data_kind;

/* Examples of one layer and all that a decomposition needs, in memory of its own. */
typedef struct sample {
  const kfix_port *port;
  size_t rows, a, g, more, ld;
  kfix_real *x, *y, *gram_x, *gram_y, *norm_x, *norm_y, *weights, *minus, *left, *right, *scratch;
  kfix_real *factor[2][SAMPLE_MORE]; /* packed */
  kfix_kron_space space;
  void *port_scratch;
  kfix_device device;
} sample;

/* Random examples and `more` random factors on both sides; weights 1 / rows, 0.75 and 0.5. */
void sample_begin(sample *s, const kfix_port *port, size_t rows, size_t a, size_t g, size_t more,
                  data_kind kind, uint64_t seed);
void sample_end(sample *s);

kfix_status sample_decompose(sample *s, size_t rank, kfix_kron_order order, int with_minus,
                             kfix_kron_pairs *pairs);

/* The matrix that these coefficients stand for, on side 0 (a x a) or 1 (g x g). */
void sample_matrix(sample *s, int side, const kfix_real *c, double *out);
/* Z, or, with minus, Z less the Kronecker product of the factors that minus stands for. */
void sample_z(sample *s, int with_minus, double *z);
/* What the library's terms add up to. */
void sample_terms(sample *s, size_t rank, double *z);

#endif
