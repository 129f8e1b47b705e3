/* SPDX-License-Identifier: Apache-2.0
 * What the library computes through: one const table of functions per port, in three parts:
 * kernels (kernels.h), factorizations (factorizations.h), the Kronecker SVD (kronecker.h).
 *
 * Code in lib/net, lib/curvature and lib/optim never touches a matrix element; each step that does
 * is a kernel. So one body of algorithm code runs on every port.
 *
 * THE ARITHMETIC. A CPU port gives the bits described here, whatever its threads, vector width or
 * compiler; conformance between CPU ports is bit equality. A GPU port states a tolerance instead.
 *   products      per output element: k ascending in blocks of KFIX_KC; within a block
 *                 acc = fma(a_k, b_k, acc) from zero; then c = c + acc, block after block. alpha is
 *                 folded in first: a_k = alpha * a_k, rounded. beta is 0 (c starts at zero and is
 *                 not read) or 1. So k split at a multiple of KFIX_KC over two calls gives the
 *                 same bits.
 *   element-wise  as written, with explicit fma and no contraction (-ffp-contract=off).
 *   a row sum     KFIX_LANES_IN_SUM accumulators of type double, element j goes to lane j mod
 *                 KFIX_LANES_IN_SUM, ascending; then the lanes are halved: lane[j] += lane[j + 8],
 *                 4, 2, 1.
 *   a vector sum  is cut into blocks of KFIX_SUM_BLOCK elements, each summed as a row sum; block
 *                 sums are added in order, from zero.
 *   over rows     rows go by the blocks that the caller names (kfix_row_blocks): results of the rows
 *                 of a block, each times its weight, rounded, are added one by one, in order, from
 *                 zero; sums of blocks are added in order to what *out holds. So rows split over two
 *                 calls at the end of a block give the same bits.
 *   functions     exp, log, tanh ... from core/elementary.h; random words from core/philox.h.
 * Where this leaves a choice (which terms are double, how a row's maximum is taken), port/bodies has
 * made it, in one body that every CPU port compiles. Work is split by output, never by summand.
 *
 * CONVENTIONS. Matrices are row-major with a leading dimension; a batch is rows = examples. No
 * output overlaps an input unless the kernel's comment says so. Empty sizes are allowed and do
 * nothing, but a product with k = 0 and beta = 0 zeroes c. NaN in an input reaches the outputs that
 * depend on it. Pointers to kfix_real and to slots (double) are device pointers; on a CPU port they
 * are plain memory. Kernels are asynchronous on a device; `download` is the only one that waits.
 * Every kernel answers KFIX_OK, or KFIX_PORT when it could not run: another beta than 0 or 1, an
 * operand or activation that its comment excludes, a device that failed, which may show later, but
 * not later than at the next download. */
#ifndef KFIX_PORT_H
#define KFIX_PORT_H

#include "../lib/core/philox.h"
#include "../lib/core/real.h"
#include "../lib/core/status.h"
#include "factorizations.h"
#include "kronecker.h"
#include "port_types.h"

/* Each kernel with its contract, once: to be included where KFIX_KERNEL says what becomes of it. */
#define KFIX_KERNEL_LIST       "port/kernels.h"
#define KFIX_EIGEN_KERNEL_LIST "port/eigen_kernels.h"

#define KFIX_KC           256
#define KFIX_LANES_IN_SUM 16
#define KFIX_SUM_BLOCK    4096
#define KFIX_LANES_IN_DOT 8
#define KFIX_SYMV_BANDS   8
#define KFIX_SYMV_ROWS    64

/* Doubles that a port needs to keep the partial results of its reductions: `parameters` is the
 * length of the longest vector, `chunk` the number of rows of the largest batch it sees. */
#define KFIX_SUM_SCRATCH(parameters, chunk)                                               \
  (KFIX_ROUND_UP((size_t)(parameters), (size_t)KFIX_SUM_BLOCK) / (size_t)KFIX_SUM_BLOCK + \
   3 * (size_t)(chunk))

/* A port named P also defines constants in bytes: KFIX_PORT_SCRATCH_P(parameters, chunk, threads,
 * widest), `widest` the order of the largest packed matrix: inputs + 1 or outputs of a layer, or a direction's; and
 * KFIX_PORT_HOST_P(widest, rows), of the host for a device's port, `rows` in a Kronecker SVD. */

/* The function type of each kernel, kfix_kernel_NAME. */
#define KFIX_KERNEL(name, parameters, ...) typedef kfix_status kfix_kernel_##name parameters;
#include "kernels.h"
#define KFIX_KERNEL(name, parameters, ...) typedef kfix_status kfix_kernel_##name parameters;
#include "eigen_kernels.h"

typedef struct kfix_eigen_kernels {
#define KFIX_KERNEL(name, ...) kfix_kernel_##name *name;
#include "eigen_kernels.h"
} kfix_eigen_kernels;

struct kfix_port {
  const char *name;
  int is_host; /* device memory is host memory: the library may skip staging copies */

  /* KFIX_OK if this machine can run the port (instructions, device). */
  kfix_status (*available)(void);
  size_t (*scratch_bytes)(size_t parameters, size_t chunk, unsigned threads, size_t widest);
  /* The next three: NULL on a port that computes in host memory. Where a device's regions go: the
   * device memory that the caller's handles bring, and its bytes. */
  void *(*memory)(void *handles, size_t *bytes);
  size_t (*host_bytes)(size_t widest, size_t rows); /* NULL: none */
  /* Called once by kfix_create before the first kernel, when scratch and host are in place. */
  kfix_status (*begin)(const kfix_device *d, size_t parameters, size_t chunk, size_t widest,
                       void *host, size_t host_bytes);

  /* The kernels: a member for each line of kernels.h. */
#define KFIX_KERNEL(name, ...) kfix_kernel_##name *name;
#include "kernels.h"

  /* What lib/factor builds eigenproblems on; no part of the interface. NULL: there are none. */
  const kfix_eigen_kernels *eigen;
  const kfix_factorizations *factor; /* NULL: lib/factor does them */
  const kfix_kron_entries *kron;     /* NULL: likewise */
};

#endif
