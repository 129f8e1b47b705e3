/* SPDX-License-Identifier: Apache-2.0
 * Streams that are captured, and graphs: what a stream is asked to do while it is captured is not
 * done but recorded, and done by each launch of the graph. */
#include <cuda_runtime_api.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "fake_device.h"

static cudaError_t answer(int code) {
  return (cudaError_t)fake_error(code);
}

#define ENTER(name)                     \
  do {                                  \
    const int code_ = fake_enter(name); \
    if (code_) return answer(code_);    \
  } while (0)

typedef struct node {
  fake_kernel *kernel;
  size_t items;
  struct node *next;
  struct node *twin; /* in the instantiated graph: the node that it was made from */
  size_t bytes;
  _Alignas(16) unsigned char args[];
} node;

typedef struct graph {
  int device;
  node *first, *last;
} graph;

/* A thread captures one stream at a time; NULL: none. */
static _Thread_local graph *captured;
static _Thread_local int is_spoilt;
static atomic_int graphs;

int fake_graphs(void) {
  return graphs;
}

int fake_capturing(void) {
  return captured != NULL;
}

int fake_enter_uncaptured(const char *name) {
  const int code = fake_enter(name);
  if (code || !captured) return code;
  is_spoilt = 1;
  return cudaErrorStreamCaptureUnsupported;
}

static node *append(graph *g, const node *like, const void *args) {
  node *n = malloc(sizeof *n + like->bytes);
  if (!n) abort();
  *n = *like;
  n->next = NULL;
  memcpy(n->args, args, like->bytes);
  if (g->last)
    g->last->next = n;
  else
    g->first = n;
  return g->last = n;
}

static void destroy(graph *g) {
  for (node *n = g->first, *next; n; n = next) {
    next = n->next;
    free(n);
  }
  free(g);
  graphs--;
}

static graph *create(void) {
  graph *g = calloc(1, sizeof *g);
  if (!g) abort();
  g->device = fake_current();
  graphs++;
  return g;
}

void fake_launch(fake_kernel *kernel, const void *args, size_t bytes, size_t items) {
  const node like = {.kernel = kernel, .items = items, .bytes = bytes};
  graph once = {.first = NULL};
  node *n = append(captured ? captured : &once, &like, args);
  if (captured) return;
  fake_unlock();
  kernel(n->args, items);
  fake_lock();
  free(n);
}

int fake_update(void *exec, void *at, fake_kernel *kernel, const void *args, size_t bytes,
                size_t items) {
  node *n = ((graph *)exec)->first;
  if (((graph *)exec)->device != fake_current()) return cudaErrorInvalidResourceHandle;
  while (n && n->twin != at) n = n->next;
  if (!n || n->kernel != kernel || n->items != items || n->bytes != bytes)
    return cudaErrorInvalidValue;
  memcpy(n->args, args, bytes);
  return 0;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, enum cudaStreamCaptureMode mode) {
  ENTER("cudaStreamBeginCapture");
  if (!fake_is_stream((const void *)stream)) return answer(cudaErrorInvalidResourceHandle);
  if (captured || mode != cudaStreamCaptureModeThreadLocal) return answer(cudaErrorIllegalState);
  captured = create();
  is_spoilt = 0;
  return cudaSuccess;
}

/* The capture is over in any case. */
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *out) {
  graph *g = captured;
  const int code = fake_enter("cudaStreamEndCapture");
  (void)stream;
  captured = NULL;
  *out = NULL;
  if (!g) return answer(cudaErrorIllegalState);
  if (code || is_spoilt) destroy(g);
  if (code) return answer(code);
  if (is_spoilt) return answer(cudaErrorStreamCaptureInvalidated);
  *out = (cudaGraph_t)(void *)g;
  return cudaSuccess;
}

cudaError_t cudaStreamGetCaptureInfo(cudaStream_t stream, enum cudaStreamCaptureStatus *status,
                                     unsigned long long *id, cudaGraph_t *out,
                                     const cudaGraphNode_t **nodes, const cudaGraphEdgeData **edges,
                                     size_t *count) {
  static _Thread_local cudaGraphNode_t last;
  (void)stream, (void)id, (void)out;
  ENTER("cudaStreamGetCaptureInfo");
  if (!edges) return answer(cudaErrorLossyQuery);
  *status = captured ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
  last = captured ? (cudaGraphNode_t)(void *)captured->last : NULL;
  *nodes = &last;
  *count = last != NULL;
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t *out, cudaGraph_t from, unsigned long long flags) {
  (void)flags;
  ENTER("cudaGraphInstantiate");
  graph *exec = create();
  for (node *n = ((graph *)(void *)from)->first; n; n = n->next) append(exec, n, n->args)->twin = n;
  *out = (cudaGraphExec_t)(void *)exec;
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
  ENTER("cudaGraphLaunch");
  if (captured) return answer(cudaErrorStreamCaptureUnsupported);
  if (!fake_is_stream((const void *)stream) || ((graph *)(void *)exec)->device != fake_current())
    return answer(cudaErrorInvalidResourceHandle);
  fake_unlock();
  for (const node *n = ((graph *)(void *)exec)->first; n; n = n->next) n->kernel(n->args, n->items);
  fake_lock();
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t g) {
  destroy((graph *)(void *)g);
  return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  destroy((graph *)(void *)exec);
  return cudaSuccess;
}
