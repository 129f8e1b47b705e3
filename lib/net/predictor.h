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

#include "../core/batch.h"
#include "../core/net_spec.h"
#include "../core/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A predictor lives in its arena from kfix_predictor_create on. */
typedef struct kfix_predictor kfix_predictor;

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
 * last column, as kfix_get_weights gives it, and of a normalisation its moments behind (kfix_get_moments); aligned as a
 * kfix_real. The array, the matrices and the
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
