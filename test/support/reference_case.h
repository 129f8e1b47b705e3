/* SPDX-License-Identifier: Apache-2.0
 * A small network, random data for it, a trainer of the library in an arena of its own, and the
 * reference network beside it: what most tests of training start from. */
#ifndef KFIX_TEST_REFERENCE_CASE_H
#define KFIX_TEST_REFERENCE_CASE_H

#include "core/context.h"
#include "kfix.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"
#include "reference_net.h"

/* Not moved once it has begun: its parts point to one another. */
typedef struct ref_case {
  kfix_net net;
  kfix_node_spec nodes[REF_LAYERS];
  ref_net ref;
  size_t rows;
  kfix_real *x, *y; /* data as the library sees them */
  double *xd, *yd;  /* and as the reference does */
  double *sampled;  /* targets seen by case_watch, rows x outputs */
  double *delta;    /* the direction that it saw last, in the reference's layout */
  size_t observed;  /* rows of them, counted */
  kfix_table table;
  kfix_batch batch;
  kfix_options options; /* the defaults; change them before case_create */
  kfix *k;
  void *arena;
  size_t bytes;
} ref_case;

/* A net with `depth` layers of these widths (widths[0]: inputs), `inner` in all but the last layer,
 * whose activation the loss fixes unless it is mse; chunk 64, row block 32, one thread; data for
 * `rows` rows from this seed; default options. */
void case_begin(ref_case *c, kfix_loss loss, size_t depth, const uint32_t *widths,
                kfix_activation inner, kfix_activation output, size_t rows, uint32_t seed);
/* The trainer, in an arena of the right size; NULL port: kfix_port_ref. */
kfix_status case_create(ref_case *c, kfix_method method, const kfix_port *port, kfix_crew *crew);
/* Random weights and biases in place of the library's own. */
kfix_status case_random_weights(ref_case *c, uint32_t seed, double size);
/* Gives back the trainer's arena; case_create may follow. */
void case_destroy(ref_case *c);
void case_end(ref_case *c);

/* A parameter vector by kfix_view's name for it, in the reference's layout. */
kfix_status case_view(ref_case *c, const char *name, double *out);
/* The library's layout of a reference vector, for kernels. out: c->k->parameters reals. */
void case_vector(const ref_case *c, const double *in, kfix_real *out);
/* Symmetric matrix of a layer (from 0) by name. */
kfix_status case_matrix(ref_case *c, const char *name, size_t layer, double *out);
/* From now on each step leaves its targets and its direction in the case. */
void case_watch(ref_case *c);

/* Uniform on (-1, 1), standard normal: by a generator of their own. */
double case_uniform(uint64_t *state);
double case_normal(uint64_t *state);

/* ||a - b|| / (||b|| + tiny). */
double relative_distance(const double *a, const double *b, size_t n);

#endif
