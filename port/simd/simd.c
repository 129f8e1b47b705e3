/* SPDX-License-Identifier: Apache-2.0
 * The table of the vector port. */
#include "port/simd/simd.h"

#include <string.h>

#include "core/random.h"
#include "port/simd/simd_headers.h"
#include "port/simd/simd_kernel.h"
#include "port/simd/simd_product.h"
#include "port/simd/target_begin.h"

/* Below so many operations a second thread costs more than it brings. */
#define WORTH_A_THREAD 20000

static unsigned kfix_cpu_tasks(const kfix_device *d, size_t items, size_t cost) {
  if (!d->crew) return 1;
  const size_t worth = items * cost / WORTH_A_THREAD;
  size_t tasks = d->crew->threads < d->threads_max ? d->crew->threads : d->threads_max;
  if (tasks > worth) tasks = worth;
  if (tasks > items) tasks = items;
  return tasks < 1 ? 1 : (unsigned)tasks;
}

#include "port/cpu/elements.h"
#include "port/cpu/layers.h"
#include "port/cpu/losses.h"
#include "port/cpu/matvec.h"
#include "port/cpu/moments.h"
#include "port/cpu/pairs.h"
#include "port/cpu/predictions.h"
#include "port/cpu/secular.h"
#include "port/cpu/symmetric.h"
#include "port/cpu/vectors.h"
#include "port/simd/target_end.h"

static int has_instructions(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 1;
#endif
}

static kfix_status available(void) {
  return has_instructions() ? kfix_simd_check() : KFIX_PORT;
}

static size_t scratch_bytes(size_t parameters, size_t chunk, unsigned threads) {
  return KFIX_PORT_SCRATCH_simd(parameters, chunk, threads);
}

const kfix_port kfix_port_simd = {
    .name = "simd",
    .is_host = 1,
    .available = available,
    .scratch_bytes = scratch_bytes,
    .gemm = kfix_simd_gemm,
    .syrk = kfix_simd_syrk,
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
