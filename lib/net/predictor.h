/* SPDX-License-Identifier: Apache-2.0
 * Predictions without a trainer: the weights stay where they are, in flash or in a file mapped into
 * memory, and an arena of KFIX_BYTES(predict, port) holds a few rows of activations. A program that
 * calls nothing else of kfix.h links no code of training.
 *
 *   KFIX_DEFINE_NET(net);
 *   static const kfix_real w1[20 * 65] = {...}, w2[10 * 21] = {...};
 *   static const kfix_real *const weights[] = {w1, w2};
 *   static _Alignas(KFIX_ALIGN) unsigned char arena[KFIX_BYTES(predict, ref)];
 *   kfix_predictor_create(&p, &net, KFIX_PREDICT_ROWS, weights, &kfix_port_ref_forward, arena,
 *                         sizeof arena, NULL);
 *   kfix_predictor_run(p, &batch, y, 10);
 *
 * The predictions have the bits of kfix_predict at the same weights, on every CPU port, for any
 * number of rows. A predictor is one thread's: threads have one each, on the same weights. */
#ifndef KFIX_NET_PREDICTOR_H
#define KFIX_NET_PREDICTOR_H

#include "../core/arena.h"
#include "../core/batch.h"
#include "../core/net_spec.h"
#include "../core/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of a predictor with `rows` rows in flight: abar of every other layer takes turns, so `even` is the
 * longest row of abar of the first, third, ... layer, `odd` that of the others. */
#define KFIX_REGIONS_PREDICT(R, rows, even, odd, port) \
  R(EVEN, SCRATCH, (size_t)(rows) * (even))            \
  R(ODD, SCRATCH, (size_t)(rows) * (odd))              \
  R(PORT, SCRATCH, (port))

typedef enum kfix_predict_region {
  KFIX_PREDICT_EVEN,
  KFIX_PREDICT_ODD,
  KFIX_PREDICT_PORT,
  KFIX_PREDICT_REGION_COUNT
} kfix_predict_region;

/* At the start of the arena. Its fields belong to the library. */
typedef struct kfix_predictor {
  const kfix_net *net;
  const kfix_real *const *weights;
  kfix_device device;
  size_t rows;
  kfix_buffer buffer[KFIX_PREDICT_REGION_COUNT];
  double bad; /* values of the batch that are not finite */
} kfix_predictor;

#define KFIX_PREDICTOR_BYTES KFIX_ROUND_UP(sizeof(kfix_predictor), (size_t)KFIX_ALIGN)

/* KFIX_BYTES(predict, port): one text with what kfix_predictor_create carves. */
#define KFIX_EVEN_MEMBER(i, units, act) char r##i[1 + ((i) % 2 ? KFIX_LD(KFIX_BELOW_##i + 1) : 0)];
#define KFIX_ODD_MEMBER(i, units, act)  char r##i[1 + ((i) % 2 ? 0 : KFIX_LD(KFIX_BELOW_##i + 1))];
#define KFIX_FORWARD_BYTES(method, port)                                                       \
  (KFIX_PREDICTOR_BYTES KFIX_REGIONS_PREDICT(                                                  \
       KFIX_ADD_REGION, KFIX_PREDICT_ROWS, sizeof(union {KFIX_LAYERS(KFIX_EVEN_MEMBER)}) - 1,  \
       sizeof(union {KFIX_LAYERS(KFIX_ODD_MEMBER)}) - 1,                                       \
       KFIX_REALS_OF(KFIX_PREDICT_SCRATCH(port, KFIX_PREDICT_ROWS))) +                         \
   0 * sizeof(struct {                                                                         \
     char a_predictor_computes_in_host_memory_so_take_ref_simd_or_blis[KFIX_PORT_DEVICE_##port \
                                                                           ? -1                \
                                                                           : 1];               \
   }))
/* Packing space for the rows in flight: weights that do not fit in are packed part by part. */
#define KFIX_PREDICT_SCRATCH(port, rows) \
  KFIX_PORT_SCRATCH_##port((size_t)0, (size_t)(rows), 1, (size_t)(rows))

/* Bytes of arena, at run time: with rows = KFIX_PREDICT_ROWS, the value of KFIX_BYTES(predict, port).
 * 0 where kfix_predictor_create would answer ARGUMENT or BAD_NET. */
size_t kfix_predictor_bytes(const kfix_net *net, size_t rows, const kfix_port *port);

/* kfix_predictor_create, for a program whose enums and kfix_net have these sizes. */
kfix_status kfix_predictor_create_as(size_t enum_bytes, size_t net_bytes, kfix_predictor **p,
                                     const kfix_net *net, size_t rows,
                                     const kfix_real *const *weights, const kfix_port *port,
                                     void *arena, size_t bytes, size_t *needed) KFIX_MUST_CHECK;

/* Builds a predictor in `arena` (aligned to KFIX_ALIGN) with so many rows in flight; more rows than
 * these pass in parts. weights[i] is layer i's matrix, from 0: out x (in + 1), dense, the bias in the
 * last column, as kfix_get_weights gives it; aligned as a kfix_real. The array, the matrices and the
 * net are read where they are, never written, and must stay. port: one that computes in host memory;
 * of kfix_port_ref_forward's kind will do.
 *
 * Errors: ARGUMENT (something is missing, no rows, a port of a device), BAD_NET, ARENA_SMALL (*needed,
 * unless NULL, then holds the size), ARENA_ALIGN, PORT, PORT_ROUNDING (as kfix_create has it),
 * ABI_...; *p is then NULL, and the arena as it was. cost: none of the weights is looked at. */
KFIX_MUST_CHECK static inline kfix_status kfix_predictor_create(kfix_predictor **p,
                                                                const kfix_net *net, size_t rows,
                                                                const kfix_real *const *weights,
                                                                const kfix_port *port, void *arena,
                                                                size_t bytes, size_t *needed) {
  return kfix_predictor_create_as(sizeof(kfix_status), sizeof(kfix_net), p, net, rows, weights,
                                  port, arena, bytes, needed);
}

/* Means of the predictive distribution, rows x outputs, for a batch whose targets and weights are not
 * asked for.
 * Errors: ARGUMENT (no rows, ldp below the outputs, a table of another width), FETCH, PORT,
 * PORT_ROUNDING, GUARD, DATA_NONFINITE: out then holds what came of it. The predictor goes on after
 * each. cost: 2 P a row. alias: out is none of the predictor's memory. */
kfix_status kfix_predictor_run(kfix_predictor *p, const kfix_batch *batch, kfix_real *out,
                               size_t ldp) KFIX_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
