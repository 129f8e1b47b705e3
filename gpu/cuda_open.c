/* SPDX-License-Identifier: Apache-2.0
 * Taking a device and giving it back: on the caller's side of the library, it allocates. */
#include <stdlib.h>
#include <string.h>

#include "cuda_device.h"

static const char tf32_override[] = "NVIDIA_TF32_OVERRIDE";

static int forbids_tf32(void) {
  const char *value = getenv(tf32_override);
  return value && strcmp(value, "0") == 0;
}

/* What would change results behind the caller's back. CUBLAS_WORKSPACE_CONFIG is not of them: workspaces
 * are the port's own. */
static const char *disturbing_setting(void) {
  static const char *const names[] = {"CUBLAS_EMULATE_SINGLE_PRECISION",
                                      "CUBLAS_EMULATE_DOUBLE_PRECISION",
                                      "CUBLAS_EMULATION_STRATEGY", "CUBLASLT_HEURISTICS_LUT_FILE"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (getenv(names[i])) return names[i];
  return getenv(tf32_override) && !forbids_tf32() ? tf32_override : NULL;
}

/* After a failure of the runtime's that is told or made good: it must not be the thread's last error. An
 * error of the caller's own stays. */
static int settled(cudaError_t code) {
  if (code != cudaSuccess) (void)cudaGetLastError();
  return (int)code;
}

/* A runtime that answers "driver" (35) also where there is none. */
static kfix_status find_device(kfix_cuda *cuda, int index) {
  int count = 0, driver = 0;
  const int code = settled(cudaGetDeviceCount(&count));
  cuda->error = code;
  cuda->failed = "cudaGetDeviceCount";
  if (code == cudaErrorInsufficientDriver)
    return cudaDriverGetVersion(&driver) == cudaSuccess && driver > 0 ? KFIX_DEVICE_DRIVER
                                                                      : KFIX_DEVICE_ABSENT;
  if (code == cudaErrorNoDevice || code == cudaErrorStubLibrary) return KFIX_DEVICE_ABSENT;
  if (code != cudaSuccess) return KFIX_PORT;
  return index >= 0 && index < count ? KFIX_OK : KFIX_DEVICE_ABSENT;
}

static kfix_status note(kfix_cuda *cuda, const char *what, int code, kfix_status status) {
  if (code == 0) return KFIX_OK;
  cuda->error = code;
  cuda->failed = what;
  return status;
}

/* Memory that cannot be pinned will do: results are the same. */
static kfix_status take_memory(kfix_cuda *cuda, size_t bytes, void *arena, size_t arena_bytes) {
  KFIX_TRY(note(cuda, "cudaMalloc", settled(cudaMalloc(&cuda->memory, bytes)), KFIX_DEVICE_MEMORY));
  cuda->bytes = bytes;
  if (!arena || settled(cudaHostRegister(arena, arena_bytes, cudaHostRegisterDefault)))
    return KFIX_OK;
  cuda->pinned = arena;
  cuda->pinned_bytes = arena_bytes;
  return KFIX_OK;
}

/* cuSOLVER works in memory of its own for the first stream that it is given, and only there. */
static kfix_status take_handles(kfix_cuda *cuda) {
  cudaStream_t stream = NULL;
  cublasHandle_t cublas = NULL;
  cusolverDnHandle_t cusolver = NULL;
  cusolverDnParams_t parameters = NULL;
  KFIX_TRY(note(cuda, "cudaStreamCreate",
                (int)cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), KFIX_PORT));
  cuda->stream = stream;
  KFIX_TRY(note(cuda, "cublasCreate", (int)cublasCreate(&cublas), KFIX_PORT));
  cuda->cublas = cublas;
  KFIX_TRY(note(cuda, "cusolverDnCreate", (int)cusolverDnCreate(&cusolver), KFIX_PORT));
  cuda->cusolver = cusolver;
  KFIX_TRY(
      note(cuda, "cusolverDnCreateParams", (int)cusolverDnCreateParams(&parameters), KFIX_PORT));
  cuda->solver_parameters = parameters;
  KFIX_TRY(note(cuda, "cublasSetAtomicsMode",
                (int)cublasSetAtomicsMode(cublas, CUBLAS_ATOMICS_NOT_ALLOWED), KFIX_PORT));
  KFIX_TRY(
      note(cuda, "cusolverDnSetStream", (int)cusolverDnSetStream(cusolver, stream), KFIX_PORT));
  return note(cuda, "cusolverDnSetDeterministicMode",
              (int)cusolverDnSetDeterministicMode(cusolver, CUSOLVER_DETERMINISTIC_RESULTS),
              KFIX_PORT);
}

int kfix_cuda_solver_version(void) {
  int major = 0, minor = 0, patch = 0;
  if (cusolverGetProperty(MAJOR_VERSION, &major) || cusolverGetProperty(MINOR_VERSION, &minor) ||
      cusolverGetProperty(PATCH_LEVEL, &patch))
    return 0;
  return 1000 * major + 100 * minor + patch;
}

static kfix_status identify(kfix_cuda *cuda, int index) {
  kfix_cuda_identity *id = &cuda->identity;
  struct cudaDeviceProp device;
  KFIX_TRY(note(cuda, "cudaGetDeviceProperties", (int)cudaGetDeviceProperties(&device, index),
                KFIX_PORT));
  for (size_t i = 0; i + 1 < sizeof id->device && device.name[i]; i++)
    id->device[i] = device.name[i];
  id->capability = 10 * device.major + device.minor;
  id->multiprocessors = device.multiProcessorCount;
  (void)cudaDriverGetVersion(&id->driver);
  (void)cudaRuntimeGetVersion(&id->runtime);
  (void)cublasGetVersion(cuda->cublas, &id->cublas);
  id->cusolver = kfix_cuda_solver_version();
  return KFIX_OK;
}

/* Capabilities 10.0 and 10.3 have BF16x9; double knows no other precision. Where TF32 is forbidden, a
 * library would compute strictly without a word. */
static kfix_cuda_precision in_force(const kfix_cuda *cuda) {
  const int c = cuda->identity.capability;
  if (sizeof(kfix_real) == sizeof(double)) return KFIX_CUDA_STRICT;
  if (cuda->precision == KFIX_CUDA_TF32 && forbids_tf32()) return KFIX_CUDA_STRICT;
  if (cuda->precision == KFIX_CUDA_BF16X9 && c != 100 && c != 103) return KFIX_CUDA_STRICT;
  return cuda->precision;
}

static kfix_status set_precision(kfix_cuda *cuda) {
  cuda->precision = in_force(cuda);
  const cublasMath_t mode =
      cuda->precision == KFIX_CUDA_STRICT ? CUBLAS_PEDANTIC_MATH : CUBLAS_DEFAULT_MATH;
  return note(cuda, "cublasSetMathMode", (int)cublasSetMathMode(cuda->cublas, mode), KFIX_PORT);
}

/* With the device current. A device for which nothing was compiled is found out here, not by a step. */
static kfix_status take(kfix_cuda *cuda, size_t bytes, void *arena, size_t arena_bytes) {
  KFIX_TRY(take_handles(cuda));
  KFIX_TRY(identify(cuda, cuda->index));
  KFIX_TRY(
      note(cuda, "kernels for this device", settled((cudaError_t)kfix_kernels_check()), KFIX_PORT));
  KFIX_TRY(set_precision(cuda));
  KFIX_TRY(take_memory(cuda, bytes, arena, arena_bytes));
  cuda->graphs = KFIX_CUDA_GRAPHS_ON;
  cuda->error = 0;
  cuda->failed = NULL;
  return KFIX_OK;
}

static kfix_status find_and_take(kfix_cuda *cuda, int index, size_t bytes, void *arena,
                                 size_t arena_bytes) {
  int before;
  KFIX_TRY(find_device(cuda, index));
  cuda->index = index;
  KFIX_TRY(
      note(cuda, "cudaSetDevice", settled((cudaError_t)kfix_cuda_enter(cuda, &before)), KFIX_PORT));
  const kfix_status status = take(cuda, bytes, arena, arena_bytes);
  kfix_cuda_leave(cuda, before);
  return status;
}

kfix_status kfix_cuda_open(kfix_cuda *cuda, int index, kfix_cuda_precision precision, size_t bytes,
                           void *arena, size_t arena_bytes) {
  if (!cuda) return KFIX_ARGUMENT;
  memset(cuda, 0, sizeof *cuda);
  cuda->precision = precision;
  cuda->failed = disturbing_setting();
  if (cuda->failed) return KFIX_DEVICE_SETTINGS;
  const kfix_status status = find_and_take(cuda, index, bytes, arena, arena_bytes);
  const int error = cuda->error;
  const char *failed = cuda->failed;
  if (status == KFIX_OK) return KFIX_OK;
  kfix_cuda_close(cuda);
  cuda->error = error;
  cuda->failed = failed;
  return status;
}

static void give_back(kfix_cuda *cuda) {
  (void)cudaStreamSynchronize(cuda->stream); /* which may still read the arena */
  kfix_cuda_forget(cuda);
  if (cuda->solver_parameters) (void)cusolverDnDestroyParams(cuda->solver_parameters);
  if (cuda->cusolver) (void)cusolverDnDestroy(cuda->cusolver);
  if (cuda->cublas) (void)cublasDestroy(cuda->cublas);
  (void)cudaStreamDestroy(cuda->stream);
  if (cuda->pinned) (void)cudaHostUnregister(cuda->pinned);
  if (cuda->memory) (void)cudaFree(cuda->memory);
}

/* The stream was taken first: without one there is nothing. */
void kfix_cuda_close(kfix_cuda *cuda) {
  int before;
  if (cuda->stream) {
    const int code = kfix_cuda_enter(cuda, &before);
    give_back(cuda);
    if (code == 0) kfix_cuda_leave(cuda, before);
  }
  memset(cuda, 0, sizeof *cuda);
}
