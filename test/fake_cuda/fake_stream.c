/* SPDX-License-Identifier: Apache-2.0
 * The stream, and copies through it. What goes up may be on its way until the stream is waited for,
 * and what comes down does not arrive before. */
#include <cuda_runtime_api.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fake_device.h"

#define COPIES_MAX 256

/* A copy from or to `host`. */
typedef struct transit {
  void *host, *copy;
  size_t bytes;
} transit;

typedef struct stream {
  int device;
  /* Copies from the host that a device might not have made yet: their source must not change. */
  transit in_flight[COPIES_MAX];
  size_t in_flight_count;
  /* Copies to the host arrive when the stream is waited for, not before: until then their place holds
   * nonsense, which nobody may have read. */
  transit on_its_way[COPIES_MAX];
  size_t on_its_way_count;
} stream;

static cudaError_t answer(int code) {
  return (cudaError_t)fake_error(code);
}

int fake_is_stream(const void *at) {
  const stream *s = at;
  return s && s->device == fake_current();
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *out, unsigned flags) {
  (void)flags;
  const int code = fake_enter("cudaStreamCreateWithFlags");
  if (code) return answer(code);
  stream *s = calloc(1, sizeof *s);
  if (!s) abort();
  s->device = fake_current();
  *out = (cudaStream_t)(void *)s;
  return cudaSuccess;
}

static void *copy_of(const void *from, size_t bytes) {
  void *copy = malloc(bytes);
  if (!copy) abort();
  memcpy(copy, from, bytes);
  return copy;
}

static void send(stream *s, void *from, size_t bytes) {
  if (s->in_flight_count == COPIES_MAX) return;
  s->in_flight[s->in_flight_count++] = (transit){from, copy_of(from, bytes), bytes};
}

static void deliver(stream *s, int arrives) {
  for (size_t i = 0; i < s->on_its_way_count; i++) {
    const transit *t = &s->on_its_way[i];
    if (arrives) memcpy(t->host, t->copy, t->bytes);
    free(t->copy);
  }
  s->on_its_way_count = 0;
}

static void receive(stream *s, void *to, const void *from, size_t bytes) {
  if (s->on_its_way_count == COPIES_MAX) deliver(s, 1);
  s->on_its_way[s->on_its_way_count++] = (transit){to, copy_of(from, bytes), bytes};
  memset(to, 0xee, bytes);
}

static int arrived_unchanged(stream *s) {
  int same = 1;
  for (; s->in_flight_count > 0; s->in_flight_count--) {
    const transit *t = &s->in_flight[s->in_flight_count - 1];
    same &= memcmp(t->host, t->copy, t->bytes) == 0;
    free(t->copy);
  }
  return same;
}

cudaError_t cudaStreamDestroy(cudaStream_t at) {
  stream *s = (stream *)(void *)at;
  if (!fake_is_stream(s)) return answer(cudaErrorInvalidResourceHandle);
  while (s->in_flight_count > 0) free(s->in_flight[--s->in_flight_count].copy);
  deliver(s, 0);
  free(s);
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t at) {
  stream *s = (stream *)(void *)at;
  const int code = fake_enter_uncaptured("cudaStreamSynchronize");
  if (!fake_is_stream(s)) return answer(cudaErrorInvalidResourceHandle);
  deliver(s, code == 0);
  if (code) return answer(code);
  return arrived_unchanged(s) ? cudaSuccess : answer(cudaErrorIllegalAddress);
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind,
                            cudaStream_t at) {
  stream *s = (stream *)(void *)at;
  const int code = fake_enter_uncaptured("cudaMemcpyAsync");
  const int up = kind == cudaMemcpyHostToDevice;
  if (code) return answer(code);
  if (!fake_is_stream(s)) return answer(cudaErrorInvalidResourceHandle);
  if (fake_holds(to, bytes) != up || fake_holds(from, bytes) == up)
    return answer(cudaErrorInvalidValue);
  if (!fake_is_pinned(up ? from : to, bytes)) fake_count_pageable();
  fake_unlock();
  if (up)
    memcpy(to, from, bytes);
  else
    receive(s, to, from, bytes);
  fake_lock();
  if (up) send(s, (void *)(uintptr_t)from, bytes);
  return cudaSuccess;
}

static void set_bytes(void *at, int value, size_t bytes) {
  fake_unlock();
  memset(at, value, bytes);
  fake_lock();
}

/* For the tests, which spoil workspaces by it. */
cudaError_t cudaMemsetAsync(void *to, int value, size_t bytes, cudaStream_t at) {
  const int code = fake_enter_uncaptured("cudaMemsetAsync");
  if (code) return answer(code);
  if (!fake_is_stream((const void *)at)) return answer(cudaErrorInvalidResourceHandle);
  if (!fake_holds(to, bytes)) return answer(cudaErrorInvalidValue);
  set_bytes(to, value, bytes);
  return cudaSuccess;
}
