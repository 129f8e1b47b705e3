/* SPDX-License-Identifier: Apache-2.0
 * The table of the CUDA port: its start, its transfers, its kernels. */
#include <string.h>

#include "cuda_device.h"

static kfix_status available(void) {
  int count = 0;
  if (cudaGetDeviceCount(&count) == cudaSuccess) return count > 0 ? KFIX_OK : KFIX_DEVICE_ABSENT;
  (void)cudaGetLastError();
  return KFIX_DEVICE_ABSENT;
}

static size_t scratch_bytes(size_t parameters, size_t chunk, unsigned threads, size_t widest) {
  (void)threads;
  return KFIX_PORT_SCRATCH_cuda(parameters, chunk, threads, widest);
}

static size_t host_bytes(size_t widest, size_t rows) {
  return KFIX_PORT_HOST_cuda(widest, rows);
}

static void *memory(void *handles, size_t *bytes) {
  const kfix_cuda *cuda = handles;
  *bytes = cuda ? cuda->bytes : 0;
  return cuda ? cuda->memory : NULL;
}

/* What KFIX_PORT_SCRATCH_cuda adds up, in its order. */
static kfix_cuda_scratch cut(unsigned char *at, size_t parameters, size_t chunk, size_t widest) {
  kfix_cuda_scratch s = {.blas = NULL};
  at += (KFIX_CUDA_ALIGN - (uintptr_t)at % KFIX_CUDA_ALIGN) % KFIX_CUDA_ALIGN;
  s.blas = at;
  s.solver = s.blas + KFIX_CUDA_BLAS_BYTES;
  s.solver_bytes = KFIX_CUDA_SOLVER_BYTES(widest);
  at = s.solver + s.solver_bytes;
  for (int i = 0; i < 2; i++) {
    s.square[i] = (kfix_real *)(void *)at;
    at += KFIX_CUDA_SQUARE_BYTES(widest);
  }
  s.sums = (double *)(void *)at;
  s.info = (int *)(void *)(at + KFIX_CUDA_SUM_BYTES(parameters, chunk, widest));
  return s;
}

/* The list of calls comes first, then the stage; handles that bring no room for them do without. */
static void cut_host(kfix_cuda_scratch *s, unsigned char *host, size_t bytes) {
  const size_t taken = KFIX_CUDA_PIECES_BYTES + KFIX_CUDA_STAGE_BYTES;
  s->host = host;
  s->host_bytes = bytes;
  if (bytes < taken) return;
  s->pieces = (kfix_cuda_pieces *)(void *)host;
  s->stage = host + KFIX_CUDA_PIECES_BYTES;
  s->host = host + taken;
  s->host_bytes = bytes - taken;
  s->pieces->open = (kfix_piece){.calls = s->pieces->calls};
  s->pieces->kept_bytes = s->pieces->seen_count = 0;
}

/* Before 11.7.3 batches of eigenproblems gave bases that were not orthonormal where their workspace was
 * not clean. */
enum { EIGEN_BATCHES_SINCE = 11703 };

/* The stream first: setting it drops a workspace that was set before. */
static kfix_status begin(const kfix_device *d, size_t parameters, size_t chunk, size_t widest,
                         void *host, size_t host_bytes) {
  kfix_cuda *cuda = kfix_cuda_of(d);
  cuda->scratch = cut(d->scratch, parameters, chunk, widest);
  cut_host(&cuda->scratch, host, host_bytes);
  cuda->scratch.eigen_batches = kfix_cuda_solver_version() >= EIGEN_BATCHES_SINCE;
  cuda->routes = (kfix_cuda_routes){.because = NULL};
  kfix_cuda_forget(cuda);
  KFIX_VENDOR(d, "cublasSetStream", cublasSetStream(cuda->cublas, kfix_cuda_stream(d)));
  KFIX_VENDOR(d, "cublasSetWorkspace",
              cublasSetWorkspace(cuda->cublas, cuda->scratch.blas, KFIX_CUDA_BLAS_BYTES));
  KFIX_VENDOR(d, "cublasSetPointerMode",
              cublasSetPointerMode(cuda->cublas, CUBLAS_POINTER_MODE_HOST));
  return KFIX_OK;
}

static kfix_status poke(const kfix_device *d, void *device, const void *host, size_t bytes) {
  kfix_poke_args args = {.out = device};
  memcpy(args.bytes, host, bytes);
  KFIX_LAUNCH(d, poke, &args, bytes);
  return KFIX_OK;
}

static kfix_status transfer(const kfix_device *d, void *to, const void *from, size_t bytes,
                            enum cudaMemcpyKind kind) {
  KFIX_TRY(kfix_cuda_transfer(d, to, from, bytes, kind));
  return kfix_cuda_wait(d);
}

/* The caller's threads help with what is long: memory is faster than one of them. */
typedef struct copying {
  unsigned char *to;
  const unsigned char *from;
  size_t bytes;
} copying;

enum { COPY_BYTES = 256 << 10 };

static void copy_part(void *arg, unsigned index) {
  const copying *c = arg;
  const size_t done = (size_t)index * COPY_BYTES, left = c->bytes - done;
  memcpy(c->to + done, c->from + done, kfix_smaller(left, COPY_BYTES));
}

static void copy(const kfix_device *d, unsigned char *to, const void *from, size_t bytes) {
  copying c = {to, from, bytes};
  const unsigned parts = (unsigned)((bytes + COPY_BYTES - 1) / COPY_BYTES);
  if (d->crew && parts > 1)
    d->crew->run(d->crew, copy_part, &c, parts);
  else
    memcpy(to, from, bytes);
}

/* As much as the stage has room for; a full one is waited for. *count: how much that was. */
static kfix_status send_up(const kfix_device *d, void *device, const void *host, size_t bytes,
                           size_t *count) {
  kfix_cuda_scratch *s = &kfix_cuda_of(d)->scratch;
  if (s->staged == KFIX_CUDA_STAGE_BYTES) KFIX_TRY(kfix_cuda_wait(d));
  unsigned char *at = s->stage + s->staged;
  const size_t room = KFIX_CUDA_STAGE_BYTES - s->staged;
  *count = bytes < room ? bytes : room;
  copy(d, at, host, *count);
  s->staged += *count < room ? KFIX_ROUND_UP(*count, (size_t)KFIX_CUDA_ALIGN) : room;
  return kfix_cuda_transfer(d, device, at, *count, cudaMemcpyHostToDevice);
}

/* Without a wait: what goes up is copied to where nobody changes it. */
kfix_status kfix_cuda_upload(const kfix_device *d, void *device, const void *host, size_t bytes) {
  size_t count = 0;
  if (bytes == 0) return KFIX_OK;
  if (bytes <= KFIX_POKE_BYTES) return poke(d, device, host, bytes);
  if (!kfix_cuda_of(d)->scratch.stage)
    return transfer(d, device, host, bytes, cudaMemcpyHostToDevice);
  for (size_t done = 0; done < bytes; done += count)
    KFIX_TRY(send_up(d, (unsigned char *)device + done, (const unsigned char *)host + done,
                     bytes - done, &count));
  return KFIX_OK;
}

/* Of the host's arena, and that is pinned. */
static int is_pinned(const kfix_cuda *cuda, const void *host, size_t bytes) {
  const uintptr_t first = (uintptr_t)cuda->pinned, at = (uintptr_t)host;
  return first && at >= first && at - first <= cuda->pinned_bytes &&
         bytes <= cuda->pinned_bytes - (at - first);
}

/* As much as there is room for behind what is on its way up: it lands there, then it is copied. */
static kfix_status bring_down(const kfix_device *d, void *host, const void *device, size_t bytes,
                              size_t *count) {
  const kfix_cuda_scratch *s = &kfix_cuda_of(d)->scratch;
  if (s->staged == KFIX_CUDA_STAGE_BYTES) KFIX_TRY(kfix_cuda_wait(d));
  const unsigned char *at = s->stage + s->staged;
  *count = kfix_smaller(bytes, KFIX_CUDA_STAGE_BYTES - s->staged);
  KFIX_TRY(transfer(d, s->stage + s->staged, device, *count, cudaMemcpyDeviceToHost));
  copy(d, host, at, *count);
  return KFIX_OK;
}

/* What is read back lands in pinned memory: a copy to other memory goes through a stage of the driver's,
 * and may keep other threads waiting. */
kfix_status kfix_cuda_download(const kfix_device *d, void *host, const void *device, size_t bytes) {
  const kfix_cuda *cuda = kfix_cuda_of(d);
  size_t count = 0;
  if (bytes == 0) return KFIX_OK;
  if (!cuda->scratch.stage || is_pinned(cuda, host, bytes))
    return transfer(d, host, device, bytes, cudaMemcpyDeviceToHost);
  for (size_t done = 0; done < bytes; done += count)
    KFIX_TRY(bring_down(d, (unsigned char *)host + done, (const unsigned char *)device + done,
                        bytes - done, &count));
  return KFIX_OK;
}

static const kfix_factorizations factorizations = {
    .spd_inverse = kfix_cuda_spd_inverse,
    .spd_inverses = kfix_cuda_spd_inverses,
    .spd_whiten = kfix_cuda_spd_whiten,
    .symmetric_eigen = kfix_cuda_symmetric_eigen,
    .symmetric_eigens = kfix_cuda_symmetric_eigens,
};

const kfix_port kfix_port_cuda = {
    .name = "cuda",
    .is_host = 0,
    .available = available,
    .scratch_bytes = scratch_bytes,
    .memory = memory,
    .host_bytes = host_bytes,
    .begin = begin,
#define KFIX_KERNEL(name, ...) .name = kfix_cuda_##name,
#include KFIX_KERNEL_LIST
    .factor = &factorizations,
    .kron = &kfix_cuda_kron,
};
