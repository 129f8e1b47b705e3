/* SPDX-License-Identifier: Apache-2.0
 * How tests of the CUDA port take a device, or are skipped where there is none. */
#ifndef KFIX_TEST_CUDA_OPEN_CASE_H
#define KFIX_TEST_CUDA_OPEN_CASE_H

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "cuda_dirty.h"
#include "gpu/cuda.h"

static kfix_cuda cuda;
static kfix_device device;

/* `mine` bytes at the beginning of its memory, cuda.memory, are the test's; the port's come behind. */
static inline void cuda_open_case(kfix_cuda_precision precision, size_t mine, size_t parameters,
                                  size_t chunk, size_t widest, void *host, size_t host_bytes) {
  const size_t scratch = KFIX_PORT_SCRATCH_cuda(parameters, chunk, 1, widest);
  const size_t before = KFIX_ROUND_UP(mine, (size_t)KFIX_CUDA_ALIGN);
  const kfix_status status =
      kfix_cuda_open(&cuda, 0, precision, before + scratch, host, host_bytes);
  if (status == KFIX_DEVICE_ABSENT && !getenv("REQUIRE_GPU")) {
    printf("skip test_cuda_*: no device (REQUIRE_GPU=1 makes this a failure)\n");
    exit(77);
  }
  CHECK_INT(KFIX_OK, status);
  device = (kfix_device){&kfix_port_cuda, NULL, (unsigned char *)cuda.memory + before,
                         scratch,         1,    &cuda};
  CHECK_INT(KFIX_OK, kfix_port_cuda.begin(&device, parameters, chunk, widest, host, host_bytes));
}

#endif
