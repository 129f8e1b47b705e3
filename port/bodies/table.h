/* SPDX-License-Identifier: Apache-2.0 */
/* Template: All kernels of this folder, and their lines in a port's table. */
#ifndef KFIX_CPU_TABLE_H
#define KFIX_CPU_TABLE_H

#include "port/bodies/elements.h"
#include "port/bodies/forward.h"
#include "port/bodies/layers.h"
#include "port/bodies/losses.h"
#include "port/bodies/moments.h"
#include "port/bodies/pairs.h"
#include "port/bodies/passes.h"
#include "port/bodies/predictions.h"
#include "port/bodies/symmetric.h"
#include "port/bodies/vectors.h"

/* Eigenproblems alone use these. Where code bytes are dear and no method of KFIX_METHODS
 * (core/method.h) has any, -DKFIX_WITHOUT_EIGEN leaves them out. */
#ifdef KFIX_WITHOUT_EIGEN
#define KFIX_CPU_EIGEN_TABLE .symv = NULL
#else
#include "port/bodies/matvec.h"
#include "port/bodies/secular.h"
#define KFIX_CPU_EIGEN_TABLE                                                             \
  .symv = kfix_cpu_symv, .gemv = kfix_cpu_gemv, .secular_roots = kfix_cpu_secular_roots, \
  .secular_weights = kfix_cpu_secular_weights, .secular_vectors = kfix_cpu_secular_vectors
#endif

/* Every entry of kfix_port but its name, available, scratch_bytes and the products. */
#define KFIX_CPU_TABLE                                                                 \
  KFIX_CPU_FORWARD_TABLE, KFIX_CPU_EIGEN_TABLE,                                        \
      .unpack = kfix_cpu_unpack, .pack = kfix_cpu_pack, .trace = kfix_cpu_trace,       \
      .differentiate = kfix_cpu_differentiate, .sample = kfix_cpu_sample,              \
      .residual = kfix_cpu_residual, .loss = kfix_cpu_loss, .fisher = kfix_cpu_fisher, \
      .axpby = kfix_cpu_axpby, .dot = kfix_cpu_dot, .dots = kfix_cpu_dots,             \
      .decay = kfix_cpu_decay, .move = kfix_cpu_move, .adam = kfix_cpu_adam,           \
      .copy = kfix_cpu_copy, .multiply = kfix_cpu_multiply, .divide = kfix_cpu_divide, \
      .scale_rows = kfix_cpu_scale_rows, .divide_kron = kfix_cpu_divide_kron,          \
      .decouple = kfix_cpu_decouple, .upload = kfix_cpu_transfer, .download = kfix_cpu_transfer

#endif
