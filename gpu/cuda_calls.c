/* SPDX-License-Identifier: Apache-2.0
 * The list of calls. */
#include <math.h>
#include <string.h>

#include "core/elementary.h"
#include "core/random.h"
#include "port/port.h"

/* Arguments are compared byte by byte: none may have padding. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"
#include "kernel_list.h"
#pragma GCC diagnostic pop

#include "cuda_calls.h"
#include "cuda_vendor.h"

_Static_assert(sizeof(kfix_cuda_pieces) <= KFIX_CUDA_PIECES_BYTES, "pieces and their graphs");

typedef struct operations {
  const char *name;
  size_t bytes;
  int (*issue)(const kfix_cuda *cuda, const void *args, size_t items);
  int (*update)(void *exec, void *node, const void *args, size_t items);
} operations;

#define DEFINE_OPERATIONS(name)                                                      \
  static int issue_##name(const kfix_cuda *cuda, const void *args, size_t items) {   \
    return kfix_launch_##name(cuda->stream, args, items);                            \
  }                                                                                  \
  static int update_##name(void *exec, void *node, const void *args, size_t items) { \
    return kfix_update_##name(exec, node, args, items);                              \
  }
KFIX_DEVICE_KERNELS(DEFINE_OPERATIONS)

static int issue_product(const kfix_cuda *cuda, const void *args, size_t items) {
  (void)items;
  return kfix_cuda_issue_product(cuda, args);
}

#define OPERATIONS(name) {#name, sizeof(kfix_##name##_args), issue_##name, update_##name},
static const operations operations_of[] = {
    KFIX_DEVICE_KERNELS(OPERATIONS){"cublas", sizeof(kfix_product_args), issue_product, NULL}};

int kfix_cuda_issue(const kfix_cuda *cuda, const kfix_call *call) {
  return operations_of[call->kind].issue(cuda, kfix_call_args(call), call->items);
}

int kfix_cuda_update(void *exec, const kfix_call *call, const void *args) {
  return operations_of[call->kind].update(exec, call->node, args, call->items);
}

/* Until one fails. */
static kfix_status issue_each(const kfix_device *d, const kfix_piece *piece) {
  const kfix_call *call = kfix_first_call(piece);
  for (size_t i = 0; i < piece->count; i++, call = kfix_next_call(call))
    KFIX_TRY(
        kfix_cuda_check(d, operations_of[call->kind].name, kfix_cuda_issue(kfix_cuda_of(d), call)));
  return KFIX_OK;
}

/* The open piece, which is empty afterwards: as a graph, where it is one. */
static kfix_status issue_all(const kfix_device *d, int may_be_graph) {
  kfix_cuda *cuda = kfix_cuda_of(d);
  kfix_piece *piece = &cuda->scratch.pieces->open;
  int before;
  kfix_status status = kfix_cuda_check(d, "cudaSetDevice", kfix_cuda_enter(cuda, &before));
  if (status == KFIX_OK) {
    if (!may_be_graph || !kfix_cuda_replay(cuda)) status = issue_each(d, piece);
    kfix_cuda_leave(cuda, before);
  }
  piece->count = piece->bytes = 0;
  return status;
}

kfix_status kfix_cuda_flush(const kfix_device *d) {
  const kfix_cuda_pieces *p = kfix_cuda_of(d)->scratch.pieces;
  return p && p->open.count > 0 ? issue_all(d, 1) : KFIX_OK;
}

static void put(kfix_piece *piece, const kfix_call *call, const void *args) {
  unsigned char *at = piece->calls + piece->bytes;
  memcpy(at, call, sizeof *call);
  memcpy(at + sizeof *call, args, call->bytes);
  piece->bytes += sizeof *call + call->bytes;
  piece->count++;
}

/* A list that is full is issued call by call: it ends where it happens to, not where a piece does. */
kfix_status kfix_cuda_call(const kfix_device *d, kfix_call_kind kind, const void *args,
                           size_t items) {
  kfix_cuda *cuda = kfix_cuda_of(d);
  const operations *o = &operations_of[kind];
  const kfix_call call = {(size_t)kind, items, o->bytes, NULL};
  if (items == 0) return KFIX_OK;
  if (!cuda->scratch.pieces || cuda->graphs == KFIX_CUDA_GRAPHS_OFF) {
    KFIX_TRY(kfix_cuda_flush(d));
    KFIX_VENDOR(d, o->name, o->issue(cuda, args, items));
    return KFIX_OK;
  }
  kfix_piece *piece = &cuda->scratch.pieces->open;
  if (piece->bytes + sizeof call + call.bytes > KFIX_PIECE_BYTES) KFIX_TRY(issue_all(d, 0));
  put(piece, &call, args);
  return KFIX_OK;
}
