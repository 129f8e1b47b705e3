/* SPDX-License-Identifier: Apache-2.0
 * The table of the reference port. */
#include "port/ref/ref.h"

#include "port/ref/ref_product.h"

static unsigned kfix_cpu_tasks(const kfix_device *d, size_t items, size_t cost) {
  (void)d, (void)items, (void)cost;
  return 1;
}

#include "port/cpu/elements.h"
#include "port/cpu/layers.h"
#include "port/cpu/losses.h"
#include "port/cpu/matvec.h"
#include "port/cpu/moments.h"
#include "port/cpu/pairs.h"
#include "port/cpu/predictions.h"
#include "port/cpu/rounding.h"
#include "port/cpu/secular.h"
#include "port/cpu/symmetric.h"
#include "port/cpu/vectors.h"

static kfix_status available(void) {
  static const kfix_real a[] = KFIX_ROUNDING_LEFT, b[] = KFIX_ROUNDING_RIGHT;
  kfix_real c = 1;
  KFIX_TRY(kfix_ref_gemm(NULL, KFIX_N, KFIX_N, 1, 1, KFIX_ROUNDING_DEPTH, 1, a, KFIX_ROUNDING_DEPTH,
                         b, 1, 0, &c, 1));
  return c == KFIX_ROUNDING_ANSWER ? KFIX_OK : KFIX_PORT_ROUNDING;
}

static size_t scratch_bytes(size_t parameters, size_t chunk, unsigned threads) {
  (void)threads;
  return KFIX_PORT_SCRATCH_ref(parameters, chunk, threads);
}

const kfix_port kfix_port_ref = {
    .name = "ref",
    .is_host = 1,
    .available = available,
    .scratch_bytes = scratch_bytes,
    .gemm = kfix_ref_gemm,
    .syrk = kfix_ref_syrk,
    .symv = kfix_cpu_symv,
    .gemv = kfix_cpu_gemv,
    .unpack = kfix_cpu_unpack,
    .pack = kfix_cpu_pack,
    .trace = kfix_cpu_trace,
    .activate = kfix_cpu_activate,
    .differentiate = kfix_cpu_differentiate,
    .predict = kfix_cpu_predict,
    .sample = kfix_cpu_sample,
    .residual = kfix_cpu_residual,
    .loss = kfix_cpu_loss,
    .fisher = kfix_cpu_fisher,
    .axpby = kfix_cpu_axpby,
    .dot = kfix_cpu_dot,
    .nonfinite = kfix_cpu_nonfinite,
    .adam = kfix_cpu_adam,
    .fill = kfix_cpu_fill,
    .copy = kfix_cpu_copy,
    .multiply = kfix_cpu_multiply,
    .divide = kfix_cpu_divide,
    .scale_rows = kfix_cpu_scale_rows,
    .divide_kron = kfix_cpu_divide_kron,
    .decouple = kfix_cpu_decouple,
    .upload = kfix_cpu_transfer,
    .download = kfix_cpu_transfer,
    .secular_roots = kfix_cpu_secular_roots,
    .secular_weights = kfix_cpu_secular_weights,
    .secular_vectors = kfix_cpu_secular_vectors,
};
