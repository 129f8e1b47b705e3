/* SPDX-License-Identifier: Apache-2.0
 * Several eigenproblems: small ones in batches of equal order, which wait once for all of them; the
 * others, those for which there is no room, and all where batches cannot be trusted, one after another. */
#include "cuda_device.h"

enum { LARGEST_ORDER = 512 };

/* Where the codes of each job are, among `used` of them in the device's memory: what the job's elements
 * and what cuSOLVER say. */
typedef struct codes {
  size_t finite[KFIX_JOBS_MAX], solver[KFIX_JOBS_MAX], used;
  int answered[KFIX_JOBS_MAX]; /* the job was in a batch */
} codes;

/* Of the workspace, with the squares behind it: matrices, eigenvalues, numbers of rows; the rest is
 * cuSOLVER's. */
static size_t bytes_of(const kfix_eigens_args *batch) {
  const size_t reals = batch->count * batch->order * (batch->order + 1);
  const size_t bytes = reals * KFIX_REAL_BYTES + batch->count * (batch->order + 1) * sizeof(double);
  return KFIX_ROUND_UP(bytes, (size_t)KFIX_CUDA_ALIGN);
}

static void lay_out(const kfix_device *d, kfix_eigens_args *batch) {
  const size_t size = batch->count * batch->order;
  batch->a = (kfix_real *)(void *)kfix_cuda_of(d)->scratch.solver;
  batch->values = batch->a + size * batch->order;
  batch->rows = (double *)(void *)(batch->values + size);
}

static kfix_status ask(const kfix_device *d, const kfix_eigens_args *batch, size_t *device,
                       size_t *host) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  KFIX_VENDOR(d, "cusolverDnXsyevBatched_bufferSize",
              cusolverDnXsyevBatched_bufferSize(
                  cuda->cusolver, cuda->solver_parameters, CUSOLVER_EIG_MODE_VECTOR,
                  CUBLAS_FILL_MODE_UPPER, (int64_t)batch->order, KFIX_CUDA_REAL_TYPE, batch->a,
                  (int64_t)batch->order, KFIX_CUDA_REAL_TYPE, batch->values, KFIX_CUDA_REAL_TYPE,
                  device, host, (int64_t)batch->count));
  return KFIX_OK;
}

/* Of so many matrices as many as there is room for: what cuSOLVER takes for itself is its own affair. */
static kfix_status fit(const kfix_device *d, kfix_eigens_args *batch, size_t *device,
                       size_t *host) {
  const kfix_cuda_scratch *s = &kfix_cuda_of(d)->scratch;
  for (; batch->count > 0; batch->count /= 2) {
    lay_out(d, batch);
    KFIX_TRY(ask(d, batch, device, host));
    if (bytes_of(batch) + *device <= kfix_cuda_wide_bytes(s) && *host <= s->host_bytes) break;
  }
  return KFIX_OK;
}

static kfix_status decompose(const kfix_device *d, kfix_eigens_args *batch, size_t device,
                             size_t host, int *info) {
  kfix_cuda *cuda = kfix_cuda_of(d);
  const size_t rows = batch->count * batch->order;
  batch->bad = info;
  KFIX_LAUNCH(d, eigen_rows, batch, rows);
  KFIX_LAUNCH(d, eigen_norm, batch, batch->count);
  KFIX_LAUNCH(d, eigen_spread, batch, rows * batch->order);
  KFIX_TRY(kfix_cuda_flush(d));
  KFIX_VENDOR(
      d, "cusolverDnXsyevBatched",
      cusolverDnXsyevBatched(cuda->cusolver, cuda->solver_parameters, CUSOLVER_EIG_MODE_VECTOR,
                             CUBLAS_FILL_MODE_UPPER, (int64_t)batch->order, KFIX_CUDA_REAL_TYPE,
                             batch->a, (int64_t)batch->order, KFIX_CUDA_REAL_TYPE, batch->values,
                             KFIX_CUDA_REAL_TYPE, cuda->scratch.solver + bytes_of(batch), device,
                             cuda->scratch.host, host, info + batch->count, (int64_t)batch->count));
  cuda->routes.batches++;
  cuda->routes.batched += batch->count;
  KFIX_LAUNCH(d, eigen_gather, batch, rows);
  return KFIX_OK;
}

/* Codes of the batch's jobs: what was found in their elements, then what cuSOLVER answers. */
static int *claim(const kfix_device *d, codes *c, size_t count, const size_t *which) {
  int *at = kfix_cuda_of(d)->scratch.info + c->used;
  for (size_t b = 0; b < count; b++) {
    c->finite[which[b]] = c->used + b;
    c->solver[which[b]] = c->used + count + b;
    c->answered[which[b]] = 1;
  }
  c->used += 2 * count;
  return at;
}

/* Those that belong into batches of `order`. */
static kfix_status decompose_small(const kfix_device *d, size_t order, size_t count,
                                   const kfix_eigen_job *jobs, codes *c) {
  size_t which[KFIX_JOBS_MAX], total = 0, device = 0, host = 0;
  for (size_t i = 0; i < count; i++)
    if (kfix_cuda_is_of_order(jobs[i].n, order)) which[total++] = i;
  for (size_t done = 0; done < total;) {
    kfix_eigens_args batch = {.order = order, .count = total - done};
    KFIX_TRY(fit(d, &batch, &device, &host));
    if (batch.count == 0) break;
    for (size_t b = 0; b < batch.count; b++) batch.jobs[b] = jobs[which[done + b]];
    KFIX_TRY(decompose(d, &batch, device, host, claim(d, c, batch.count, which + done)));
    done += batch.count;
  }
  return KFIX_OK;
}

/* The first job of the batches that has no answer; count: all have. */
static kfix_status check_small(const kfix_device *d, size_t count, const codes *c, size_t *failed,
                               size_t *info) {
  int values[2 * KFIX_JOBS_MAX] = {0};
  *failed = count;
  *info = 0;
  if (c->used == 0) return KFIX_OK;
  KFIX_TRY(d->port->download(d, values, kfix_cuda_of(d)->scratch.info, c->used * sizeof values[0]));
  for (size_t i = 0; i < count && *failed == count; i++) {
    if (!c->answered[i]) continue;
    const int finite = values[c->finite[i]];
    KFIX_TRY(kfix_cuda_take_info(d, finite ? finite : values[c->solver[i]], info));
    if (*info) *failed = i;
  }
  return KFIX_OK;
}

static kfix_status decompose_large(const kfix_device *d, const kfix_eigen_job *job, kfix_real *work,
                                   size_t *info) {
  const size_t n = job->n, ld = KFIX_LD(n);
  KFIX_TRY(kfix_cuda_unpack(d, n, job->factor, 0, work, ld));
  return kfix_cuda_symmetric_eigen(d, n, work, ld, job->values, job->vectors, n, NULL, info);
}

kfix_status kfix_cuda_symmetric_eigens(const kfix_device *d, size_t count,
                                       const kfix_eigen_job *jobs, kfix_real *work, size_t *failed,
                                       size_t *info) {
  codes c = {.used = 0};
  size_t first, code;
  if (count > KFIX_JOBS_MAX) return KFIX_PORT;
  const size_t largest = kfix_cuda_of(d)->scratch.eigen_batches ? LARGEST_ORDER : 0;
  for (size_t order = KFIX_CUDA_ORDER_MIN; order <= largest; order *= 2)
    KFIX_TRY(decompose_small(d, order, count, jobs, &c));
  KFIX_TRY(check_small(d, count, &c, &first, &code));
  for (*failed = 0; *failed < first; ++*failed)
    if (!c.answered[*failed]) KFIX_TRY(decompose_large(d, &jobs[*failed], work, info));
  *info = code;
  *failed = first < count ? first : 0;
  return first < count ? KFIX_NOT_CONVERGED : KFIX_OK;
}
