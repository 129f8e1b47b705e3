/* SPDX-License-Identifier: Apache-2.0
 * Trainers on the CUDA port, one after another on a device that is taken once: making handles takes
 * longer than the steps of a test. Without a device the test is skipped. */
#ifndef KFIX_TEST_CUDA_TRAINER_H
#define KFIX_TEST_CUDA_TRAINER_H

#include <stdlib.h>

#include "check.h"
#include "cuda_dirty.h"
#include "every_method.h"
#include "gpu/cuda.h"
#include "reference_case.h"

static kfix_cuda cuda;
static unsigned char *host_arena;

/* A net of two layers; the last parameters choose among what the methods have. */
typedef struct kind {
  kfix_loss loss;
  kfix_choice driver, kron_ema;
  int is_wide;
} kind;

static inline void trainer_case(ref_case *c, kind like) {
  static const uint32_t small[] = {7, 6, 5}, wide[] = {40, 66, 21};
  case_begin(c, like.loss, 2, like.is_wide ? wide : small, KFIX_TANH, KFIX_LINEAR, 70, 11);
  c->options.driver = like.driver;
  c->options.lambda = 1;
  c->options.kron_ema = like.kron_ema;
  c->options.hf_iterations = 8; /* more of them make of a rounding what the stopping rule allows */
}

static inline size_t device_bytes(const kfix_net *net, kfix_method method) {
  return kfix_bytes(net, method, &kfix_port_cuda) - kfix_host_bytes(net, method, &kfix_port_cuda);
}

/* For any method on this net. */
static inline void trainer_device_take_for(const kfix_net *net) {
  size_t most = 0, host = 0;
  for (int m = 0; m >= 0; m = next_method(m)) {
    const size_t bytes = device_bytes(net, (kfix_method)m);
    const size_t own = kfix_host_bytes(net, (kfix_method)m, &kfix_port_cuda);
    most = bytes > most ? bytes : most;
    host = own > host ? own : host;
  }
  host_arena = aligned_alloc(KFIX_ALIGN, host);
  const kfix_status status = kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, most, host_arena, host);
  if (status == KFIX_DEVICE_ABSENT && !getenv("REQUIRE_GPU")) {
    printf("skip test_cuda_*: no device (REQUIRE_GPU=1 makes this a failure)\n");
    exit(77);
  }
  CHECK_INT(KFIX_OK, status);
}

/* On either net. */
static inline void trainer_device_take(void) {
  ref_case c;
  trainer_case(&c, (kind){.loss = KFIX_MSE, .is_wide = 1});
  trainer_device_take_for(&c.net);
  case_end(&c);
}

static inline void trainer_device_give(void) {
  kfix_cuda_close(&cuda);
  free(host_arena);
  host_arena = NULL;
}

/* The trainer; nothing of it is the case's to free. */
static inline void trainer_begin(ref_case *c, kfix_method method, kind like) {
  trainer_case(c, like);
  CHECK_INT(KFIX_OK, kfix_create(&c->k,
                                 &(kfix_setup){&c->net, method, &c->options, &kfix_port_cuda, NULL,
                                               &cuda, host_arena,
                                               kfix_host_bytes(&c->net, method, &kfix_port_cuda)},
                                 NULL));
}

static inline void steps(ref_case *c, int count) {
  for (int i = 0; i < count; i++) CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
}

#endif
