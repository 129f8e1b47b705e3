/* SPDX-License-Identifier: Apache-2.0
 * One curvature of the library at work on one block: a trainer of a single layer, whose statistics
 * come from the caller's examples. What is measured is what the library computes in training, not a
 * second implementation. */
#ifndef KFIX_TOOLS_BLOCK_LAB_H
#define KFIX_TOOLS_BLOCK_LAB_H

#include "block_rows.h"
#include "files/tool_error.h"
#include "lib/kfix.h"

#define BLOCK_FACTORS_MAX 4

/* A method that approximates each block by itself, and the library's names of its factors, in the
 * order of block_factors: A_1, G_1, A_2, G_2, or U_A, U_G, s, or D. */
typedef struct block_method {
  const char *name;
  int terms;
  const char *factor[BLOCK_FACTORS_MAX]; /* NULL past the last; D alone: a diagonal */
  const char *variant_of; /* the library's method, where that is another: with averaged scalings */
} block_method;

/* The i-th that this library has, NULL past the last. variants: with those that differ from others
 * only between refreshes. */
const block_method *block_method_at(int i, int variants);

typedef struct block_lab {
  const block_method *method;
  kfix *k;
  const kfix_port *port;
  kfix_crew *crew;
  void *arena;
  size_t bytes;
  kfix_node_spec
      node; /* where there are positions, a convolution of 1 x 1 over a row of so many patches */
  int by_pairs;
  kfix_net net; /* the trainer points to it: a lab is not moved */
  kfix_real *factor[BLOCK_FACTORS_MAX];
} block_lab;

/* For blocks of that shape and up to `rows` examples. handles and memory end with block_lab_close,
 * which a failed open has called. */
int block_lab_open(block_lab *lab, const block_method *method, const block_rows *shape,
                   const kfix_port *port, kfix_crew *crew, tool_error *err);
void block_lab_close(block_lab *lab);

/* Factors from these examples alone, and the inverse, damped by gamma; gamma < 0: no inverse, nor an
 * eigenbasis. What the lab held before is forgotten, so the bits depend on nothing else. */
int block_lab_absorb(block_lab *lab, const block_rows *f, double gamma, tool_error *err);

/* What lies between two refreshes: a method with an eigenbasis takes its scalings from these
 * examples, a variant with averaged scalings keeps the part `decay` of those before; the basis
 * stays. Any other keeps what it has. */
int block_lab_track(block_lab *lab, const block_rows *f, double decay, tool_error *err);

/* The factors as they stand; they stay the lab's, until the next call of it. */
int block_lab_factors(block_lab *lab, block_factors *out, tool_error *err);

/* u = the damped inverse times v; both out x in, dense. */
int block_lab_apply(block_lab *lab, const kfix_real *v, kfix_real *u, tool_error *err);

/* Entries of 1 + s1 s2 that this inverse has raised to the floor; NaN: the method has none. */
double block_lab_floored(const block_lab *lab);

#endif
