/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of a config: the sums of core/plan.h with constants, so that KFIX_BYTES is one. A part of
 * config.h, which names nodes and shapes before. */
#ifndef KFIX_CONFIG_BYTES_H
#define KFIX_CONFIG_BYTES_H

/* As in core/plan.h, a constant: the size of a union, so that neither count is written twice. */
#undef KFIX_LARGER
#define KFIX_LARGER(count, other)   \
  (sizeof(union {                   \
     char one[1 + (size_t)(count)]; \
     char two[1 + (size_t)(other)]; \
   }) -                             \
   1)

/* ---- what every plan asks for: each is added up once in a file, as the size of a type, and is one word then ---- */

/* The largest of something over the nodes: the size of a union with a member for each. */
#define KFIX_MEMBER_UNITS(x, kind, id, from, geo, act) char units_##id[KFIX_UNITS_##id];
#define KFIX_MEMBER_FACTOR(x, kind, id, from, geo, act) \
  char rows_##id[KFIX_ROWS_##id];                       \
  char cols_##id[KFIX_ACROSS_##id];
/* Columns and rows of W of nodes that look through windows, at most; 0: there are none. */
#define KFIX_SEES_WINDOWS(kind, id) ((KFIX_COLS_##id > 0) * KFIX_##kind##_IS_WINDOWED)
#define KFIX_MEMBER_PATCH(x, kind, id, from, geo, act) \
  char patch_##id[1 + KFIX_SEES_WINDOWS(kind, id) * (KFIX_ACROSS_##id + 1)];
#define KFIX_MEMBER_WINDOWED(x, kind, id, from, geo, act) \
  char rows_##id[1 + KFIX_SEES_WINDOWS(kind, id) * KFIX_ROWS_##id];
#define KFIX_ADD_PARAMETERS(x, kind, id, from, geo, act) \
  +KFIX_W_COUNT(KFIX_COLS_##id, KFIX_ROWS_##id)

/* Columns of W; 1 where there is none, for sizes that are dropped afterwards. */
#define KFIX_ACROSS_OF(x, kind, id, from, geo, act) \
  KFIX_ACROSS_##id = (int)KFIX_COLS_##id > 0 ? (int)KFIX_COLS_##id : 1,
enum { KFIX_NODES(KFIX_ACROSS_OF, 0) KFIX_ACROSS_END };
typedef union {
  KFIX_NODES(KFIX_MEMBER_UNITS, 0)
} kfix_widest_of_net;
typedef union {
  KFIX_NODES(KFIX_MEMBER_FACTOR, 0)
} kfix_widest_factor_of_net;
typedef union {
  KFIX_NODES(KFIX_MEMBER_PATCH, 0)
} kfix_most_patch_of_net;
typedef union {
  KFIX_NODES(KFIX_MEMBER_WINDOWED, 0)
} kfix_most_windowed_of_net;
typedef char kfix_parameters_of_net[1 + (KFIX_NODES(KFIX_ADD_PARAMETERS, 0))];
#define KFIX_WIDEST        sizeof(kfix_widest_of_net)
#define KFIX_WIDEST_FACTOR sizeof(kfix_widest_factor_of_net)
#define KFIX_MOST_PATCH    (sizeof(kfix_most_patch_of_net) - 1)
#define KFIX_MOST_WINDOWED (sizeof(kfix_most_windowed_of_net) - 1)
#define KFIX_PARAMETERS    (sizeof(kfix_parameters_of_net) - 1)
/* Of weights, or of outputs. */
#define KFIX_LONGEST_ROW   KFIX_LARGER(KFIX_WIDEST_FACTOR, KFIX_OUTPUTS)
/* Tangents take turns in a chain (net/tangent.c). */
#define KFIX_TURN          (KFIX_BRANCHES ? (size_t)0 : KFIX_WIDEST)

/* ---- the sums over the plan's lists, with constants; those over nodes in lines of KFIX_ALIGN bytes ---- */
#define KFIX_ADD_REGION(id, group, count, words) +KFIX_REGION_BYTES(KFIX_GROUP_##group, count)
#define KFIX_GIVEN                               ((size_t)((int)KFIX_CONFIG_TARGET != (int)KFIX_TARGET_INPUT))

/* Of the net, whatever trains it. */
#define KFIX_NODE_BYTES(x, kind, id, from, geo, act)                                      \
  KFIX_REGIONS_NODE(KFIX_ADD_REGION, (size_t)(KFIX_CHUNK),                                \
                    (size_t)KFIX_UNITS_##id + !KFIX_IS_LAST(id), (size_t)KFIX_UNITS_##id, \
                    (size_t)((KFIX_CHUNK) / (KFIX_GROUP)),                                \
                    KFIX_##kind##_MOMENTS * (size_t)KFIX_CHANNELS_##id)
typedef char kfix_lines_of_net
    [(KFIX_REGIONS_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_CHUNK), KFIX_OUTPUTS,
                       KFIX_GIVEN, KFIX_BLOCK_COUNT)
          KFIX_REGIONS_INPUT(KFIX_ADD_REGION, (size_t)(KFIX_CHUNK), (size_t)(KFIX_INPUT))
              KFIX_REGIONS_SLICE(KFIX_ADD_REGION, KFIX_MOST_PATCH, KFIX_MOST_WINDOWED, (KFIX_SLICE),
                                 (KFIX_BLOCK)) KFIX_NODES(KFIX_NODE_BYTES, 0)) /
     KFIX_ALIGN];
#define KFIX_NET_BYTES (sizeof(kfix_lines_of_net) * KFIX_ALIGN)

/* Of a method, its regions of the net and of all blocks. */
#define KFIX_HELD_ROWS(kind)                                                         \
  KFIX_HELD(KFIX_##kind##_IS_WINDOWED ? (size_t)(KFIX_BLOCK) : (size_t)(KFIX_CHUNK), \
            (size_t)(KFIX_STATS_ROWS))
/* Whether a chain has a node before this one, and after it. */
#define KFIX_HAS_BELOW(id) ((size_t)((int)KFIX_PLACE(id) > 1))
#define KFIX_HAS_ABOVE(id) ((size_t)((int)KFIX_PLACE(id) < (int)KFIX_NODE_COUNT))
#define KFIX_BLOCK_BYTES(base, kind, id, from, geo, act)                                     \
  +(KFIX_COLS_##id > 0) * (size_t)(0 KFIX_##base##_BLOCK(                                    \
                              KFIX_ADD_REGION, KFIX_HELD_ROWS(kind), (size_t)KFIX_COLS_##id, \
                              (size_t)KFIX_ROWS_##id, KFIX_HAS_BELOW(id), KFIX_HAS_ABOVE(id)))
#define KFIX_METHOD_BYTES(base)                                                        \
  ((size_t)0 KFIX_##base##_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_CHUNK), \
                               KFIX_OUTPUTS, KFIX_TURN) KFIX_NODES(KFIX_BLOCK_BYTES, base))
/* And the largest of its scratch for one block. */
#define KFIX_MEMBER_SCRATCH(base, kind, id, from, geo, act)                                   \
  char scratch_##id[1 + (KFIX_COLS_##id > 0) *                                                \
                            KFIX_##base##_SCRATCH(                                            \
                                (size_t)KFIX_ACROSS_##id, (size_t)KFIX_ROWS_##id, KFIX_BLOCK, \
                                KFIX_STATS_ROWS, KFIX_HAS_BELOW(id), KFIX_HAS_ABOVE(id))];
#define KFIX_METHOD_SCRATCH(base)         \
  union {                                 \
    KFIX_NODES(KFIX_MEMBER_SCRATCH, base) \
  }

/* Rows that do not stand in the chunk: where normalisations couple examples none stand aside. */
#define KFIX_ASIDE \
  ((size_t)!KFIX_NORMS * KFIX_HELD((size_t)(KFIX_CHUNK), (size_t)(KFIX_STATS_ROWS)))

/* The same of a direction; and the order of the largest matrix there is then. */
#define KFIX_ALONG_BYTES(along, kind, id, from, geo, act)                                      \
  +(KFIX_COLS_##id > 0) *                                                                      \
      (size_t)(0 KFIX_##along##_ALONG_BLOCK(                                                   \
          KFIX_ADD_REGION, KFIX_ASIDE, (size_t)KFIX_UNITS_##from + 1, (size_t)KFIX_UNITS_##id, \
          (size_t)KFIX_COLS_##id, (size_t)KFIX_ROWS_##id))
#define KFIX_DIRECTION_BYTES(along)                                                                \
  ((size_t)0 KFIX_##along##_ALONG_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_STATS_ROWS), \
                                      (size_t)KFIX_BLOCK_COUNT, (size_t)(KFIX_COARSE))             \
       KFIX_NODES(KFIX_ALONG_BYTES, along))
#define KFIX_MEMBER_ALONG(along, kind, id, from, geo, act)                      \
  char along_##id[1 + (KFIX_COLS_##id > 0) *                                    \
                          KFIX_##along##_ALONG_SCRATCH(                         \
                              (size_t)KFIX_ACROSS_##id, (size_t)KFIX_ROWS_##id, \
                              (size_t)KFIX_UNITS_##id, KFIX_BLOCK,              \
                              KFIX_##kind##_IS_WINDOWED * (size_t)(KFIX_STATS_ROWS))];
#define KFIX_DIRECTION_SCRATCH(along)    \
  union {                                \
    KFIX_NODES(KFIX_MEMBER_ALONG, along) \
  }
#define KFIX_DIRECTION_WIDEST(along)                                                          \
  KFIX_LARGER(KFIX_WIDEST_FACTOR,                                                             \
              KFIX_##along##_ALONG_ORDER((size_t)(KFIX_STATS_ROWS), (size_t)KFIX_BLOCK_COUNT, \
                                         (size_t)(KFIX_COARSE)))

/* A file that asks for sizes of many methods and ports defines KFIX_WITH_SIZES before it includes kfix.h: these
 * are added up once then for each method, too, and not at each use. */
#ifdef KFIX_WITH_SIZES
#define KFIX_NAME_METHOD(base, name, rule, direction, curvature)               \
  typedef char kfix_lines_of_##base[1 + KFIX_METHOD_BYTES(base) / KFIX_ALIGN]; \
  typedef KFIX_METHOD_SCRATCH(base) kfix_scratch_of_##base;
#define KFIX_NAME_DIRECTION(along)                                                     \
  typedef char kfix_lines_along_##along[1 + KFIX_DIRECTION_BYTES(along) / KFIX_ALIGN]; \
  typedef KFIX_DIRECTION_SCRATCH(along) kfix_scratch_along_##along;                    \
  typedef char kfix_widest_along_##along[KFIX_DIRECTION_WIDEST(along)];
KFIX_METHOD_LIST(KFIX_NAME_METHOD)
KFIX_DIRECTION_PLANS(KFIX_NAME_DIRECTION)
#define KFIX_BYTES_OF(base)       ((sizeof(kfix_lines_of_##base) - 1) * KFIX_ALIGN)
#define KFIX_SCRATCH_OF(base)     kfix_scratch_of_##base
#define KFIX_BYTES_OWN(along)     ((sizeof(kfix_lines_along_##along) - 1) * KFIX_ALIGN)
#define KFIX_SCRATCH_ALONG(along) kfix_scratch_along_##along
#define KFIX_WIDEST_ALONG(along)  sizeof(kfix_widest_along_##along)
#else
#define KFIX_BYTES_OF(base)       KFIX_METHOD_BYTES(base)
#define KFIX_SCRATCH_OF(base)     KFIX_METHOD_SCRATCH(base)
#define KFIX_BYTES_OWN(along)     KFIX_DIRECTION_BYTES(along)
#define KFIX_SCRATCH_ALONG(along) KFIX_DIRECTION_SCRATCH(along)
#define KFIX_WIDEST_ALONG(along)  KFIX_DIRECTION_WIDEST(along)
#endif

/* ---- the plan ---- */

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
       KFIX_REGIONS_HOST(KFIX_ADD_REGION, KFIX_LONGEST_ROW,                                \
                         KFIX_STAGE_REALS(KFIX_PORT_DEVICE_##port, (size_t)(KFIX_CHUNK),   \
                                          (size_t)(KFIX_INPUT), KFIX_OUTPUTS, KFIX_GIVEN), \
                         KFIX_REALS_OF(KFIX_PORT_HOST_##port(KFIX_WIDEST_ALONG(along),     \
                                                             (size_t)(KFIX_STATS_ROWS))))  \
           KFIX_##along##_ALONG_HOST(KFIX_ADD_REGION, (size_t)KFIX_BLOCK_COUNT,            \
                                     (size_t)(KFIX_COARSE)))

#define KFIX_SCRATCH_REALS(base, along)   \
  (sizeof(union {                         \
     KFIX_SCRATCH_OF(base) method;        \
     KFIX_SCRATCH_ALONG(along) direction; \
   }) -                                   \
   1)
#define KFIX_PORT_REALS(along, port)                                                            \
  KFIX_REALS_OF(KFIX_PORT_SCRATCH_##port(KFIX_PARAMETERS, (size_t)(KFIX_CHUNK), (KFIX_THREADS), \
                                         KFIX_WIDEST_ALONG(along)))

/* Whether the method takes this net. */
#define KFIX_TAKES(method) (!(KFIX_BRANCHES && KFIX_##method##_CHAIN))
#define KFIX_TRAINING_BYTES(method, port) \
  KFIX_CALL(KFIX_PLAN_BYTES_ALONG, KFIX_OWN_DIRECTION(method), method, port)
#define KFIX_PLAN_BYTES_ALONG(along, base, port)                                                 \
  (KFIX_TAKES(base) *                                                                            \
   (KFIX_HOST_BYTES_ALONG(along, base, port) + KFIX_NET_BYTES + KFIX_BYTES_OF(base) +            \
    KFIX_BYTES_OWN(along) KFIX_REGIONS_SCRATCH(KFIX_ADD_REGION, KFIX_SCRATCH_REALS(base, along), \
                                               KFIX_PORT_REALS(along, port))))

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
