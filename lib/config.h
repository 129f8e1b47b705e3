/* SPDX-License-Identifier: Apache-2.0
 * From a config header (config/README.md) to constants: the checks, the network's description and
 * the size of its arena. Included by kfix.h when KFIX_CONFIG names a config header. */
#ifndef KFIX_CONFIG_H
#define KFIX_CONFIG_H

#define KFIX_WITH_PLANS
#include "config_method.h"
#include "config_words.h"
#include "core/context.h"
#include "core/plan.h"
#include "core/plan_walk.h"
#include "methods.h"
#include "net/kinds.h"
#include "net/predictor_plan.h"
/* Needs the kinds above. */
#include "config_shape.h"
/* Needs the config, which that includes. */
#include "config_defaults.h"

enum {
  KFIX_CONFIG_LOSS = KFIX_PASTE(KFIX_LOSS_MUST_BE_mse_bernoulli_OR_categorical_NOT_, KFIX_LOSS),
  KFIX_CONFIG_TARGET = KFIX_PASTE(KFIX_TARGET_MUST_BE_input_values_OR_class_NOT_, KFIX_TARGET)
};

/* ---- nodes by name ---- */

/* The kinds there are. */
#define KFIX_KIND_ENUM(kind) KFIX_THE_KINDS_ARE_IN_config_README_md_AND_NOT_##kind,
enum { KFIX_KIND_LIST(KFIX_KIND_ENUM) KFIX_KINDS_END };
#undef KFIX_KIND_ENUM
#define KFIX_KIND_OF(x, kind, id, from, geo, act) \
  KFIX_KIND_OF_##id = KFIX_THE_KINDS_ARE_IN_config_README_md_AND_NOT_##kind,
enum { KFIX_NODES(KFIX_KIND_OF, 0) KFIX_KINDS_OF_END };

/* Where a node stands: 0 is the input. */
#define KFIX_PLACE(id)                             KFIX_A_NODE_READS_input_OR_A_NODE_THAT_IS_LISTED_AND_NOT_##id
#define KFIX_PLACE_OF(x, kind, id, from, geo, act) KFIX_PLACE(id),
#define KFIX_READS_OF(x, kind, id, from, geo, act) KFIX_READS_##id = KFIX_PLACE(from),
enum { KFIX_PLACE(input), KFIX_NODES(KFIX_PLACE_OF, 0) KFIX_PLACE_END };
enum { KFIX_NODES(KFIX_READS_OF, 0) KFIX_READS_END, KFIX_NODE_COUNT = KFIX_PLACE_END - 1 };
#define KFIX_CHECK_SOURCE(x, kind, id, from, geo, act)        \
  _Static_assert((int)KFIX_PLACE(from) < (int)KFIX_PLACE(id), \
                 "config: node " #id " reads " #from          \
                 ", which stands no earlier: list it "        \
                 "before");
KFIX_NODES(KFIX_CHECK_SOURCE, 0)

#define KFIX_CHECK_SIZE(x, kind, id, from, geo, act)                      \
  _Static_assert(KFIX_CALL(KFIX_##kind##_SIZE, KFIX_OPEN geo) <= 1 << 24, \
                 "config: node " #id " is wider than 2^24 units");
KFIX_NODES(KFIX_CHECK_SIZE, 0)

/* Shapes: the image that a node puts out, its numbers, rows and columns of its W (0: it has none), the other
 * place it reads. Sizes that no config may have become 1; they are told below. */
#define KFIX_SANE(size) ((size) > 0 && (size) <= 1 << 24 ? (int)(size) : 1)
#define KFIX_SHAPE_OF(x, kind, id, from, geo, act)                                                 \
  KFIX_CHANNELS_##id = KFIX_SANE(KFIX_CALL(KFIX_##kind##_CHANNELS, from, KFIX_OPEN geo)),          \
  KFIX_HEIGHT_##id = KFIX_SANE(KFIX_CALL(KFIX_##kind##_HEIGHT, from, KFIX_OPEN geo)),              \
  KFIX_WIDTH_##id = KFIX_SANE(KFIX_CALL(KFIX_##kind##_WIDTH, from, KFIX_OPEN geo)),                \
  KFIX_UNITS_##id = KFIX_SANE((long long)KFIX_CHANNELS_##id * KFIX_HEIGHT_##id * KFIX_WIDTH_##id), \
  KFIX_COLS_##id = KFIX_CALL(KFIX_##kind##_COLS, from, KFIX_OPEN geo),                             \
  KFIX_OTHER_##id = KFIX_CALL(KFIX_##kind##_OTHER, from, KFIX_OPEN geo),
enum {
  KFIX_CHANNELS_input = KFIX_ON(KFIX_IMAGE_CHANNELS, KFIX_INPUT_SHAPE),
  KFIX_HEIGHT_input = KFIX_ON(KFIX_IMAGE_HEIGHT, KFIX_INPUT_SHAPE),
  KFIX_WIDTH_input = KFIX_ON(KFIX_IMAGE_WIDTH, KFIX_INPUT_SHAPE),
  KFIX_UNITS_input = (KFIX_INPUT),
  KFIX_NODES(KFIX_SHAPE_OF, 0) KFIX_SHAPE_END
};

#define KFIX_ADD_BLOCK(x, kind, id, from, geo, act) +((int)KFIX_COLS_##id > 0)
#define KFIX_ADD_BRANCH(x, kind, id, from, geo, act)                               \
  +((int)KFIX_PLACE(from) + 1 != (int)KFIX_PLACE(id) || KFIX_##kind##_READS > 1 || \
    (int)KFIX_COLS_##id == 0 || KFIX_##kind##_IS_WINDOWED)
enum {
  KFIX_BLOCK_COUNT = 0 KFIX_NODES(KFIX_ADD_BLOCK, 0),
  KFIX_BRANCHES = (0 KFIX_NODES(KFIX_ADD_BRANCH, 0)) > 0 /* 0: a chain of blocks */
};

/* A number for all shapes: that of this config, and later that of what the macros then say. */
#define KFIX_ADD_SHAPE(x, kind, id, from, geo, act) \
  +1 + (int)(KFIX_CALL(KFIX_##kind##_SIZE, KFIX_OPEN geo) * 8191L % 1000003)
#define KFIX_SHAPE ((KFIX_INPUT)KFIX_NODES(KFIX_ADD_SHAPE, 0))
enum { KFIX_CONFIG_SHAPE = KFIX_SHAPE };

#define KFIX_IS_LAST(id) ((int)KFIX_PLACE(id) == (int)KFIX_NODE_COUNT)
#define KFIX_IF_LAST(x, kind, id, from, geo, act) \
  +(KFIX_IS_LAST(id) ? (int)KFIX_ACTIVATION_OF(act) : 0)
#define KFIX_IF_INNER_SOFTMAX(x, kind, id, from, geo, act) \
  +(!KFIX_IS_LAST(id) && (int)KFIX_ACTIVATION_OF(act) == (int)KFIX_SOFTMAX ? 1 : 0)
#define KFIX_IF_LAST_UNITS(x, kind, id, from, geo, act) \
  +(KFIX_IS_LAST(id) ? (int)KFIX_UNITS_##id : 0)
enum {
  KFIX_LAST_ACTIVATION = 0 KFIX_NODES(KFIX_IF_LAST, 0),
  KFIX_INNER_SOFTMAX = 0 KFIX_NODES(KFIX_IF_INNER_SOFTMAX, 0),
  KFIX_OUTPUTS = 0 KFIX_NODES(KFIX_IF_LAST_UNITS, 0)
};

#define KFIX_CHECK_NODE(x, kind, id, from, geo, act) \
  KFIX_CALL(KFIX_##kind##_CHECK, id, from, KFIX_OPEN geo)
_Static_assert((KFIX_INPUT) > 0, "config: KFIX_INPUT must be at least 1");
_Static_assert((int)KFIX_CHANNELS_input > 0 && (int)KFIX_HEIGHT_input > 0 &&
                   (int)KFIX_WIDTH_input > 0,
               "config: KFIX_INPUT_SHAPE is (channels, height, width), each at least 1");
KFIX_NODES(KFIX_CHECK_NODE, 0)
_Static_assert((int)KFIX_BLOCK_COUNT > 0, "config: no node has parameters: add a dense one");
_Static_assert((int)KFIX_BLOCK_COUNT <= KFIX_BLOCKS_MAX,
               "config: more than 256 nodes have parameters: 256 is the most");
_Static_assert((KFIX_CHUNK) > 0,
               "config: KFIX_CHUNK (rows in flight) is 0: set it to a multiple of KFIX_BLOCK");
_Static_assert((KFIX_BLOCK) > 0 && KFIX_KC % (KFIX_BLOCK) == 0,
               "config: KFIX_BLOCK must divide 256");
_Static_assert((KFIX_CHUNK) % (KFIX_BLOCK) == 0,
               "config: KFIX_CHUNK must be a multiple of KFIX_BLOCK (256 unless set)");
_Static_assert((KFIX_STATS_ROWS) > 0, "config: KFIX_STATS_ROWS must be at least 1");
_Static_assert((KFIX_COARSE) >= 1 && (KFIX_COARSE) <= KFIX_COARSE_MAX,
               "config: KFIX_COARSE must be 1 to 8");
_Static_assert((KFIX_PREDICT_ROWS) > 0, "config: KFIX_PREDICT_ROWS must be at least 1");
_Static_assert((KFIX_THREADS) > 0, "config: KFIX_THREADS must be at least 1");
_Static_assert((KFIX_THREADS) <= KFIX_THREADS_MAX, "config: KFIX_THREADS must be at most 65536");
_Static_assert(!KFIX_INNER_SOFTMAX, "config: softmax is for the last node only");
_Static_assert((int)KFIX_CONFIG_LOSS != (int)KFIX_BERNOULLI ||
                   (int)KFIX_LAST_ACTIVATION == (int)KFIX_SIGMOID,
               "config: the bernoulli loss needs sigmoid in the last node");
_Static_assert((int)KFIX_CONFIG_LOSS != (int)KFIX_CATEGORICAL ||
                   (int)KFIX_LAST_ACTIVATION == (int)KFIX_SOFTMAX,
               "config: the categorical loss needs softmax in the last node");
_Static_assert((int)KFIX_CONFIG_LOSS != (int)KFIX_MSE ||
                   (int)KFIX_LAST_ACTIVATION != (int)KFIX_SOFTMAX,
               "config: softmax goes with the categorical loss: set KFIX_LOSS categorical");
_Static_assert((int)KFIX_CONFIG_TARGET != (int)KFIX_TARGET_INPUT ||
                   (int)KFIX_OUTPUTS == (int)(KFIX_INPUT),
               "config: KFIX_TARGET input needs as many outputs as inputs");

#define KFIX_CHECK_UNITS(x, kind, id, from, geo, act)                    \
  _Static_assert((int)KFIX_UNITS_##id <= 1 << 24, "config: node " #id    \
                                                  " is wider than 2^24 " \
                                                  "units");
#define KFIX_ADD_BOUND(x, kind, id, from, geo, act)                                 \
  +KFIX_NODE_BOUND(unsigned long long, KFIX_CHUNK, KFIX_STATS_ROWS, KFIX_COLS_##id, \
                   KFIX_CHANNELS_##id, KFIX_UNITS_##id)
_Static_assert((KFIX_INPUT) <= 1 << 24, "config: KFIX_INPUT is wider than 2^24");
_Static_assert((KFIX_THREADS_BOUND(unsigned long long, KFIX_THREADS)
                    KFIX_NODES(KFIX_ADD_BOUND, 0)) < SIZE_MAX / 2,
               "config: the arena would not fit into the memory that size_t can name");

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
       KFIX_##along##_ALONG_BLOCK(KFIX_COUNT_REGION, 0, 0, 0))

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
#define KFIX_HELD_ROWS     KFIX_HELD((size_t)(KFIX_CHUNK), (size_t)(KFIX_STATS_ROWS))
/* Whether a chain has a node before this one, and after it. */
#define KFIX_HAS_BELOW(id) ((size_t)((int)KFIX_PLACE(id) > 1))
#define KFIX_HAS_ABOVE(id) ((size_t)((int)KFIX_PLACE(id) < (int)KFIX_NODE_COUNT))
#define KFIX_NODE_BYTES(base, kind, id, from, geo, act)                                   \
  KFIX_REGIONS_NODE(KFIX_ADD_REGION, (size_t)(KFIX_CHUNK),                                \
                    (size_t)KFIX_UNITS_##id + !KFIX_IS_LAST(id), (size_t)KFIX_UNITS_##id) \
  +(KFIX_COLS_##id > 0) * (size_t)(0 KFIX_##base##_BLOCK(                                 \
                              KFIX_ADD_REGION, KFIX_HELD_ROWS, (size_t)KFIX_COLS_##id,    \
                              (size_t)KFIX_CHANNELS_##id, KFIX_HAS_BELOW(id), KFIX_HAS_ABOVE(id)))
#define KFIX_ALONG_BYTES(along, kind, id, from, geo, act)                    \
  +(KFIX_COLS_##id > 0) *                                                    \
      (size_t)(0 KFIX_##along##_ALONG_BLOCK(KFIX_ADD_REGION, KFIX_HELD_ROWS, \
                                            (size_t)KFIX_COLS_##id, (size_t)KFIX_CHANNELS_##id))
#define KFIX_MEMBER_SCRATCH(base, kind, id, from, geo, act)                                     \
  char scratch_##id[1 + (KFIX_COLS_##id > 0) *                                                  \
                            KFIX_##base##_SCRATCH(                                              \
                                (size_t)KFIX_COLS_##id, (size_t)KFIX_CHANNELS_##id, KFIX_BLOCK, \
                                KFIX_STATS_ROWS, KFIX_HAS_BELOW(id), KFIX_HAS_ABOVE(id))];
#define KFIX_MEMBER_ALONG(along, kind, id, from, geo, act)                     \
  char along_##id[1 + (KFIX_COLS_##id > 0) *                                   \
                          KFIX_##along##_ALONG_SCRATCH((size_t)KFIX_COLS_##id, \
                                                       (size_t)KFIX_CHANNELS_##id, KFIX_BLOCK)];
#define KFIX_SCRATCH_REALS(base, along) \
  (sizeof(union {KFIX_NODES(KFIX_MEMBER_SCRATCH, base) KFIX_NODES(KFIX_MEMBER_ALONG, along)}) - 1)
#define KFIX_PORT_REALS(along, port)                                                            \
  KFIX_REALS_OF(KFIX_PORT_SCRATCH_##port(KFIX_PARAMETERS, (size_t)(KFIX_CHUNK), (KFIX_THREADS), \
                                         KFIX_WIDEST_ALONG(along)))

/* Whether the method takes this net. */
#define KFIX_TAKES(method) (!(KFIX_BRANCHES && KFIX_##method##_CHAIN))
#define KFIX_TRAINING_BYTES(method, port) \
  KFIX_CALL(KFIX_PLAN_BYTES_ALONG, KFIX_OWN_DIRECTION(method), method, port)
#define KFIX_PLAN_BYTES_ALONG(along, base, port)                                              \
  (KFIX_TAKES(base) *                                                                         \
   (KFIX_HOST_BYTES_ALONG(along, base, port) +                                                \
    KFIX_NET_BYTES KFIX_##base##_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_CHUNK),  \
                                     KFIX_OUTPUTS, KFIX_TURN)                                 \
        KFIX_##along##_ALONG_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_STATS_ROWS), \
                                 (size_t)KFIX_BLOCK_COUNT, (size_t)(KFIX_COARSE))             \
            KFIX_REGIONS_INPUT(KFIX_ADD_REGION, (size_t)(KFIX_CHUNK), (size_t)(KFIX_INPUT))   \
                KFIX_NODES(KFIX_NODE_BYTES, base) KFIX_NODES(KFIX_ALONG_BYTES, along)         \
                    KFIX_REGIONS_SCRATCH(KFIX_ADD_REGION, KFIX_SCRATCH_REALS(base, along),    \
                                         KFIX_PORT_REALS(along, port))                        \
                        KFIX_REGIONS_SLICE(KFIX_ADD_REGION, KFIX_MOST_PATCH, KFIX_MOST_WINDOWED)))

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

/* ---- the description, with the same words ---- */
#define KFIX_SPEC(x, kind, id, from, geo, act)              \
  {#id,                                                     \
   KFIX_KIND_##kind,                                        \
   (kfix_activation)KFIX_ACTIVATION_OF(act),                \
   KFIX_##kind##_READS,                                     \
   KFIX_PLACE(from),                                        \
   KFIX_OTHER_##id,                                         \
   KFIX_UNITS_##id,                                         \
   KFIX_COLS_##id,                                          \
   {KFIX_HEIGHT_##id, KFIX_WIDTH_##id, KFIX_CHANNELS_##id}, \
   KFIX_CALL(KFIX_##kind##_WINDOWS, from, KFIX_OPEN geo)},
/* The compilers show this name where a value is a word that is not declared. */
#define KFIX_VALUE_IS_A_NUMBER_OR_A_NAME_SUCH_AS_KFIX_FIXED(value) (value)
#define KFIX_SET(option, value) \
  {KFIX_OPTION_##option, KFIX_VALUE_IS_A_NUMBER_OR_A_NAME_SUCH_AS_KFIX_FIXED(value)},

/* Defines `static const kfix_net name`, the network of this config. */
#define KFIX_DEFINE_NET(net)                                                                     \
  _Static_assert(                                                                                \
      KFIX_CONFIG_SHAPE == KFIX_SHAPE,                                                           \
      "config: another config header was included after kfix.h: move it to another file");       \
  static const kfix_node_spec net##_nodes[] = {KFIX_NODES(KFIX_SPEC, 0)};                        \
  static const kfix_setting net##_settings[] = {KFIX_SETTINGS(KFIX_SET){0, 0.0}};                \
  static const kfix_net net = {KFIX_NAME,                                                        \
                               net##_nodes,                                                      \
                               KFIX_NODE_COUNT,                                                  \
                               KFIX_BLOCK_COUNT,                                                 \
                               (KFIX_INPUT),                                                     \
                               (kfix_loss)KFIX_CONFIG_LOSS,                                      \
                               (kfix_target)KFIX_CONFIG_TARGET,                                  \
                               (KFIX_CHUNK),                                                     \
                               (KFIX_BLOCK),                                                     \
                               (KFIX_THREADS),                                                   \
                               (KFIX_STATS_ROWS),                                                \
                               (uint32_t)(sizeof net##_settings / sizeof net##_settings[0] - 1), \
                               net##_settings,                                                   \
                               (KFIX_COARSE),                                                    \
                               {KFIX_HEIGHT_input, KFIX_WIDTH_input, KFIX_CHANNELS_input}}

#endif
