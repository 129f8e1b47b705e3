/* SPDX-License-Identifier: Apache-2.0
 * Taking a device and giving it back: on the caller's side of the library, it allocates. */
#include <stdlib.h>
#include <string.h>

#include "cuda_device.h"

/* What would change results behind the caller's back. */
static const char *disturbing_setting(void) {
  static const char *const names[] = {"NVIDIA_TF32_OVERRIDE",
                                      "CUBLAS_EMULATE_SINGLE_PRECISION",
                                      "CUBLAS_EMULATE_DOUBLE_PRECISION",
                                      "CUBLAS_EMULATION_STRATEGY",
                                      "CUBLAS_WORKSPACE_CONFIG",
                                      "CUBLASLT_HEURISTICS_LUT_FILE"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (getenv(names[i])) return names[i];
  return NULL;
}

/* A runtime that answers "driver" (35) also where there is none. */
static kfix_status find_device(kfix_cuda *cuda, int index) {
  int count = 0, driver = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  cuda->error = (int)code;
  cuda->failed = "cudaGetDeviceCount";
  (void)cudaGetLastError();
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
  KFIX_TRY(note(cuda, "cudaMalloc", (int)cudaMalloc(&cuda->memory, bytes), KFIX_DEVICE_MEMORY));
  cuda->bytes = bytes;
  if (arena && cudaHostRegister(arena, arena_bytes, cudaHostRegisterDefault) == cudaSuccess)
    cuda->pinned = arena;
  (void)cudaGetLastError();
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
  (void)cusolverGetVersion(&id->cusolver);
  return KFIX_OK;
}

/* Capabilities 10.0 and 10.3 have BF16x9; double knows no other precision. */
static kfix_cuda_precision in_force(const kfix_cuda *cuda) {
  const int c = cuda->identity.capability;
  if (sizeof(kfix_real) == sizeof(double)) return KFIX_CUDA_STRICT;
  if (cuda->precision == KFIX_CUDA_BF16X9 && c != 100 && c != 103) return KFIX_CUDA_STRICT;
  return cuda->precision;
}

static kfix_status set_precision(kfix_cuda *cuda) {
  cuda->precision = in_force(cuda);
  const cublasMath_t mode =
      cuda->precision == KFIX_CUDA_STRICT ? CUBLAS_PEDANTIC_MATH : CUBLAS_DEFAULT_MATH;
  return note(cuda, "cublasSetMathMode", (int)cublasSetMathMode(cuda->cublas, mode), KFIX_PORT);
}

static kfix_status take(kfix_cuda *cuda, int index, size_t bytes, void *arena, size_t arena_bytes) {
  KFIX_TRY(find_device(cuda, index));
  KFIX_TRY(note(cuda, "cudaSetDevice", (int)cudaSetDevice(index), KFIX_PORT));
  KFIX_TRY(take_handles(cuda));
  KFIX_TRY(identify(cuda, index));
  KFIX_TRY(set_precision(cuda));
  KFIX_TRY(take_memory(cuda, bytes, arena, arena_bytes));
  cuda->graphs = KFIX_CUDA_GRAPHS_ON;
  cuda->error = 0;
  cuda->failed = NULL;
  return KFIX_OK;
}

kfix_status kfix_cuda_open(kfix_cuda *cuda, int index, kfix_cuda_precision precision, size_t bytes,
                           void *arena, size_t arena_bytes) {
  if (!cuda) return KFIX_ARGUMENT;
  memset(cuda, 0, sizeof *cuda);
  cuda->precision = precision;
  cuda->failed = disturbing_setting();
  if (cuda->failed) return KFIX_DEVICE_SETTINGS;
  const kfix_status status = take(cuda, index, bytes, arena, arena_bytes);
  const int error = cuda->error;
  const char *failed = cuda->failed;
  if (status == KFIX_OK) return KFIX_OK;
  kfix_cuda_close(cuda);
  cuda->error = error;
  cuda->failed = failed;
  return status;
}

void kfix_cuda_close(kfix_cuda *cuda) {
  if (cuda->stream) (void)cudaStreamSynchronize(cuda->stream); /* which may still read the arena */
  kfix_cuda_forget(cuda);
  if (cuda->solver_parameters) (void)cusolverDnDestroyParams(cuda->solver_parameters);
  if (cuda->cusolver) (void)cusolverDnDestroy(cuda->cusolver);
  if (cuda->cublas) (void)cublasDestroy(cuda->cublas);
  if (cuda->stream) (void)cudaStreamDestroy(cuda->stream);
  if (cuda->pinned) (void)cudaHostUnregister(cuda->pinned);
  if (cuda->memory) (void)cudaFree(cuda->memory);
  memset(cuda, 0, sizeof *cuda);
}
