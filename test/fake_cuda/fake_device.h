/* SPDX-License-Identifier: Apache-2.0
 * A CUDA runtime, cuBLAS and cuSOLVER that compute on the host, so that the host's half of the CUDA
 * port runs, and is tested, where there is no device. Memory from cudaMalloc is fenced: only a
 * "kernel" may touch it. Calls are counted by name, and the n-th of a kind can be made to fail. Each
 * thread has a current device, 0 at first: streams, handles, graphs and memory of another are refused. */
#ifndef KFIX_TEST_FAKE_DEVICE_H
#define KFIX_TEST_FAKE_DEVICE_H

#include <stddef.h>

#define FAKE_DEVICES_MAX 4
/* How many devices there are from now on, and the version of the driver (0: none). */
void fake_devices(int count, int driver);
/* What cuSOLVER says of itself from now on, as CUSOLVER_VERSION counts. */
void fake_solver_version(int version);
/* Compute capability of the devices that are opened from now on, 10 major + minor; 90 at first. */
void fake_capability(int major_minor);
/* cublasComputeType_t of the last product. */
int fake_compute_type(void);
/* The n-th call of `name` from now on answers `code` and does nothing; name NULL: none, or, with
 * FAKE_STAYS, every call. */
void fake_fail(const char *name, int n, int code);
#define FAKE_STAYS (-1)
/* Factorizations answer this info where it is not 0, and ask for so many bytes more. */
void fake_solver(int info, size_t more);
/* Calls so far that allocate on a device or pin memory. */
int fake_allocations(void);
/* Calls of `name` since the last fake_fail, of anything for NULL. */
int fake_calls(const char *name);
/* Bytes of device memory that are taken, on all devices. */
size_t fake_device_bytes(void);
/* Copies so far whose end on the host was not pinned. */
int fake_pageable_copies(void);
/* Graphs, with what they were instantiated to, that are not destroyed. */
int fake_graphs(void);
/* Blocks of host memory that are pinned. */
int fake_pinned(void);

/* cudaDataType of kfix_real. */
#ifdef KFIX_REAL_DOUBLE
#define FAKE_REAL_TYPE CUDA_R_64F
#else
#define FAKE_REAL_TYPE CUDA_R_32F
#endif

/* The device that is current in this thread. */
int fake_current(void);
/* 1 if these bytes lie in memory of the current device: what libraries are given must. */
int fake_holds(const void *at, size_t bytes);
/* 1 for a stream of the current device, which every handle must be given. */
int fake_is_stream(const void *stream);
/* The last error of the runtime in this thread, unless code is 0; answers it. */
int fake_error(int code);
/* 1 if these bytes of the host are pinned; a copy counts if they are not. */
int fake_is_pinned(const void *at, size_t bytes);
void fake_count_pageable(void);
/* A workspace that a library was given is its own: what was there is lost. */
void fake_scribble(void *at, size_t bytes);

/* For the fakes: 0, or the code that this call must answer. */
int fake_enter(const char *name);
/* The same for a call that a stream may not capture: meanwhile it spoils the capture. */
int fake_enter_uncaptured(const char *name);
/* Runs a kernel, or records it where the stream is captured; the arguments are copied as a launch
 * does: what the host does to them later must not matter. */
typedef void fake_kernel(const void *args, size_t items);
void fake_launch(fake_kernel *kernel, const void *args, size_t bytes, size_t items);
/* Sets the arguments of a node. */
int fake_update(void *exec, void *node, fake_kernel *kernel, const void *args, size_t bytes,
                size_t items);
int fake_capturing(void);
/* Around what a kernel does. */
void fake_unlock(void);
void fake_lock(void);

#endif
