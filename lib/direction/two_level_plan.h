/* SPDX-License-Identifier: Apache-2.0
 * The memory of two-level directions: the columns of the coarse space, what they give for each example,
 * and the small system that the host solves. */
#ifndef KFIX_DIRECTION_TWO_LEVEL_PLAN_H
#define KFIX_DIRECTION_TWO_LEVEL_PLAN_H

#include "../../port/port.h"
#include "block_plan.h"

/* kfix_reals that hold so many doubles. */
#define KFIX_REALS_OF_DOUBLES(count) ((size_t)(count) * sizeof(double) / KFIX_REAL_BYTES)

/* Doubles of the device: two products for each column, and the products of columns of one block. Those that
 * the host works in for n columns: F_coarse and what stands for it, packed; a factor; vectors of the
 * system; and numbers on their way (kfix_coarse_read). */
#define KFIX_COARSE_SLOTS(blocks, coarse) \
  ((size_t)(blocks) * (2 * (size_t)(coarse) + KFIX_TRIANGLE(coarse)))
#define KFIX_COARSE_DOUBLES(n) (2 * KFIX_TRIANGLE(n) + (size_t)(n) * (n) + 16 * (size_t)(n))

#define KFIX_two_level_ALONG_HOST(R, blocks, coarse)                                            \
  R(COARSE_HOST, HOST, KFIX_REALS_OF_DOUBLES(KFIX_COARSE_DOUBLES((size_t)(blocks) * (coarse))), \
    "F_coarse and the system that beta solves")
#define KFIX_two_level_ALONG_NET(R, P, rows, blocks, coarse)                          \
  R(COARSE_SPACE, STEP, (size_t)(coarse) * (P), "columns V of the coarse space")      \
  R(COARSE_R, STEP, (P), "residual r, then F times a column")                         \
  R(COARSE_MU, STEP, (size_t)(rows)*KFIX_LD((size_t)(blocks) * (coarse)),             \
    "mu = J^T V, examples x columns")                                                 \
  R(COARSE_OF_DELTA, STEP, KFIX_LD(rows), "J^T Delta")                                \
  R(COARSE_OF_COLUMN, STEP, KFIX_LD(rows), "J^T of a column of all blocks")           \
  R(COARSE_SIDE, STEP, 2 * (size_t)(rows)*KFIX_LD(blocks),                            \
    "Abar v_A and G v_G of columns v_G v_A^T")                                        \
  R(COARSE_GRAM, STEP, KFIX_TRIANGLE((size_t)(blocks) * (coarse)), "mu^T mu, packed") \
  R(COARSE_SIDE_GRAM, STEP, KFIX_TRIANGLE(blocks), "moments of the sums (tko)")       \
  R(COARSE_RIGHT, STEP, KFIX_LD((size_t)(blocks) * (coarse)), "mu^T J^T Delta")       \
  R(COARSE_NUMBERS, STEP, KFIX_REALS_OF_DOUBLES(KFIX_COARSE_SLOTS(blocks, coarse)),   \
    "products of columns with vectors")
#define KFIX_REGIONS_COARSE(R, cols, out)                                             \
  R(SPECTRAL_A, INVERSE, (cols), "eigenvector of A's smallest eigenvalue (spectral)") \
  R(SPECTRAL_G, INVERSE, (out), "eigenvector of G's smallest eigenvalue (spectral)")  \
  R(COARSE_PI, INVERSE, 1, "pi of the factors (tko)")
#define KFIX_two_level_ALONG_ORDER(rows, blocks, coarse) ((size_t)(blocks) * (coarse))
#define KFIX_two_level_ALONG_BLOCK(R, aside, seen, units, cols, out) \
  KFIX_REGIONS_EXAMPLES(R, aside, seen, units) KFIX_REGIONS_COARSE(R, cols, out)

/* An eigenproblem with its vectors and values. */
#define KFIX_SPECTRAL_REALS(n) (KFIX_EIGENS_REALS(n) + KFIX_LD((size_t)(n) * (n)) + KFIX_LD(n))
#define KFIX_two_level_ALONG_SCRATCH(cols, out, units, row_block, images) \
  KFIX_LARGER(KFIX_JACOBIAN_REALS(units, row_block),                      \
              KFIX_SPECTRAL_REALS(KFIX_LARGER((size_t)(cols), (size_t)(out))))

enum {
  KFIX_two_level_ALONG_HOST(KFIX_ALONG_ENUM, 0, 0)
      KFIX_two_level_ALONG_NET(KFIX_ALONG_ENUM, 0, 0, 0, 0) KFIX_COARSE_NET_COUNT
};
enum {
  KFIX_COARSE_BEGIN = KFIX_EXAMPLE_COUNT - 1,
  KFIX_REGIONS_COARSE(KFIX_ALONG_ENUM, 0, 0) KFIX_COARSE_BLOCK_COUNT
};

#endif
