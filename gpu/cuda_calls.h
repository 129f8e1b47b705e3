/* SPDX-License-Identifier: Apache-2.0
 * What the port asks of the stream: its own kernels and cuBLAS's products. Calls are put on a list and
 * issued where the host must wait, or cuSOLVER follows. The calls between two such places are a
 * piece of a step; a piece that comes again is launched as one graph (cuda_graphs.c). */
#ifndef KFIX_GPU_CUDA_CALLS_H
#define KFIX_GPU_CUDA_CALLS_H

#include "cuda.h"
#include "kernel_list.h"

/* A product in cuBLAS's words: its columns, its operations. b NULL: the rank-k update of a. count: so many
 * of them, whose matrices are so far apart. */
typedef struct kfix_product_args {
  int op_a, op_b;
  int64_t m, n, k, lda, ldb, ldc;
  int64_t count, apart_a, apart_b, apart_c;
  const kfix_real *a, *b;
  kfix_real *c;
  double alpha, beta;
} kfix_product_args;

#define KFIX_CALL_ENUMERATOR(name) KFIX_CALL_##name,
typedef enum kfix_call_kind {
  KFIX_DEVICE_KERNELS(KFIX_CALL_ENUMERATOR) KFIX_CALL_product
} kfix_call_kind;

/* Its arguments follow it. */
typedef struct kfix_call {
  size_t kind, items, bytes; /* bytes: of the arguments */
  void *node; /* of a kernel of our own in a graph: there its arguments can be changed */
} kfix_call;

/* Calls, one behind another. */
typedef struct kfix_piece {
  unsigned char *calls;
  size_t count, bytes;
  uint64_t digest; /* of what a graph cannot change: kinds, items, products */
} kfix_piece;

/* A piece of fewer calls gains nothing by being a graph; one is worth a graph if it was among the last
 * ones too, so those that come at refreshes alone are not. */
#define KFIX_PIECE_CALLS_MIN 8
#define KFIX_PIECES_SEEN     48
#define KFIX_PIECE_BYTES     ((size_t)256 << 10)
#define KFIX_PIECES_ROOM     (KFIX_CUDA_PIECES_BYTES - KFIX_PIECE_BYTES - 8192)

/* Of the host's arena. */
typedef struct kfix_cuda_pieces {
  kfix_piece open, kept[KFIX_CUDA_GRAPHS_MAX]; /* kept: in the order of the graphs in the handles */
  size_t kept_bytes, seen_count;
  uint64_t seen[KFIX_PIECES_SEEN]; /* digests of the last pieces */
  unsigned char calls[KFIX_PIECE_BYTES], room[KFIX_PIECES_ROOM];
} kfix_cuda_pieces;

static inline const void *kfix_call_args(const kfix_call *call) {
  return call + 1;
}

/* The first call of a piece; the one after another. */
static inline kfix_call *kfix_first_call(const kfix_piece *piece) {
  return (kfix_call *)(void *)piece->calls;
}

static inline kfix_call *kfix_next_call(const kfix_call *call) {
  return (kfix_call *)(void *)((unsigned char *)(uintptr_t)(call + 1) + call->bytes);
}

/* Puts a call on the list, or, with graphs off, issues it. errors  PORT: what was issued failed. */
kfix_status kfix_cuda_call(const kfix_device *d, kfix_call_kind kind, const void *args,
                           size_t items);
/* Issues what is on the list; afterwards it is empty, also if a call failed. */
kfix_status kfix_cuda_flush(const kfix_device *d);

/* ---- between cuda_calls.c, cuda_products.c and cuda_graphs.c: codes are of whom they call ---- */

int kfix_cuda_issue(const kfix_cuda *cuda, const kfix_call *call);
int kfix_cuda_issue_product(const kfix_cuda *cuda, const kfix_product_args *p);
/* Changes the arguments of a call's node. */
int kfix_cuda_update(void *exec, const kfix_call *call, const void *args);
/* 1: the open piece was launched as a graph. 0: it was not, and its calls are still to be issued. */
int kfix_cuda_replay(kfix_cuda *cuda);
/* Gives back all graphs. */
void kfix_cuda_forget(kfix_cuda *cuda);

#endif
