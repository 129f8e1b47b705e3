/* SPDX-License-Identifier: Apache-2.0
 * The CUDA port: the kernels of port.h on a device, by cuBLAS, cuSOLVER and kernels of its own.
 *
 * Vendor libraries allocate when their handles are made, so making them is the caller's business,
 * like threads: kfix_cuda_open does it and kfix_cuda_close undoes it, or a caller fills a kfix_cuda
 * from handles of its own. From kfix_create on the port allocates nothing: workspaces come from the
 * device's arena, what the host computes for it lies in the host's.
 *
 *   static _Alignas(KFIX_ALIGN) unsigned char arena[KFIX_HOST_BYTES(kfac, cuda)];
 *   kfix_cuda cuda;
 *   kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, KFIX_DEVICE_BYTES(kfac, cuda), arena, sizeof arena);
 *   const kfix_setup setup = {.net = &net, .method = KFIX_METHOD_kfac, .port = &kfix_port_cuda,
 *                             .handles = &cuda, .arena = arena, .bytes = sizeof arena};
 *   kfix_create(&k, &setup, NULL);
 *
 * Devices and threads: each call of CUDA is made with the device of its handles current in the thread that
 * makes it, and what the caller had current is current again behind it. So one thread may work with
 * trainers on several devices, and a trainer may be handed from thread to thread; fetch, observers and
 * the like see their caller's device. A thread that never chose a device has device 0 current, and CUDA
 * makes a context there when it is made current again: one that works on another device alone spares
 * it by cudaSetDevice.
 *
 * Bits: products and factorizations are the vendor's, so runs repeat on one model of GPU with one
 * version of the libraries; all else has the bits of the CPU ports. */
#ifndef KFIX_GPU_CUDA_H
#define KFIX_GPU_CUDA_H

#include "../port/simd/simd.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of gemm; syrk, which makes the statistics, and factorizations stay strict. */
typedef enum kfix_cuda_precision {
  KFIX_CUDA_STRICT, /* float products in float throughout (double in a double build) */
  KFIX_CUDA_TF32,   /* inputs of float products rounded to 10 bits of mantissa */
  KFIX_CUDA_BF16X9  /* float products from bfloat16 pieces: devices of capability 10.0 and 10.3 */
} kfix_cuda_precision;

/* Launches are collected where the host does not wait, and pieces of a step that come again become CUDA
 * graphs: one launch each. The bits are the same. */
typedef enum kfix_cuda_graphs {
  KFIX_CUDA_GRAPHS_OFF, /* every launch by itself, at once */
  KFIX_CUDA_GRAPHS_ON, /* making a graph allocates, at most KFIX_CUDA_GRAPHS_MAX times: in the first
                           steps, in those after a refresh, at the first evaluations */
  KFIX_CUDA_GRAPHS_KEPT /* those made so far and no more: nothing allocates */
} kfix_cuda_graphs;
#define KFIX_CUDA_GRAPHS_MAX 64

/* Graphs of the pieces that the trainer in hand has shown; for the port's own use but for `launches`,
 * and for what turned them off: a call that failed, or NULL. */
typedef struct kfix_cuda_graph_table {
  void *graph[KFIX_CUDA_GRAPHS_MAX], *exec[KFIX_CUDA_GRAPHS_MAX];
  size_t count, launches;
  int error;
  const char *failed;
} kfix_cuda_graph_table;

/* What the bits of a product may depend on. */
typedef struct kfix_cuda_identity {
  char device[64];
  int capability;      /* 10 major + minor */
  int multiprocessors; /* those that this process may use */
  int driver, runtime, cublas, cusolver;
} kfix_cuda_identity;

/* Where things lie in the scratch: filled by kfix_create, for the port's own use. */
typedef struct kfix_cuda_scratch {
  unsigned char *blas, *solver;
  size_t solver_bytes;
  kfix_real *square[2]; /* full forms of packed operands */
  double *sums;         /* results of rows, then lanes */
  int *info;            /* what factorizations answer, then pointers to the matrices of a batch */
  void *host;           /* of the host's arena: cuSOLVER and the Kronecker SVD take turns */
  size_t host_bytes;
  struct kfix_cuda_pieces *pieces; /* the calls on their way */
  unsigned char *stage;            /* of the host's, for bytes on their way */
  size_t staged;     /* so many went up since the last wait; what comes down lands behind them */
  int eigen_batches; /* 1: cuSOLVER's batches of eigenproblems can be trusted */
} kfix_cuda_scratch;

/* Which way factorizations went since kfix_create. */
typedef struct kfix_cuda_routes {
  size_t batches, batched; /* of eigenproblems, and how many went in them */
  size_t alone;            /* eigenproblems that went one by one */
  size_t on_host;          /* factorizations of any kind that went to the host */
  const char *because; /* of the last of those: whose workspace was larger than planned; or NULL */
} kfix_cuda_routes;

typedef struct kfix_cuda {
  int index;               /* of the device that all below belongs to */
  void *stream;            /* cudaStream_t, not the default stream */
  void *cublas;            /* cublasHandle_t, of no other stream */
  void *cusolver;          /* cusolverDnHandle_t, of no other stream */
  void *solver_parameters; /* cusolverDnParams_t with nothing set */
  void *memory;            /* the device's arena: KFIX_DEVICE_BYTES, aligned to 256 bytes */
  size_t bytes;
  void *pinned; /* the host's arena while it is pinned; NULL: it is not */
  size_t pinned_bytes;
  kfix_cuda_precision precision; /* in force: what is asked for, if this build and device have it */
  kfix_cuda_graphs graphs;       /* ON by kfix_cuda_open; a caller may change it between steps; OFF
                                    once a call on the way to a graph failed: graph.failed */
  kfix_cuda_graph_table graph;
  kfix_cuda_identity identity; /* by kfix_cuda_open */
  kfix_cuda_routes routes;
  kfix_cuda_scratch scratch;
  int error;          /* the last code of the runtime or of a library that was not 0 */
  const char *failed; /* what answered it: a name for messages; NULL: nothing */
} kfix_cuda;

/* Takes device `index`: stream, handles and `bytes` of device memory; pins the host's arena (NULL:
 * none), if the system lets it, so that transfers are faster. Outside of the library's promise: it
 * allocates. errors  DEVICE_ABSENT (no device, or no driver), DEVICE_DRIVER (older than the
 * runtime), DEVICE_MEMORY, DEVICE_SETTINGS (an environment variable that changes results is set:
 * cuda->failed names it), PORT (a device for which no kernels were compiled among others); what was
 * taken is given back. NVIDIA_TF32_OVERRIDE=0 forbids TF32, so a request for it is not in force then. */
kfix_status kfix_cuda_open(kfix_cuda *cuda, int index, kfix_cuda_precision precision, size_t bytes,
                           void *arena, size_t arena_bytes) KFIX_MUST_CHECK;
void kfix_cuda_close(kfix_cuda *cuda);

/* Scratch: workspaces of the vendor's libraries, two full symmetric operands of the widest layer's
 * order n, lanes and results of sums over vectors, five at a time, and over matrices of that order.
 * A factorization whose library asks for more is the host's. Patches of images lie where cuSOLVER and the squares
 * are idle. */
#define KFIX_CUDA_ALIGN           256
#define KFIX_CUDA_BLAS_BYTES      ((size_t)32 << 20)
#define KFIX_CUDA_SOLVER_BYTES(n) (((size_t)4 << 20) + 4 * KFIX_CUDA_SQUARE_BYTES(n))
#define KFIX_CUDA_SQUARE_BYTES(n) KFIX_ROUND_UP((n)*KFIX_LD(n) * KFIX_REAL_BYTES, (size_t)256)
#define KFIX_CUDA_SUM_BYTES(parameters, chunk, n)                                                 \
  (sizeof(double) *                                                                               \
   ((KFIX_LANES_IN_SUM + 3) * (KFIX_SUM_SCRATCH((parameters) + (n)*KFIX_LD(n), chunk) + 1) + 32 + \
    (n) + 4 * (KFIX_LANES_IN_SUM + 1) * KFIX_SUM_SCRATCH(parameters, 0)))
/* Codes and pointers, two for each of several inverses, and room to align the rest. */
#define KFIX_CUDA_INFO_BYTES (KFIX_JOBS_MAX * (2 * sizeof(int) + 2 * sizeof(void *)) + 512)
#define KFIX_PORT_SCRATCH_cuda(parameters, chunk, threads, widest)                        \
  (KFIX_CUDA_BLAS_BYTES + KFIX_CUDA_SOLVER_BYTES((size_t)(widest)) +                      \
   2 * KFIX_CUDA_SQUARE_BYTES((size_t)(widest)) +                                         \
   KFIX_ROUND_UP(KFIX_CUDA_SUM_BYTES(parameters, chunk, (size_t)(widest)), (size_t)256) + \
   KFIX_CUDA_INFO_BYTES)
#define KFIX_PORT_DEVICE_cuda 1

/* The host's part: what cuSOLVER may ask for, parts of which may run there; or a factorization in place
 * of its own, the largest being that into eigenvectors: matrix, vectors, values, room for the work; or a
 * Kronecker SVD of so many rows and of terms of the past: cosines if they are of few, vectors, the
 * search. The last two have room for their products. */
#define KFIX_CUDA_SOLVER_HOST_BYTES(n) (((size_t)16 << 20) + 2 * KFIX_CUDA_SQUARE_BYTES(n))
#define KFIX_CUDA_FACTOR_BYTES(n)                                                       \
  ((2 * (n)*KFIX_LD(n) + KFIX_LD(n) + KFIX_LD(KFIX_EIGEN_REALS(n))) * KFIX_REAL_BYTES + \
   KFIX_PORT_SCRATCH_simd(1, 1, 1, n))
#define KFIX_CUDA_KRON_NEAR 256
#define KFIX_CUDA_KRON_REALS(atoms)                                 \
  ((2 * KFIX_CUDA_SMALLER(atoms, (size_t)KFIX_CUDA_KRON_NEAR) + 4 + \
    2 * (size_t)KFIX_KRON_RANK_MAX) *                               \
       KFIX_LD(atoms) +                                             \
   KFIX_LD(KFIX_KRON_SVD_REALS(atoms)))
#define KFIX_CUDA_KRON_BYTES(atoms) \
  (KFIX_CUDA_KRON_REALS(atoms) * KFIX_REAL_BYTES + KFIX_PORT_SCRATCH_simd(1, 1, 1, atoms))
/* Calls on their way, and those that graphs were made of; bytes on their way up. */
#define KFIX_CUDA_PIECES_BYTES ((size_t)2 << 20)
#define KFIX_CUDA_STAGE_BYTES  ((size_t)8 << 20)
#define KFIX_PORT_HOST_cuda(widest, rows)                                           \
  (KFIX_CUDA_PIECES_BYTES + KFIX_CUDA_STAGE_BYTES +                                 \
   KFIX_CUDA_LARGER(KFIX_CUDA_LARGER(KFIX_CUDA_SOLVER_HOST_BYTES((size_t)(widest)), \
                                     KFIX_CUDA_FACTOR_BYTES((size_t)(widest))),     \
                    KFIX_CUDA_KRON_BYTES((size_t)(rows) + (size_t)KFIX_KRON_RANK_MAX)))
#define KFIX_CUDA_LARGER(a, b)  ((a) > (b) ? (a) : (b))
#define KFIX_CUDA_SMALLER(a, b) ((a) < (b) ? (a) : (b))

extern const kfix_port kfix_port_cuda;

#ifdef __cplusplus
}
#endif

#endif
