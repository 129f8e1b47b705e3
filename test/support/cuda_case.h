/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the CUDA port share: a device with room for inputs and outputs, beside the
 * reference port on the host. Without a device they are skipped. */
#ifndef KFIX_TEST_CUDA_CASE_H
#define KFIX_TEST_CUDA_CASE_H

#include "core/random.h"
#include "cuda_open_case.h"
#include "port/ref/ref.h"

#define SIDE 71
#define LD   73
#define N    ((size_t)SIDE * LD)
#define LONG ((size_t)2 * KFIX_SUM_BLOCK + 77)

/* What a kernel works on: inputs x, y, p (probabilities), a long vector; out; sums. */
typedef struct buffers {
  kfix_real x[N], y[N], p[N], v[LONG], out[2 * N];
  double sums[6];
} buffers;

static buffers start, want, got;
static double ref_scratch[KFIX_SUM_SCRATCH(LONG, SIDE)];
static _Alignas(KFIX_ALIGN) unsigned char host_arena[KFIX_PORT_HOST_cuda(SIDE, SIDE)];
static buffers *remote; /* where the device keeps its copy */

typedef struct shape {
  size_t rows, cols;
} shape;
typedef void script(const kfix_device *d, buffers *b, shape s, int variant);

static inline void ok(kfix_status status) {
  CHECK_INT(KFIX_OK, status);
}

static inline void numbers(uint32_t row, kfix_real scale, size_t n, kfix_real *x) {
  const kfix_draw_key key = {0x6b666978, KFIX_DRAW_TEST, 0, 0};
  kfix_fill_uniform(&key, row, n, scale, x);
}

static inline void cuda_case_begin(void) {
  numbers(1, 3, N, start.x);
  numbers(2, 3, N, start.y);
  numbers(3, 1, N, start.p);
  numbers(4, 3, LONG, start.v);
  numbers(5, 3, 2 * N, start.out);
  for (size_t i = 0; i < N; i++) start.p[i] = (kfix_real)fabs((double)start.p[i]);
  for (int i = 0; i < 6; i++) start.sums[i] = 0.1 * i;
  cuda_open_case(KFIX_CUDA_STRICT, sizeof(buffers), LONG, SIDE, SIDE, host_arena,
                 sizeof host_arena);
  remote = (buffers *)cuda.memory;
}

static inline void cuda_case_end(void) {
  kfix_cuda_close(&cuda);
}

/* The kernel on the reference port into `want`, on the device into `got`. */
static inline void run_both(script *kernel, shape s, int variant) {
  const kfix_device ref = {&kfix_port_ref, NULL, ref_scratch, sizeof ref_scratch, 1, NULL};
  want = start;
  kernel(&ref, &want, s, variant);
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  kernel(&device, remote, s, variant);
  ok(kfix_port_cuda.download(&device, &got, remote, sizeof got));
}

#endif
