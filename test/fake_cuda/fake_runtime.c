/* SPDX-License-Identifier: Apache-2.0
 * The runtime: devices, memory behind a fence, streams, copies, and the launches of the port's own
 * kernels, item after item. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <cuda_runtime_api.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fake_device.h"
#include "gpu/kernel_list.h"

#define MEMORY_BYTES ((size_t)512 << 20)
#define FILLED       ((size_t)1 << 20)
#define GRAPH_BYTES  ((size_t)1 << 16)

static unsigned char *memory; /* NULL: none is taken */
static size_t taken;
static int pinned, allocations;
static int devices = -1, driver_version = 13000, capability = 90;

static struct {
  const char *name;
  int due, code, calls, all;
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
  return taken;
}

int fake_pinned(void) {
  return pinned;
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
  const uintptr_t from = (uintptr_t)memory, first = (uintptr_t)at;
  return memory && first >= from && first - from <= taken && bytes <= taken - (first - from);
}

void fake_unlock(void) {
  if (memory) (void)mprotect(memory, taken, PROT_READ | PROT_WRITE);
}

void fake_scribble(void *at, size_t bytes) {
  memset(at, 0xff, bytes);
}

void fake_lock(void) {
  if (memory) (void)mprotect(memory, taken, PROT_NONE);
}

#define ENTER(name)                       \
  do {                                    \
    const int code_ = fake_enter(name);   \
    if (code_) return (cudaError_t)code_; \
  } while (0)

#define ENTER_UNCAPTURED(name)                     \
  do {                                             \
    const int code_ = fake_enter_uncaptured(name); \
    if (code_) return (cudaError_t)code_;          \
  } while (0)

cudaError_t cudaGetDeviceCount(int *count) {
  ENTER("cudaGetDeviceCount");
  ask_environment();
  if (driver_version < CUDART_VERSION) return cudaErrorInsufficientDriver;
  if (devices == 0) return cudaErrorNoDevice;
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
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  ENTER("cudaSetDevice");
  return device < devices ? cudaSuccess : cudaErrorInvalidDevice;
}

/* One block at a time. Its start is filled with NaN: nobody may rely on what new memory holds. Not
 * all of it, since every touched page makes the fence slower. */
cudaError_t cudaMalloc(void **block, size_t bytes) {
  ENTER_UNCAPTURED("cudaMalloc");
  if (taken || bytes > MEMORY_BYTES) return cudaErrorMemoryAllocation;
  /* cppcheck-suppress invalidFunctionArg ; -1 where there is no file */
  memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) memory = NULL;
  if (!memory) return cudaErrorMemoryAllocation;
  taken = bytes;
  memset(memory, 0xff, bytes < FILLED ? bytes : FILLED);
  fake_lock();
  *block = memory;
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t *available, size_t *total) {
  ENTER("cudaMemGetInfo");
  *available = MEMORY_BYTES - taken - (size_t)fake_graphs() * GRAPH_BYTES;
  *total = MEMORY_BYTES;
  return cudaSuccess;
}

cudaError_t cudaFree(void *block) {
  if (block != memory) return cudaErrorInvalidValue;
  (void)munmap(memory, taken);
  memory = NULL;
  taken = 0;
  return cudaSuccess;
}

cudaError_t cudaHostRegister(void *block, size_t bytes, unsigned flags) {
  (void)block, (void)bytes, (void)flags;
  ENTER_UNCAPTURED("cudaHostRegister");
  pinned++;
  return cudaSuccess;
}

cudaError_t cudaHostUnregister(void *block) {
  (void)block;
  pinned--;
  return cudaSuccess;
}

#define DEFINE_LAUNCH(name)                                                                      \
  static void run_##name(const void *args, size_t items) {                                       \
    for (size_t i = items; i > 0; i--) kfix_##name##_item(args, i - 1);                          \
  }                                                                                              \
  int kfix_launch_##name(void *stream, const kfix_##name##_args *args, size_t items) {           \
    const int code = fake_enter(#name);                                                          \
    if (code == 0 && (!fake_is_stream(stream) || items == 0)) return cudaErrorInvalidValue;      \
    if (code == 0) fake_launch(run_##name, args, sizeof *args, items);                           \
    return code;                                                                                 \
  }                                                                                              \
  int kfix_update_##name(void *exec, void *node, const kfix_##name##_args *args, size_t items) { \
    const int code = fake_enter("cudaGraphExecKernelNodeSetParams");                             \
    return code ? code : fake_update(exec, node, run_##name, args, sizeof *args, items);         \
  }
KFIX_DEVICE_KERNELS(DEFINE_LAUNCH)
