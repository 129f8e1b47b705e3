/* SPDX-License-Identifier: Apache-2.0
 * The memory of a predictor, for KFIX_BYTES(predict, port). */
#ifndef KFIX_NET_PREDICTOR_PLAN_H
#define KFIX_NET_PREDICTOR_PLAN_H

#include "../core/arena.h"

/* With `rows` rows in flight. In a chain abar of every other node takes turns: `even` is the longest row
 * of the places 0, 2, ..., `odd` that of the others. In a net with branches `even` is the rows of all
 * places, one behind the other, and `odd` is 0. */
#define KFIX_REGIONS_PREDICT(R, rows, even, odd, port)                                 \
  R(EVEN, SCRATCH, (size_t)(rows) * (even), "rows of the places 0, 2, ..., or of all") \
  R(ODD, SCRATCH, (size_t)(rows) * (odd), "rows of the places 1, 3, ...")              \
  R(PORT, SCRATCH, (port), "packing and partial sums of the port")

#define KFIX_PREDICT_ENUM(id, group, count, words) KFIX_PREDICT_##id,
typedef enum kfix_predict_region {
  KFIX_REGIONS_PREDICT(KFIX_PREDICT_ENUM, 0, 0, 0, 0) KFIX_PREDICT_REGION_COUNT
} kfix_predict_region;

/* At the start of the arena. Its fields belong to the library. */
struct kfix_predictor {
  const kfix_net *net;
  const kfix_real *const *weights;
  kfix_device device;
  size_t rows;
  kfix_buffer buffer[KFIX_PREDICT_REGION_COUNT];
  double bad; /* values of the batch that are not finite */
};

#define KFIX_PREDICTOR_BYTES KFIX_ROUND_UP(sizeof(struct kfix_predictor), (size_t)KFIX_ALIGN)

/* Packing space for the rows in flight: weights that do not fit in are packed part by part. */
#define KFIX_PREDICT_SCRATCH(port, rows) \
  KFIX_PORT_SCRATCH_##port((size_t)0, (size_t)(rows), 1, (size_t)(rows))

/* A row of what a node puts out for others, by its place: 0 for the last node, which writes what the
 * caller gets. */
#define KFIX_ROW_AT(id, odd) \
  (KFIX_IS_LAST(id) || (int)KFIX_PLACE(id) % 2 != (odd) ? (size_t)0 : KFIX_LD(KFIX_UNITS_##id + 1))
#define KFIX_EVEN_ROW(x, kind, id, from, geo, act) char row_##id[1 + KFIX_ROW_AT(id, 0)];
#define KFIX_ODD_ROW(x, kind, id, from, geo, act)  char row_##id[1 + KFIX_ROW_AT(id, 1)];
#define KFIX_ADD_ROW(x, kind, id, from, geo, act)  +KFIX_ROW_AT(id, 0) + KFIX_ROW_AT(id, 1)
#define KFIX_INPUT_ROW                             KFIX_LD((KFIX_INPUT) + 1)
#define KFIX_LONGEST_EVEN            \
  (sizeof(union {                    \
     char input[1 + KFIX_INPUT_ROW]; \
     KFIX_NODES(KFIX_EVEN_ROW, 0)    \
   }) -                              \
   1)
#define KFIX_LONGEST_ODD (sizeof(union {KFIX_NODES(KFIX_ODD_ROW, 0)}) - 1)
#define KFIX_ALL_ROWS    (KFIX_INPUT_ROW KFIX_NODES(KFIX_ADD_ROW, 0))

/* KFIX_BYTES(predict, port): one text with what kfix_predictor_create carves. */
#define KFIX_FORWARD_BYTES(method, port)                                                       \
  (KFIX_PREDICTOR_BYTES KFIX_REGIONS_PREDICT(                                                  \
       KFIX_ADD_REGION, KFIX_PREDICT_ROWS, KFIX_BRANCHES ? KFIX_ALL_ROWS : KFIX_LONGEST_EVEN,  \
       KFIX_BRANCHES ? (size_t)0 : KFIX_LONGEST_ODD,                                           \
       KFIX_REALS_OF(KFIX_PREDICT_SCRATCH(port, KFIX_PREDICT_ROWS))) +                         \
   0 * sizeof(struct {                                                                         \
     char a_predictor_computes_in_host_memory_so_take_ref_simd_or_blis[KFIX_PORT_DEVICE_##port \
                                                                           ? -1                \
                                                                           : 1];               \
   }))

#endif
