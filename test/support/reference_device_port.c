/* SPDX-License-Identifier: Apache-2.0
 * Device memory behind a fence. */
#include "reference_device_port.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "check.h"
#include "factor/eigen.h"
#include "factor/kron_svd.h"
#include "factor/kron_triangle.h"
#include "factor/spd.h"
#include "port/ref/ref.h"
#include "reference_faulty_port.h"

#define MEMORY_BYTES ((size_t)1 << 22)
#define PAGE         65536

static _Alignas(PAGE) unsigned char memory[MEMORY_BYTES];
static size_t offered;
static kfix_port port;

static void set_access(int access) {
  CHECK_INT(0, mprotect(memory, sizeof memory, access));
}

static void unlock(void) {
  set_access(PROT_READ | PROT_WRITE);
}

static void lock(void) {
  set_access(PROT_NONE);
}

static void *device_memory(void *handles, size_t *bytes) {
  (void)handles;
  *bytes = offered;
  return memory;
}

/* Factorizations run inside of the device, where its memory is plain memory. */
static kfix_status spd_inverse(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                               kfix_real *work, size_t *info) {
  kfix_device inside = *d;
  inside.port = &kfix_port_ref;
  unlock();
  const kfix_status status = kfix_spd_inverse(&inside, n, a, lda, work, info);
  lock();
  return status;
}

static kfix_status spd_whiten(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                              size_t *info) {
  kfix_device inside = *d;
  inside.port = &kfix_port_ref;
  unlock();
  const kfix_status status = kfix_whitener(&inside, n, a, lda, info);
  lock();
  return status;
}

static kfix_status symmetric_eigen(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                   kfix_real *values, kfix_real *vectors, size_t ldv,
                                   kfix_real *scratch, size_t *info) {
  kfix_device inside = *d;
  inside.port = &kfix_port_ref;
  unlock();
  const kfix_status status = kfix_eigen(&inside, n, a, lda, values, vectors, ldv, scratch, info);
  lock();
  return status;
}

static kfix_status kron_gram(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                             size_t ldx, size_t more, const kfix_real *const *factors,
                             kfix_real *gram, size_t ld, kfix_real *norm, kfix_real *scratch) {
  kfix_device inside = *d;
  inside.port = &kfix_port_ref;
  unlock();
  const kfix_status status =
      kfix_kron_gram(&inside, rows, cols, x, ldx, more, factors, gram, ld, norm, scratch);
  lock();
  return status;
}

static kfix_status kron_sum(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                            const kfix_real *x, size_t ldx, kfix_real *packed, kfix_real *scratch) {
  kfix_device inside = *d;
  inside.port = &kfix_port_ref;
  unlock();
  const kfix_status status = kfix_kron_sum(&inside, rows, cols, c, x, ldx, packed, scratch);
  lock();
  return status;
}

static kfix_status kron_svd(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                            kfix_kron_order order, kfix_real *left, kfix_real *right,
                            kfix_kron_pairs *pairs, kfix_real *scratch) {
  kfix_device inside = *d;
  inside.port = &kfix_port_ref;
  unlock();
  const kfix_status status = kfix_kron_svd(&inside, s, rank, order, left, right, pairs, scratch);
  lock();
  return status;
}

const kfix_port *device_port(size_t bytes) {
  /* A leak check at the end looks at all memory. */
  if (!port.name) CHECK_INT(0, atexit(unlock));
  offered = bytes;
  port = faulty_port;
  port.name = "device";
  port.is_host = 0;
  port.memory = device_memory;
  static const kfix_factorizations factor = {
      .spd_inverse = spd_inverse, .spd_whiten = spd_whiten, .symmetric_eigen = symmetric_eigen};
  static const kfix_kron_entries kron = {kron_gram, kron_sum, kron_svd};
  port.eigen = NULL;
  port.factor = &factor;
  port.kron = &kron;
  fault_arm(FAULT_NONE, 0);
  fault_around(unlock, lock);
  lock();
  return &port;
}

size_t device_memory_max(void) {
  return MEMORY_BYTES;
}
