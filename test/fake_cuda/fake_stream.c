/* SPDX-License-Identifier: Apache-2.0
 * The stream, and copies through it. What goes up may be on its way until the stream is waited for,
 * and what comes down does not arrive before. */
#include <cuda_runtime_api.h>
#include <stdlib.h>
#include <string.h>

#include "fake_device.h"

#define COPIES_MAX 256

static int the_stream;

int fake_is_stream(const void *stream) {
  return stream == (const void *)&the_stream;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags) {
  (void)flags;
  const int code = fake_enter("cudaStreamCreateWithFlags");
  if (code) return (cudaError_t)code;
  *stream = (cudaStream_t)(void *)&the_stream;
  return cudaSuccess;
}

/* Copies from the host that a device might not have made yet: their source must not change. */
static struct {
  const void *from;
  void *copy;
  size_t bytes;
} in_flight[COPIES_MAX];
static size_t in_flight_count;

static void send(const void *from, size_t bytes) {
  if (in_flight_count == COPIES_MAX) return;
  void *copy = malloc(bytes);
  if (!copy) abort();
  memcpy(copy, from, bytes);
  in_flight[in_flight_count].from = from;
  in_flight[in_flight_count].copy = copy;
  in_flight[in_flight_count++].bytes = bytes;
}

/* Copies to the host arrive when the stream is waited for, not before: until then their place holds
 * nonsense, which nobody may have read. */
static struct {
  void *to, *copy;
  size_t bytes;
} on_its_way[COPIES_MAX];
static size_t on_its_way_count;

static void deliver(int arrives) {
  for (size_t i = 0; i < on_its_way_count; i++) {
    if (arrives) memcpy(on_its_way[i].to, on_its_way[i].copy, on_its_way[i].bytes);
    free(on_its_way[i].copy);
  }
  on_its_way_count = 0;
}

static void receive(void *to, const void *from, size_t bytes) {
  if (on_its_way_count == COPIES_MAX) deliver(1);
  void *copy = malloc(bytes);
  if (!copy) abort();
  memcpy(copy, from, bytes);
  memset(to, 0xee, bytes);
  on_its_way[on_its_way_count].to = to;
  on_its_way[on_its_way_count].copy = copy;
  on_its_way[on_its_way_count++].bytes = bytes;
}

static int arrived_unchanged(void) {
  int same = 1;
  for (; in_flight_count > 0; in_flight_count--) {
    const size_t i = in_flight_count - 1;
    same &= memcmp(in_flight[i].from, in_flight[i].copy, in_flight[i].bytes) == 0;
    free(in_flight[i].copy);
  }
  return same;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  (void)stream;
  while (in_flight_count > 0) free(in_flight[--in_flight_count].copy);
  deliver(0);
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const int code = fake_enter_uncaptured("cudaStreamSynchronize");
  (void)stream;
  deliver(code == 0);
  if (code) return (cudaError_t)code;
  return arrived_unchanged() ? cudaSuccess : cudaErrorIllegalAddress;
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind,
                            cudaStream_t stream) {
  const int code = fake_enter_uncaptured("cudaMemcpyAsync");
  if (code) return (cudaError_t)code;
  const int up = kind == cudaMemcpyHostToDevice;
  if (!fake_is_stream(stream) || fake_holds(to, bytes) != up || fake_holds(from, bytes) == up)
    return cudaErrorInvalidValue;
  fake_unlock();
  if (up)
    memcpy(to, from, bytes);
  else
    receive(to, from, bytes);
  fake_lock();
  if (up) send(from, bytes);
  return cudaSuccess;
}
