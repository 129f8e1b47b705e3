/* SPDX-License-Identifier: Apache-2.0
 * Pieces of a step as CUDA graphs. A piece is captured when it comes again, and launched from then on
 * whenever it comes: kernels of our own may then have other arguments, which are set in their nodes;
 * products must be the same to the last number, since what cuBLAS launches is its own. What fails
 * here turns graphs off and is noted; the step goes on, call by call. */
#include <cuda_runtime_api.h>
#include <string.h>

#include "cuda_calls.h"

/* The failure is dealt with: it must not be the last error of the thread. */
static int note(kfix_cuda *cuda, const char *what, int code) {
  if (code == 0) return 1;
  (void)cudaGetLastError();
  cuda->graphs = KFIX_CUDA_GRAPHS_OFF;
  cuda->graph.error = code;
  cuda->graph.failed = what;
  return 0;
}

static uint64_t mixed(uint64_t digest, uint64_t word) {
  const uint64_t product = (digest ^ word) * 0x9E3779B97F4A7C15u;
  return product ^ product >> 32;
}

static uint64_t digest_of(const kfix_piece *piece) {
  uint64_t digest = piece->count, word;
  const kfix_call *call = kfix_first_call(piece);
  for (size_t i = 0; i < piece->count; i++, call = kfix_next_call(call)) {
    const unsigned char *args = kfix_call_args(call);
    digest = mixed(mixed(digest, call->kind), call->items);
    for (size_t at = 0; call->kind == KFIX_CALL_product && at < call->bytes; at += sizeof word) {
      memcpy(&word, args + at, sizeof word);
      digest = mixed(digest, word);
    }
  }
  return digest;
}

static int same_args(const kfix_call *a, const kfix_call *b) {
  return memcmp(kfix_call_args(a), kfix_call_args(b), a->bytes) == 0;
}

/* The graph of `kept` can be made to do what `open` asks for. */
static int fits(const kfix_piece *kept, const kfix_piece *open) {
  const kfix_call *a = kfix_first_call(kept), *b = kfix_first_call(open);
  if (kept->digest != open->digest || kept->count != open->count || kept->bytes != open->bytes)
    return 0;
  for (size_t i = 0; i < open->count; i++, a = kfix_next_call(a), b = kfix_next_call(b)) {
    if (a->kind != b->kind || a->items != b->items) return 0;
    if (a->kind == KFIX_CALL_product && !same_args(a, b)) return 0;
  }
  return 1;
}

/* Notes the open piece among the last ones. 1: it was there. */
static int seen(kfix_cuda_pieces *p) {
  int found = 0;
  for (size_t i = 0; i < KFIX_PIECES_SEEN && i < p->seen_count; i++)
    found |= p->seen[i] == p->open.digest;
  p->seen[p->seen_count++ % KFIX_PIECES_SEEN] = p->open.digest;
  return found;
}

/* The node that the last launch became. Edges are asked for because the query fails where there are
 * some and nobody asks. */
static int last_node(const kfix_cuda *cuda, void **node) {
  enum cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  const cudaGraphNode_t *nodes = NULL;
  const cudaGraphEdgeData *edges = NULL;
  size_t count = 0;
  const int code = (int)cudaStreamGetCaptureInfo((cudaStream_t)cuda->stream, &status, NULL, NULL,
                                                 &nodes, &edges, &count);
  if (code) return code;
  if (status != cudaStreamCaptureStatusActive || count != 1) return cudaErrorStreamCaptureUnmatched;
  *node = nodes[0];
  return 0;
}

static int record(const kfix_cuda *cuda, const kfix_piece *piece) {
  kfix_call *call = kfix_first_call(piece);
  int code = 0;
  for (size_t i = 0; i < piece->count && code == 0; i++, call = kfix_next_call(call)) {
    code = kfix_cuda_issue(cuda, call);
    if (code == 0 && call->kind != KFIX_CALL_product) code = last_node(cuda, &call->node);
  }
  return code;
}

/* Whatever happens, the capture is ended. */
static int capture(kfix_cuda *cuda, const kfix_piece *piece, cudaGraph_t *graph) {
  const cudaStream_t stream = (cudaStream_t)cuda->stream;
  if (!note(cuda, "cudaStreamBeginCapture",
            (int)cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal)))
    return 0;
  const int recorded = record(cuda, piece);
  const int ended = (int)cudaStreamEndCapture(stream, graph);
  return note(cuda, "capture", recorded) && note(cuda, "cudaStreamEndCapture", ended);
}

/* A graph of the open piece; NULL: there is no room for one, or it cannot be made. */
static kfix_piece *make(kfix_cuda *cuda, kfix_cuda_pieces *p) {
  kfix_cuda_graph_table *table = &cuda->graph;
  cudaGraph_t graph = NULL;
  cudaGraphExec_t exec = NULL;
  if (table->count == KFIX_CUDA_GRAPHS_MAX || p->kept_bytes + p->open.bytes > KFIX_PIECES_ROOM)
    return NULL;
  kfix_piece *kept = &p->kept[table->count];
  *kept = p->open;
  kept->calls = p->room + p->kept_bytes;
  memcpy(kept->calls, p->open.calls, p->open.bytes);
  if (!capture(cuda, kept, &graph) ||
      !note(cuda, "cudaGraphInstantiate", (int)cudaGraphInstantiate(&exec, graph, 0))) {
    if (graph) (void)cudaGraphDestroy(graph);
    return NULL;
  }
  p->kept_bytes += kept->bytes;
  table->graph[table->count] = graph;
  table->exec[table->count++] = exec;
  return kept;
}

static int update(kfix_cuda *cuda, void *exec, const kfix_piece *kept, const kfix_piece *open) {
  kfix_call *is = kfix_first_call(kept), *wanted = kfix_first_call(open);
  for (size_t i = 0; i < open->count; i++) {
    if (!same_args(is, wanted)) {
      if (!note(cuda, "cudaGraphExecKernelNodeSetParams",
                kfix_cuda_update(exec, is, kfix_call_args(wanted))))
        return 0;
      memcpy(is + 1, kfix_call_args(wanted), is->bytes);
    }
    is = kfix_next_call(is);
    wanted = kfix_next_call(wanted);
  }
  return 1;
}

static kfix_piece *find(const kfix_cuda *cuda, kfix_cuda_pieces *p) {
  for (size_t i = 0; i < cuda->graph.count; i++)
    if (fits(&p->kept[i], &p->open)) return &p->kept[i];
  return NULL;
}

int kfix_cuda_replay(kfix_cuda *cuda) {
  kfix_cuda_pieces *p = cuda->scratch.pieces;
  if (cuda->graphs == KFIX_CUDA_GRAPHS_OFF || p->open.count < KFIX_PIECE_CALLS_MIN) return 0;
  p->open.digest = digest_of(&p->open);
  kfix_piece *kept = find(cuda, p);
  const int again = seen(p);
  if (!kept && again && cuda->graphs == KFIX_CUDA_GRAPHS_ON) kept = make(cuda, p);
  if (!kept) return 0;
  void *exec = cuda->graph.exec[kept - p->kept];
  if (!update(cuda, exec, kept, &p->open)) return 0;
  if (!note(cuda, "cudaGraphLaunch",
            (int)cudaGraphLaunch((cudaGraphExec_t)exec, (cudaStream_t)cuda->stream)))
    return 0;
  cuda->graph.launches++;
  return 1;
}

void kfix_cuda_forget(kfix_cuda *cuda) {
  for (size_t i = 0; i < cuda->graph.count; i++) {
    (void)cudaGraphExecDestroy(cuda->graph.exec[i]);
    (void)cudaGraphDestroy(cuda->graph.graph[i]);
  }
  cuda->graph.count = 0;
}
