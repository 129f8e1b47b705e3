/* SPDX-License-Identifier: Apache-2.0
 * Several inverses with one wait: small ones in batches, each one Cholesky factorization and two
 * solves for all its matrices; large ones one after another. */
#include "cuda_device.h"

#ifdef KFIX_REAL_DOUBLE
#define POTRF_BATCHED cusolverDnDpotrfBatched
#define TRSM_BATCHED  cublasDtrsmBatched_64
#else
#define POTRF_BATCHED cusolverDnSpotrfBatched
#define TRSM_BATCHED  cublasStrsmBatched_64
#endif

enum { LARGEST_ORDER = 256 };

/* Where each job's codes went, among `used` of them in the device's memory; what the host answered. */
typedef struct codes {
  size_t first[KFIX_JOBS_MAX], count[KFIX_JOBS_MAX], used, host[KFIX_JOBS_MAX];
} codes;

static int *claim(const kfix_device *d, codes *c, size_t job, size_t count) {
  int *at = kfix_cuda_of(d)->scratch.info + c->used;
  c->first[job] = c->used;
  c->count[job] = count;
  c->used += count;
  return at;
}

/* X from A X = 1 by A = U^T U, in columns. */
static kfix_status solve(const kfix_device *d, const kfix_spread_args *batch) {
  static const cublasOperation_t operations[] = {CUBLAS_OP_T, CUBLAS_OP_N};
  const kfix_real one = 1;
  const int64_t order = (int64_t)batch->order;
  kfix_real **factors = batch->pointers, **ones = batch->pointers + batch->count;
  for (int i = 0; i < 2; i++)
    KFIX_VENDOR(
        d, "cublasXtrsmBatched",
        TRSM_BATCHED(kfix_cuda_of(d)->cublas, CUBLAS_SIDE_LEFT, CUBLAS_FILL_MODE_UPPER,
                     operations[i], CUBLAS_DIAG_NON_UNIT, order, order, &one,
                     (const kfix_real *const *)factors, order, ones, order, (int64_t)batch->count));
  return KFIX_OK;
}

static kfix_status invert_batch(const kfix_device *d, kfix_spread_args *batch, int *info) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  const size_t items = batch->count * batch->order * batch->order;
  batch->a = (kfix_real *)(void *)cuda->scratch.solver;
  batch->one = batch->a + items;
  batch->pointers = (kfix_real **)(void *)(cuda->scratch.info + 2 * (size_t)KFIX_JOBS_MAX);
  KFIX_LAUNCH(d, spread, batch, items);
  KFIX_TRY(kfix_cuda_flush(d));
  KFIX_VENDOR(d, "cusolverDnXpotrfBatched",
              POTRF_BATCHED(cuda->cusolver, CUBLAS_FILL_MODE_UPPER, (int)batch->order,
                            batch->pointers, (int)batch->order, info, (int)batch->count));
  KFIX_TRY(solve(d, batch));
  KFIX_LAUNCH(d, gather, batch, items);
  return KFIX_OK;
}

/* Those that belong into batches of `order`, as many at a time as the solver's workspace holds. */
static kfix_status invert_small(const kfix_device *d, size_t order, size_t count,
                                const kfix_inverse_job *jobs, codes *c) {
  const size_t each = 2 * order * order * sizeof(kfix_real);
  const size_t fit = kfix_cuda_of(d)->scratch.solver_bytes / each;
  kfix_spread_args batch = {.order = order};
  int *info = NULL;
  for (size_t i = 0; i < count; i++) {
    if (!kfix_cuda_is_of_order(jobs[i].n, order)) continue;
    int *mine = claim(d, c, i, 1);
    if (batch.count == 0) info = mine;
    batch.jobs[batch.count++] = jobs[i];
    if (batch.count < fit) continue;
    KFIX_TRY(invert_batch(d, &batch, info));
    batch.count = 0;
  }
  return batch.count ? invert_batch(d, &batch, info) : KFIX_OK;
}

/* What is not positive definite on the host is told with all other answers. */
static kfix_status invert_large(const kfix_device *d, const kfix_inverse_job *jobs, size_t i,
                                codes *c) {
  kfix_real *full = kfix_cuda_of(d)->scratch.square[0];
  const size_t n = jobs[i].n, ld = KFIX_LD(n);
  kfix_cuda_room room;
  KFIX_TRY(kfix_cuda_unpack(d, n, jobs[i].factor, (kfix_real)jobs[i].shift, full, ld));
  KFIX_TRY(kfix_cuda_invert_room(d, n, full, ld, &room));
  if (room.because) {
    const kfix_status status = kfix_cuda_host_inverse(d, room.because, n, full, ld, &c->host[i]);
    if (status == KFIX_NOT_POSITIVE) return KFIX_OK;
    KFIX_TRY(status);
  } else {
    KFIX_TRY(kfix_cuda_invert(d, n, full, ld, claim(d, c, i, 2)));
  }
  return kfix_cuda_pack(d, n, full, ld, jobs[i].inverse);
}

/* The first job that has no answer: its code into *info. */
static kfix_status judge(const kfix_device *d, size_t count, const codes *c, const int *values,
                         size_t *failed, size_t *info) {
  for (size_t i = 0; i < count; i++) {
    *failed = i;
    *info = c->host[i];
    for (size_t j = 0; j < c->count[i] && *info == 0; j++)
      KFIX_TRY(kfix_cuda_take_info(d, values[c->first[i] + j], info));
    if (*info) return KFIX_NOT_POSITIVE;
  }
  return KFIX_OK;
}

kfix_status kfix_cuda_spd_inverses(const kfix_device *d, size_t count, const kfix_inverse_job *jobs,
                                   size_t *failed, size_t *info) {
  codes c = {.used = 0};
  int values[2 * KFIX_JOBS_MAX] = {0};
  *info = *failed = 0;
  if (count > KFIX_JOBS_MAX) return KFIX_PORT;
  for (size_t order = KFIX_CUDA_ORDER_MIN; order <= LARGEST_ORDER; order *= 2)
    KFIX_TRY(invert_small(d, order, count, jobs, &c));
  for (size_t i = 0; i < count; i++)
    if (jobs[i].n > LARGEST_ORDER) KFIX_TRY(invert_large(d, jobs, i, &c));
  KFIX_TRY(d->port->download(d, values, kfix_cuda_of(d)->scratch.info, c.used * sizeof values[0]));
  return judge(d, count, &c, values, failed, info);
}
