/* SPDX-License-Identifier: Apache-2.0
 * The runtime: devices, memory behind a fence, streams, copies, and the launches of the port's own
 * kernels, item after item. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <cuda_runtime_api.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fake_device.h"
#include "gpu/kernel_list.h"

#define MEMORY_BYTES ((size_t)512 << 20)
#define FILLED       ((size_t)1 << 20)
#define PINNED_MAX   8

/* Of each device; one thread at a time works with it. */
static struct {
  unsigned char *memory; /* NULL: none is taken */
  size_t taken;
} block_of[FAKE_DEVICES_MAX];
static _Thread_local int current, last_error;

static pthread_mutex_t pinning = PTHREAD_MUTEX_INITIALIZER;
static struct {
  const unsigned char *at;
  size_t bytes;
} pinned[PINNED_MAX];

static atomic_int allocations, pageable;
static int devices = -1, driver_version = 13000, capability = 90;

static struct {
  const char *name;
  int due, code;
  atomic_int calls, all;
} fault;

/* A program is told by its environment: FAKE_CUDA_DEVICES, FAKE_CUDA_DRIVER. */
static void ask_environment(void) {
  const char *count = getenv("FAKE_CUDA_DEVICES"), *driver = getenv("FAKE_CUDA_DRIVER");
  if (devices >= 0) return;
  devices = count ? atoi(count) : 1;
  if (driver) driver_version = atoi(driver);
}

void fake_devices(int count, int driver) {
  devices = count;
  driver_version = driver;
}

void fake_capability(int major_minor) {
  capability = major_minor;
}

void fake_fail(const char *name, int n, int code) {
  fault.name = name;
  fault.due = n;
  fault.code = code;
  fault.calls = fault.all = 0;
}

int fake_calls(const char *name) {
  return name ? fault.calls : fault.all;
}

size_t fake_device_bytes(void) {
  size_t sum = 0;
  for (int i = 0; i < FAKE_DEVICES_MAX; i++) sum += block_of[i].taken;
  return sum;
}

int fake_current(void) {
  return current;
}

int fake_error(int code) {
  if (code) last_error = code;
  return code;
}

int fake_pinned(void) {
  int count = 0;
  (void)pthread_mutex_lock(&pinning);
  for (int i = 0; i < PINNED_MAX; i++) count += pinned[i].at != NULL;
  (void)pthread_mutex_unlock(&pinning);
  return count;
}

int fake_is_pinned(const void *at, size_t bytes) {
  const uintptr_t first = (uintptr_t)at;
  int found = 0;
  (void)pthread_mutex_lock(&pinning);
  for (int i = 0; i < PINNED_MAX; i++) {
    const uintptr_t from = (uintptr_t)pinned[i].at;
    found |= from && first >= from && first + bytes <= from + pinned[i].bytes;
  }
  (void)pthread_mutex_unlock(&pinning);
  return found;
}

void fake_count_pageable(void) {
  pageable++;
}

int fake_pageable_copies(void) {
  return pageable;
}

int fake_allocations(void) {
  return allocations;
}

static int allocates(const char *name) {
  static const char *const names[] = {
      "cudaMalloc",   "cudaHostRegister", "cudaStreamCreateWithFlags",
      "cublasCreate", "cusolverDnCreate", "cudaGraphInstantiate"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(name, names[i]) == 0) return 1;
  return 0;
}

int fake_enter(const char *name) {
  fault.all++;
  allocations += allocates(name);
  if (!fault.name && fault.due == FAKE_STAYS) return fault.code;
  if (!fault.name || strcmp(name, fault.name) != 0) return 0;
  return ++fault.calls == fault.due ? fault.code : 0;
}

int fake_holds(const void *at, size_t bytes) {
  const uintptr_t from = (uintptr_t)block_of[current].memory, first = (uintptr_t)at;
  const size_t taken = block_of[current].taken;
  return from && first >= from && first - from <= taken && bytes <= taken - (first - from);
}

static void set_access(int access) {
  if (block_of[current].memory)
    (void)mprotect(block_of[current].memory, block_of[current].taken, access);
}

void fake_unlock(void) {
  set_access(PROT_READ | PROT_WRITE);
}

void fake_scribble(void *at, size_t bytes) {
  memset(at, 0xff, bytes);
}

void fake_lock(void) {
  set_access(PROT_NONE);
}

static cudaError_t answer(int code) {
  return (cudaError_t)fake_error(code);
}

#define ENTER(name)                     \
  do {                                  \
    const int code_ = fake_enter(name); \
    if (code_) return answer(code_);    \
  } while (0)

#define ENTER_UNCAPTURED(name)                     \
  do {                                             \
    const int code_ = fake_enter_uncaptured(name); \
    if (code_) return answer(code_);               \
  } while (0)

cudaError_t cudaGetDeviceCount(int *count) {
  ENTER("cudaGetDeviceCount");
  ask_environment();
  if (driver_version < CUDART_VERSION) return answer(cudaErrorInsufficientDriver);
  if (devices == 0) return answer(cudaErrorNoDevice);
  *count = devices;
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int *version) {
  *version = driver_version;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int *version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *out, int device) {
  (void)device;
  ENTER("cudaGetDeviceProperties");
  memset(out, 0, sizeof *out);
  strcpy(out->name, "played by the host");
  out->major = capability / 10;
  out->minor = capability % 10;
  out->multiProcessorCount = 1;
  return cudaSuccess;
}

cudaError_t cudaGetLastError(void) {
  const int code = last_error;
  last_error = 0;
  return (cudaError_t)code;
}

cudaError_t cudaGetDevice(int *device) {
  ENTER("cudaGetDevice");
  *device = current;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  ENTER("cudaSetDevice");
  ask_environment();
  if (device < 0 || device >= devices || device >= FAKE_DEVICES_MAX)
    return answer(cudaErrorInvalidDevice);
  current = device;
  return cudaSuccess;
}

/* One block of a device at a time. Its start is filled with NaN: nobody may rely on what new memory
 * holds. Not all of it, since every touched page makes the fence slower. */
cudaError_t cudaMalloc(void **block, size_t bytes) {
  ENTER_UNCAPTURED("cudaMalloc");
  if (block_of[current].taken || bytes > MEMORY_BYTES) return answer(cudaErrorMemoryAllocation);
  /* cppcheck-suppress invalidFunctionArg ; -1 where there is no file */
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return answer(cudaErrorMemoryAllocation);
  block_of[current].memory = memory;
  block_of[current].taken = bytes;
  memset(memory, 0xff, bytes < FILLED ? bytes : FILLED);
  fake_lock();
  *block = memory;
  return cudaSuccess;
}

cudaError_t cudaFree(void *block) {
  if (block != block_of[current].memory) return answer(cudaErrorInvalidValue);
  (void)munmap(block, block_of[current].taken);
  block_of[current].memory = NULL;
  block_of[current].taken = 0;
  return cudaSuccess;
}

/* Room for a block, or the place of one; -1: there is none. */
static int find_pinned(const void *block) {
  for (int i = 0; i < PINNED_MAX; i++)
    if (pinned[i].at == block) return i;
  return -1;
}

static cudaError_t replace_pinned(const void *is, const void *becomes, size_t bytes) {
  (void)pthread_mutex_lock(&pinning);
  const int i = find_pinned(is);
  if (i >= 0) pinned[i].at = becomes;
  if (i >= 0) pinned[i].bytes = bytes;
  (void)pthread_mutex_unlock(&pinning);
  return i >= 0 ? cudaSuccess : answer(cudaErrorInvalidValue);
}

cudaError_t cudaHostRegister(void *block, size_t bytes, unsigned flags) {
  (void)flags;
  ENTER_UNCAPTURED("cudaHostRegister");
  return replace_pinned(NULL, block, bytes);
}

cudaError_t cudaHostUnregister(void *block) {
  return replace_pinned(block, NULL, 0);
}

int kfix_kernels_check(void) {
  return fake_error(fake_enter("cudaFuncGetAttributes"));
}

#define DEFINE_LAUNCH(name)                                                                      \
  static void run_##name(const void *args, size_t items) {                                       \
    for (size_t i = items; i > 0; i--) kfix_##name##_item(args, i - 1);                          \
  }                                                                                              \
  int kfix_launch_##name(void *stream, const kfix_##name##_args *args, size_t items) {           \
    const int code = fake_enter(#name);                                                          \
    if (code == 0 && !fake_is_stream(stream)) return answer(cudaErrorInvalidResourceHandle);     \
    if (code == 0 && items == 0) return answer(cudaErrorInvalidConfiguration);                   \
    if (code == 0) fake_launch(run_##name, args, sizeof *args, items);                           \
    return answer(code);                                                                         \
  }                                                                                              \
  int kfix_update_##name(void *exec, void *node, const kfix_##name##_args *args, size_t items) { \
    const int code = fake_enter("cudaGraphExecKernelNodeSetParams");                             \
    return answer(code ? code : fake_update(exec, node, run_##name, args, sizeof *args, items)); \
  }
KFIX_DEVICE_KERNELS(DEFINE_LAUNCH)
