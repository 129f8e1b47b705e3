/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of a config: the sums of core/plan.h with constants, so that KFIX_BYTES is one. A part of
 * config.h, which names nodes and shapes before. */
#ifndef KFIX_CONFIG_BYTES_H
#define KFIX_CONFIG_BYTES_H

/* The largest of something over the nodes: the size of a union with a member for each. */
#define KFIX_MEMBER_UNITS(x, kind, id, from, geo, act) char units_##id[KFIX_UNITS_##id];
#define KFIX_MEMBER_ROWS(x, kind, id, from, geo, act)  char rows_##id[KFIX_CHANNELS_##id];
#define KFIX_MEMBER_COLS(x, kind, id, from, geo, act)  char cols_##id[KFIX_COLS_##id + 1];
#define KFIX_WIDEST                                    sizeof(union {KFIX_NODES(KFIX_MEMBER_UNITS, 0)})
#define KFIX_MOST_COLS                                 (sizeof(union {KFIX_NODES(KFIX_MEMBER_COLS, 0)}) - 1)
#define KFIX_MOST_ROWS                                 sizeof(union {KFIX_NODES(KFIX_MEMBER_ROWS, 0)})
#define KFIX_WIDEST_FACTOR                             KFIX_MAX2(KFIX_MOST_ROWS, KFIX_MOST_COLS)
/* Of weights, or of outputs. */
#define KFIX_LONGEST_ROW                               KFIX_MAX2(KFIX_WIDEST_FACTOR, (size_t)KFIX_OUTPUTS)
#define KFIX_WIDEST_ALONG(along)                                                            \
  KFIX_MAX2(KFIX_WIDEST_FACTOR,                                                             \
            KFIX_##along##_ALONG_ORDER((size_t)(KFIX_STATS_ROWS), (size_t)KFIX_BLOCK_COUNT, \
                                       (size_t)(KFIX_COARSE)))
/* Columns and rows of W of nodes that look through windows, at most; 0: there are none. */
#define KFIX_MEMBER_PATCH(x, kind, id, from, geo, act) \
  char patch_##id[1 + (KFIX_COLS_##id > 0) * KFIX_##kind##_IS_WINDOWED * (KFIX_COLS_##id + 1)];
#define KFIX_MEMBER_WINDOWED(x, kind, id, from, geo, act) \
  char rows_##id[1 + (KFIX_COLS_##id > 0) * KFIX_##kind##_IS_WINDOWED * KFIX_CHANNELS_##id];
#define KFIX_MOST_PATCH    (sizeof(union {KFIX_NODES(KFIX_MEMBER_PATCH, 0)}) - 1)
#define KFIX_MOST_WINDOWED (sizeof(union {KFIX_NODES(KFIX_MEMBER_WINDOWED, 0)}) - 1)
/* Tangents take turns in a chain (net/tangent.c). */
#define KFIX_TURN          (KFIX_BRANCHES ? (size_t)0 : KFIX_WIDEST)

#define KFIX_ADD_PARAMETERS(x, kind, id, from, geo, act) \
  +KFIX_W_COUNT(KFIX_COLS_##id, KFIX_CHANNELS_##id)
#define KFIX_PARAMETERS ((size_t)0 KFIX_NODES(KFIX_ADD_PARAMETERS, 0))

/* ---- the sum over the plan's lists, with constants ---- */
#define KFIX_ADD_REGION(id, group, count, words) +KFIX_REGION_BYTES(KFIX_GROUP_##group, count)
#define KFIX_GIVEN                               ((size_t)((int)KFIX_CONFIG_TARGET != (int)KFIX_TARGET_INPUT))

/* How many regions of its own a method has, and a direction. */
#define KFIX_NET_REGIONS_OF(base, along)                                        \
  (0 KFIX_##base##_NET(KFIX_COUNT_REGION, 0, 0, 0, 0) KFIX_##along##_ALONG_NET( \
      KFIX_COUNT_REGION, 0, 0, 0, 0) KFIX_##along##_ALONG_HOST(KFIX_COUNT_REGION, 0, 0))
#define KFIX_BLOCK_REGIONS_OF(base, along)                 \
  (0 KFIX_##base##_BLOCK(KFIX_COUNT_REGION, 0, 0, 0, 0, 0) \
       KFIX_##along##_ALONG_BLOCK(KFIX_COUNT_REGION, 0, 0, 0, 0, 0))

/* Bytes of the host's arena where `port` computes on a device: a constant too. */
#define KFIX_HOST_BYTES(method, port) \
  KFIX_CALL(KFIX_HOST_BYTES_ALONG, KFIX_OWN_DIRECTION(method), method, port)
#define KFIX_HOST_BYTES_ALONG(along, base, port)                                           \
  (KFIX_CONTROL_BYTES(KFIX_NODE_COUNT, KFIX_BLOCK_COUNT, KFIX_NET_REGIONS_OF(base, along), \
                      KFIX_BLOCK_REGIONS_OF(base, along))                                  \
       KFIX_REGIONS_HOST(KFIX_ADD_REGION, KFIX_WIDEST_FACTOR,                              \
                         KFIX_STAGE_REALS(KFIX_PORT_DEVICE_##port, (size_t)(KFIX_CHUNK),   \
                                          (size_t)(KFIX_INPUT), KFIX_OUTPUTS, KFIX_GIVEN), \
                         KFIX_REALS_OF(KFIX_PORT_HOST_##port(KFIX_WIDEST_ALONG(along),     \
                                                             (size_t)(KFIX_STATS_ROWS))))  \
           KFIX_##along##_ALONG_HOST(KFIX_ADD_REGION, (size_t)KFIX_BLOCK_COUNT,            \
                                     (size_t)(KFIX_COARSE)))

#define KFIX_NET_BYTES                                                                      \
  (0 KFIX_REGIONS_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_CHUNK), KFIX_OUTPUTS, \
                      KFIX_GIVEN, KFIX_BLOCK_COUNT))
#define KFIX_HELD_ROWS(kind)                                                         \
  KFIX_HELD(KFIX_##kind##_IS_WINDOWED ? (size_t)(KFIX_BLOCK) : (size_t)(KFIX_CHUNK), \
            (size_t)(KFIX_STATS_ROWS))
/* Whether a chain has a node before this one, and after it. */
#define KFIX_HAS_BELOW(id) ((size_t)((int)KFIX_PLACE(id) > 1))
#define KFIX_HAS_ABOVE(id) ((size_t)((int)KFIX_PLACE(id) < (int)KFIX_NODE_COUNT))
#define KFIX_NODE_BYTES(base, kind, id, from, geo, act)                                      \
  KFIX_REGIONS_NODE(KFIX_ADD_REGION, (size_t)(KFIX_CHUNK),                                   \
                    (size_t)KFIX_UNITS_##id + !KFIX_IS_LAST(id), (size_t)KFIX_UNITS_##id)    \
  +(KFIX_COLS_##id > 0) * (size_t)(0 KFIX_##base##_BLOCK(                                    \
                              KFIX_ADD_REGION, KFIX_HELD_ROWS(kind), (size_t)KFIX_COLS_##id, \
                              (size_t)KFIX_CHANNELS_##id, KFIX_HAS_BELOW(id), KFIX_HAS_ABOVE(id)))
#define KFIX_ALONG_BYTES(along, kind, id, from, geo, act)                                 \
  +(KFIX_COLS_##id > 0) *                                                                 \
      (size_t)(0 KFIX_##along##_ALONG_BLOCK(                                              \
          KFIX_ADD_REGION, KFIX_HELD((size_t)(KFIX_CHUNK), (size_t)(KFIX_STATS_ROWS)),    \
          (size_t)KFIX_UNITS_##from + 1, (size_t)KFIX_UNITS_##id, (size_t)KFIX_COLS_##id, \
          (size_t)KFIX_CHANNELS_##id))
#define KFIX_MEMBER_SCRATCH(base, kind, id, from, geo, act)                                     \
  char scratch_##id[1 + (KFIX_COLS_##id > 0) *                                                  \
                            KFIX_##base##_SCRATCH(                                              \
                                (size_t)KFIX_COLS_##id, (size_t)KFIX_CHANNELS_##id, KFIX_BLOCK, \
                                KFIX_STATS_ROWS, KFIX_HAS_BELOW(id), KFIX_HAS_ABOVE(id))];
#define KFIX_MEMBER_ALONG(along, kind, id, from, geo, act)                        \
  char along_##id[1 + (KFIX_COLS_##id > 0) *                                      \
                          KFIX_##along##_ALONG_SCRATCH(                           \
                              (size_t)KFIX_COLS_##id, (size_t)KFIX_CHANNELS_##id, \
                              (size_t)KFIX_UNITS_##id, KFIX_BLOCK,                \
                              KFIX_##kind##_IS_WINDOWED * (size_t)(KFIX_STATS_ROWS))];
#define KFIX_SCRATCH_REALS(base, along) \
  (sizeof(union {KFIX_NODES(KFIX_MEMBER_SCRATCH, base) KFIX_NODES(KFIX_MEMBER_ALONG, along)}) - 1)
#define KFIX_PORT_REALS(along, port)                                                            \
  KFIX_REALS_OF(KFIX_PORT_SCRATCH_##port(KFIX_PARAMETERS, (size_t)(KFIX_CHUNK), (KFIX_THREADS), \
                                         KFIX_WIDEST_ALONG(along)))

/* Whether the method takes this net. */
#define KFIX_TAKES(method) (!(KFIX_BRANCHES && KFIX_##method##_CHAIN))
#define KFIX_TRAINING_BYTES(method, port) \
  KFIX_CALL(KFIX_PLAN_BYTES_ALONG, KFIX_OWN_DIRECTION(method), method, port)
#define KFIX_PLAN_BYTES_ALONG(along, base, port)                                                 \
  (KFIX_TAKES(base) *                                                                            \
   (KFIX_HOST_BYTES_ALONG(along, base, port) +                                                   \
    KFIX_NET_BYTES KFIX_##base##_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_CHUNK),     \
                                     KFIX_OUTPUTS, KFIX_TURN)                                    \
        KFIX_##along##_ALONG_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_STATS_ROWS),    \
                                 (size_t)KFIX_BLOCK_COUNT, (size_t)(KFIX_COARSE))                \
            KFIX_REGIONS_INPUT(KFIX_ADD_REGION, (size_t)(KFIX_CHUNK), (size_t)(KFIX_INPUT))      \
                KFIX_NODES(KFIX_NODE_BYTES, base) KFIX_NODES(KFIX_ALONG_BYTES, along)            \
                    KFIX_REGIONS_SCRATCH(KFIX_ADD_REGION, KFIX_SCRATCH_REALS(base, along),       \
                                         KFIX_PORT_REALS(along, port))                           \
                        KFIX_REGIONS_SLICE(KFIX_ADD_REGION, KFIX_MOST_PATCH, KFIX_MOST_WINDOWED, \
                                           (KFIX_SLICE), (KFIX_BLOCK))))

/* By the word that stands for a method: `predict` is a plan of its own (net/predictor.h). */
#define KFIX_PLAN_OF_predict ~, KFIX_FORWARD_BYTES
#define KFIX_PLAN_BYTES(method, port) \
  KFIX_SECOND(KFIX_PASTE(KFIX_PLAN_OF_, method), KFIX_TRAINING_BYTES, 0)(method, port)

#ifndef KFIX_BUDGET
#define KFIX_BUDGET SIZE_MAX
#endif

/* Whether so many bytes are no more than KFIX_BUDGET: a constant too. A plan is 0 for a method that does not
 * take the net. */
#define KFIX_LINES(bytes)       ((long long)((bytes) / (size_t)KFIX_ALIGN))
#define KFIX_IN_BUDGET(bytes)   (KFIX_LINES(bytes) <= KFIX_LINES((size_t)(KFIX_BUDGET)))
#define KFIX_FITS(method, port) KFIX_IN_BUDGET(KFIX_PLAN_BYTES(method, port))
#define KFIX_CHECKED_BYTES(bytes)                                                                \
  ((bytes) +                                                                                     \
   0 * sizeof(struct {                                                                           \
     char arena_exceeds_KFIX_BUDGET_so_lower_KFIX_CHUNK_or_raise_it[KFIX_IN_BUDGET(bytes) ? 1    \
                                                                                          : -1]; \
     char this_method_takes_a_chain_of_layers_only_so_take_kfac_or_ekfac[(bytes) > 0 ? 1 : -1];  \
   }))

/* Bytes of arena that training this config by `method` (sgd, kfac, ...), or predicting (`predict`), on
 * `port` (ref, simd, ...) takes, to the byte: an integer constant expression. The port's own header must be included. Over
 * KFIX_BUDGET bytes it does not compile: the array's name says why. Along another direction (two_level, hf) than
 * the method's own: KFIX_BYTES_ALONG(two_level, kfac, simd). */
#define KFIX_BYTES(method, port) KFIX_CHECKED_BYTES(KFIX_PLAN_BYTES(method, port))
#define KFIX_BYTES_ALONG(direction, method, port) \
  KFIX_CHECKED_BYTES(KFIX_PLAN_BYTES_ALONG(direction, method, port))

/* Bytes of the device's arena, where `port` computes on a device. */
#define KFIX_DEVICE_BYTES(method, port) (KFIX_BYTES(method, port) - KFIX_HOST_BYTES(method, port))
#define KFIX_DEVICE_BYTES_ALONG(direction, method, port) \
  (KFIX_BYTES_ALONG(direction, method, port) - KFIX_HOST_BYTES_ALONG(direction, method, port))

#endif
