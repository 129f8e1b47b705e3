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
  KFIX_EACH_##id = KFIX_CALL(KFIX_##kind##_EACH, from, KFIX_OPEN geo),                             \
  KFIX_ROWS_##id = KFIX_SANE((long long)KFIX_CHANNELS_##id * KFIX_EACH_##id),                      \
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
#define KFIX_ADD_NORM(x, kind, id, from, geo, act) +(KFIX_##kind##_MOMENTS > 0)
enum {
  KFIX_BLOCK_COUNT = 0 KFIX_NODES(KFIX_ADD_BLOCK, 0),
  KFIX_BRANCHES = (0 KFIX_NODES(KFIX_ADD_BRANCH, 0)) > 0, /* 0: a chain of blocks */
  KFIX_NORMS = 0 KFIX_NODES(KFIX_ADD_NORM, 0)
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
_Static_assert(!KFIX_NORMS || ((KFIX_GROUP) > 0 && (KFIX_GROUP) % KFIX_SANE(KFIX_BLOCK) == 0),
               "config: KFIX_GROUP (rows behind the moments of a norm) must be a multiple of "
               "KFIX_BLOCK (256 unless set)");
_Static_assert(!KFIX_NORMS || (KFIX_CHUNK) % KFIX_SANE(KFIX_GROUP) == 0,
               "config: KFIX_CHUNK must be a multiple of KFIX_GROUP (KFIX_BLOCK unless set)");
_Static_assert(!KFIX_NORMS || (KFIX_STATS_ROWS) % KFIX_SANE(KFIX_GROUP) == 0,
               "config: KFIX_STATS_ROWS must be a multiple of KFIX_GROUP where there is a norm");
_Static_assert((KFIX_COARSE) >= 1 && (KFIX_COARSE) <= KFIX_COARSE_MAX,
               "config: KFIX_COARSE must be 1 to 8");
_Static_assert((KFIX_SLICE) >= 1 && (KFIX_SLICE) <= KFIX_KC, "config: KFIX_SLICE must be 1 to 256");
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

#define KFIX_CHECK_UNITS(x, kind, id, from, geo, act)                                           \
  _Static_assert((long long)KFIX_CHANNELS_##id * KFIX_HEIGHT_##id * KFIX_WIDTH_##id <= 1 << 24, \
                 "config: node " #id " is wider than 2^24 units");
KFIX_NODES(KFIX_CHECK_UNITS, 0)
#define KFIX_ADD_BOUND(x, kind, id, from, geo, act)                                 \
  +KFIX_NODE_BOUND(unsigned long long, KFIX_CHUNK, KFIX_STATS_ROWS, KFIX_COLS_##id, \
                   KFIX_ROWS_##id, KFIX_UNITS_##id, KFIX_UNITS_##from)
_Static_assert((KFIX_INPUT) <= 1 << 24, "config: KFIX_INPUT is wider than 2^24");
_Static_assert((KFIX_THREADS_BOUND(unsigned long long, KFIX_THREADS)
                    KFIX_NODES(KFIX_ADD_BOUND, 0)) < SIZE_MAX / 2,
               "config: the arena would not fit into the memory that size_t can name");

#include "config_bytes.h"

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
   KFIX_CALL(KFIX_##kind##_WINDOWS, from, KFIX_OPEN geo),   \
   KFIX_EACH_##id,                                          \
   KFIX_##kind##_MOMENTS * KFIX_CHANNELS_##id},
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
                               {KFIX_HEIGHT_input, KFIX_WIDTH_input, KFIX_CHANNELS_input},       \
                               (KFIX_SLICE),                                                     \
                               KFIX_NORMS ? (KFIX_GROUP) : 0}

#endif
