/* SPDX-License-Identifier: Apache-2.0
 * A port that wraps the reference port's table. */
#include "reference_faulty_port.h"

#include <string.h>

#include "port/ref/ref.h"

static fault_kind armed;
static long due, calls;
static const char *hit_kernel;
static void (*before_kernel)(void), (*after_kernel)(void);

void fault_around(void (*before)(void), void (*after)(void)) {
  before_kernel = before;
  after_kernel = after;
}

void fault_arm(fault_kind kind, long n) {
  armed = kind;
  due = n;
  calls = 0;
  hit_kernel = NULL;
}

long fault_calls(void) {
  return calls;
}

const char *fault_kernel(void) {
  return hit_kernel;
}

static int hit(const char *kernel) {
  if (++calls != due || armed == FAULT_NONE) return 0;
  hit_kernel = kernel;
  return 1;
}

/* All ones is a NaN, in float and in double. Of bytes, as many as a double has. */
static void spoil(void *out, size_t size, size_t count) {
  if (size == 1) size = count < sizeof(double) ? count : sizeof(double);
  if (count > 0) memset(out, 0xff, size);
}

/* Of a vector that ends with its region. */
static void overrun(const char *kernel, void *out, size_t count) {
  if (strcmp(kernel, "axpby") == 0 || strcmp(kernel, "decay") == 0)
    ((kfix_real *)out)[KFIX_LD(count)] = 1;
}

#define WRAP(name, table, parameters, arguments, out, count)                \
  static kfix_status faulty_##name parameters {                             \
    const int faulty = hit(#name);                                          \
    if (faulty && armed == FAULT_FAILS) return KFIX_PORT;                   \
    if (before_kernel) before_kernel();                                     \
    const kfix_status status = table name arguments;                        \
    if (faulty && armed == FAULT_NAN) spoil((out), sizeof *(out), (count)); \
    if (faulty && armed == FAULT_OVERRUN) overrun(#name, (out), (count));   \
    if (after_kernel) after_kernel();                                       \
    return status;                                                          \
  }

#define KFIX_KERNEL(name, parameters, arguments, flops, reals, out, count) \
  WRAP(name, kfix_port_ref., parameters, arguments, out, count)
#include KFIX_KERNEL_LIST
#define KFIX_KERNEL(name, parameters, arguments, flops, reals, out, count) \
  WRAP(name, kfix_port_ref.eigen->, parameters, arguments, out, count)
#include KFIX_EIGEN_KERNEL_LIST

static kfix_status available(void) {
  return kfix_port_ref.available();
}

static size_t scratch_bytes(size_t parameters, size_t chunk, unsigned threads, size_t widest) {
  return kfix_port_ref.scratch_bytes(parameters, chunk, threads, widest);
}

static const kfix_eigen_kernels eigen = {
#define KFIX_KERNEL(name, ...) .name = faulty_##name,
#include KFIX_EIGEN_KERNEL_LIST
};

const kfix_port faulty_port = {
    .name = "faulty",
    .is_host = 1,
    .available = available,
    .scratch_bytes = scratch_bytes,
#define KFIX_KERNEL(name, ...) .name = faulty_##name,
#include KFIX_KERNEL_LIST
    .eigen = &eigen,
};
