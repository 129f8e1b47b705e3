/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the CUDA port's host half share: a case on a device that is played by the host, of
 * the sizes that the plan says. */
#ifndef KFIX_TEST_CUDA_HOST_CASE_H
#define KFIX_TEST_CUDA_HOST_CASE_H

#include <stdlib.h>

#include "../fake_cuda/fake_device.h"
#include "check.h"
#include "conv_case.h"
#include "cuda_dirty.h"
#include "gpu/cuda.h"
#include "reference_case.h"

static kfix_cuda cuda;

static inline void host_case_start(void) {
  fake_devices(1, 13000);
  fake_fail(NULL, 0, 0);
  fake_solver(0, 0);
}

static inline void host_case_stop(void) {
  kfix_cuda_close(&cuda);
}

static inline void begin_net(ref_case *c, kfix_method method, const uint32_t *widths) {
  case_begin(c, KFIX_MSE, 2, widths, KFIX_TANH, KFIX_LINEAR, 70, 11);
  c->options.lambda = 1;
  const size_t host = kfix_host_bytes(&c->net, method, &kfix_port_cuda);
  const size_t all = kfix_bytes(&c->net, method, &kfix_port_cuda);
  c->arena = aligned_alloc(KFIX_ALIGN, host);
  CHECK_INT(KFIX_OK, kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, all - host, c->arena, host));
  CHECK_INT(all - host, fake_device_bytes());
  CHECK_INT(1, fake_pinned());
  CHECK_INT(KFIX_OK, kfix_create(&c->k,
                                 &(kfix_setup){&c->net, method, &c->options, &kfix_port_cuda, NULL,
                                               &cuda, c->arena, host},
                                 NULL));
}

static inline void begin(ref_case *c, kfix_method method) {
  begin_net(c, method, (const uint32_t[]){7, 6, 5});
}

static inline void end(ref_case *c) {
  kfix_cuda_close(&cuda);
  CHECK_INT(0, fake_device_bytes());
  CHECK_INT(0, fake_pinned());
  case_end(c);
}

/* A net of conv_case.h. */
static void *conv_arena;

static inline void begin_conv(conv_case *c, const kfix_net *net, kfix_method method) {
  const size_t host = kfix_host_bytes(net, method, &kfix_port_cuda);
  const size_t all = kfix_bytes(net, method, &kfix_port_cuda);
  conv_begin(c, KFIX_CONV_EXPAND);
  conv_arena = aligned_alloc(KFIX_ALIGN, host);
  CHECK_INT(KFIX_OK, kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, all - host, conv_arena, host));
  CHECK_INT(KFIX_OK, kfix_create(&c->k,
                                 &(kfix_setup){net, method, &c->options, &kfix_port_cuda, NULL,
                                               &cuda, conv_arena, host},
                                 NULL));
}

static inline void end_conv(void) {
  kfix_cuda_close(&cuda);
  free(conv_arena);
}

static inline void steps(ref_case *c, int count) {
  for (int i = 0; i < count; i++) CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
}

#endif
