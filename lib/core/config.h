/* SPDX-License-Identifier: Apache-2.0
 * From a config header (config/README.md) to constants: the checks, the network's description and
 * the size of its arena. Included by kfix.h when KFIX_CONFIG names a config header. */
#ifndef KFIX_CORE_CONFIG_H
#define KFIX_CORE_CONFIG_H

#include "below.h"
#include "config_shape.h"
#include "context.h"
#include "plan.h"

#ifndef KFIX_BLOCK
#define KFIX_BLOCK KFIX_KC
#endif
#ifndef KFIX_CHUNK
#define KFIX_CHUNK (2 * KFIX_BLOCK)
#endif
#ifndef KFIX_STATS_ROWS
#define KFIX_STATS_ROWS (2 * KFIX_BLOCK)
#endif
#ifndef KFIX_THREADS
#define KFIX_THREADS 8
#endif
#ifndef KFIX_PREDICT_ROWS
#define KFIX_PREDICT_ROWS 16
#endif

#define KFIX_PASTE_(a, b) a##b
#define KFIX_PASTE(a, b)  KFIX_PASTE_(a, b)

/* A word that is not in the list becomes an undeclared name that says what is allowed. */
enum {
  KFIX_ACTIVATION_MUST_BE_linear_relu_sigmoid_tanh_OR_softmax_NOT_linear = KFIX_LINEAR,
  KFIX_ACTIVATION_MUST_BE_linear_relu_sigmoid_tanh_OR_softmax_NOT_relu = KFIX_RELU,
  KFIX_ACTIVATION_MUST_BE_linear_relu_sigmoid_tanh_OR_softmax_NOT_sigmoid = KFIX_SIGMOID,
  KFIX_ACTIVATION_MUST_BE_linear_relu_sigmoid_tanh_OR_softmax_NOT_tanh = KFIX_TANH,
  KFIX_ACTIVATION_MUST_BE_linear_relu_sigmoid_tanh_OR_softmax_NOT_softmax = KFIX_SOFTMAX,
  KFIX_LOSS_MUST_BE_mse_bernoulli_OR_categorical_NOT_mse = KFIX_MSE,
  KFIX_LOSS_MUST_BE_mse_bernoulli_OR_categorical_NOT_bernoulli = KFIX_BERNOULLI,
  KFIX_LOSS_MUST_BE_mse_bernoulli_OR_categorical_NOT_categorical = KFIX_CATEGORICAL,
  KFIX_TARGET_MUST_BE_input_values_OR_class_NOT_input = KFIX_TARGET_INPUT,
  KFIX_TARGET_MUST_BE_input_values_OR_class_NOT_values = KFIX_TARGET_VALUES,
  KFIX_TARGET_MUST_BE_input_values_OR_class_NOT_class = KFIX_TARGET_CLASS
};
#define KFIX_ACTIVATION_OF(act) \
  KFIX_PASTE(KFIX_ACTIVATION_MUST_BE_linear_relu_sigmoid_tanh_OR_softmax_NOT_, act)

enum {
  KFIX_CONFIG_LOSS = KFIX_PASTE(KFIX_LOSS_MUST_BE_mse_bernoulli_OR_categorical_NOT_, KFIX_LOSS),
  KFIX_CONFIG_TARGET = KFIX_PASTE(KFIX_TARGET_MUST_BE_input_values_OR_class_NOT_, KFIX_TARGET)
};

/* Widths by number; KFIX_BELOW(i) is that of the layer below i. */
#define KFIX_WIDTH_ENUM(i, units, act) KFIX_WIDTH_##i = (units),
enum { KFIX_WIDTH_0 = (KFIX_INPUT), KFIX_LAYERS(KFIX_WIDTH_ENUM) KFIX_WIDTH_END = 0 };
#define KFIX_PLACE_ENUM(i, units, act) KFIX_PLACE_##i,
enum { KFIX_PLACE_0, KFIX_LAYERS(KFIX_PLACE_ENUM) KFIX_PLACE_END };
enum { KFIX_DEPTH = KFIX_PLACE_END - 1 };
/* A number for all widths: that of this config, and later that of what the macros then say. */
#define KFIX_ADD_SHAPE(i, units, act) +(int)((i)*8191L * (units) % 1000003)
#define KFIX_SHAPE                    ((KFIX_INPUT)KFIX_LAYERS(KFIX_ADD_SHAPE))
enum { KFIX_CONFIG_SHAPE = KFIX_SHAPE };

#define KFIX_IF_LAST(i, units, act) +((i) == KFIX_DEPTH ? (int)KFIX_ACTIVATION_OF(act) : 0)
#define KFIX_IF_INNER_SOFTMAX(i, units, act) \
  +((i) != KFIX_DEPTH && (int)KFIX_ACTIVATION_OF(act) == (int)KFIX_SOFTMAX ? 1 : 0)
#define KFIX_IF_LAST_WIDTH(i, units, act) +((i) == KFIX_DEPTH ? (units) : 0)
enum {
  KFIX_LAST_ACTIVATION = 0 KFIX_LAYERS(KFIX_IF_LAST),
  KFIX_INNER_SOFTMAX = 0 KFIX_LAYERS(KFIX_IF_INNER_SOFTMAX),
  KFIX_OUTPUTS = 0 KFIX_LAYERS(KFIX_IF_LAST_WIDTH)
};

#define KFIX_CHECK_LAYER(i, units, act)                                                 \
  _Static_assert((units) > 0, "config: layer " #i " has no units: give it at least 1"); \
  _Static_assert(KFIX_PLACE_##i == (i), "config: layer " #i                             \
                                        " is out of place: number the layers "          \
                                        "1, 2, 3, ... in order");
_Static_assert((KFIX_INPUT) > 0, "config: KFIX_INPUT must be at least 1");
KFIX_LAYERS(KFIX_CHECK_LAYER)
_Static_assert((KFIX_CHUNK) > 0,
               "config: KFIX_CHUNK (rows in flight) is 0: set it to a multiple of KFIX_BLOCK");
_Static_assert((KFIX_BLOCK) > 0 && KFIX_KC % (KFIX_BLOCK) == 0,
               "config: KFIX_BLOCK must divide 256");
_Static_assert((KFIX_CHUNK) % (KFIX_BLOCK) == 0,
               "config: KFIX_CHUNK must be a multiple of KFIX_BLOCK (256 unless set)");
_Static_assert((KFIX_STATS_ROWS) > 0, "config: KFIX_STATS_ROWS must be at least 1");
_Static_assert((KFIX_PREDICT_ROWS) > 0, "config: KFIX_PREDICT_ROWS must be at least 1");
_Static_assert((KFIX_THREADS) > 0, "config: KFIX_THREADS must be at least 1");
_Static_assert((KFIX_THREADS) <= KFIX_THREADS_MAX, "config: KFIX_THREADS must be at most 65536");
_Static_assert(!KFIX_INNER_SOFTMAX, "config: softmax is for the last layer only");
_Static_assert((int)KFIX_CONFIG_LOSS != (int)KFIX_BERNOULLI ||
                   (int)KFIX_LAST_ACTIVATION == (int)KFIX_SIGMOID,
               "config: the bernoulli loss needs sigmoid in the last layer");
_Static_assert((int)KFIX_CONFIG_LOSS != (int)KFIX_CATEGORICAL ||
                   (int)KFIX_LAST_ACTIVATION == (int)KFIX_SOFTMAX,
               "config: the categorical loss needs softmax in the last layer");
_Static_assert((int)KFIX_CONFIG_LOSS != (int)KFIX_MSE ||
                   (int)KFIX_LAST_ACTIVATION != (int)KFIX_SOFTMAX,
               "config: softmax goes with the categorical loss: set KFIX_LOSS categorical");
_Static_assert((int)KFIX_CONFIG_TARGET != (int)KFIX_TARGET_INPUT ||
                   (int)KFIX_OUTPUTS == (int)(KFIX_INPUT),
               "config: KFIX_TARGET input needs as many outputs as inputs");

#define KFIX_CHECK_WIDTH(i, units, act) \
  _Static_assert((units) <= 1 << 24, "config: layer " #i " is wider than 2^24 units");
#define KFIX_ADD_BOUND(i, units, act) \
  +KFIX_LAYER_BOUND(unsigned long long, KFIX_CHUNK, KFIX_STATS_ROWS, KFIX_BELOW_##i, units)
KFIX_LAYERS(KFIX_CHECK_WIDTH)
_Static_assert((KFIX_INPUT) <= 1 << 24, "config: KFIX_INPUT is wider than 2^24");
_Static_assert((KFIX_THREADS_BOUND(unsigned long long, KFIX_THREADS) KFIX_LAYERS(KFIX_ADD_BOUND)) <
                   SIZE_MAX / 2,
               "config: the arena would not fit into the memory that size_t can name");

/* The largest of something over the layers: the size of a union with a member for each. */
#define KFIX_MEMBER_WIDTH(i, units, act) char w##i[(units)];
#define KFIX_MEMBER_ROW(i, units, act)   char r##i[KFIX_BELOW_##i + 1];
#define KFIX_WIDEST                      sizeof(union {KFIX_LAYERS(KFIX_MEMBER_WIDTH)})
#define KFIX_WIDEST_FACTOR \
  sizeof(union {KFIX_LAYERS(KFIX_MEMBER_WIDTH) KFIX_LAYERS(KFIX_MEMBER_ROW)})

#define KFIX_ADD_PARAMETERS(i, units, act) +KFIX_W_COUNT(KFIX_BELOW_##i, units)
#define KFIX_PARAMETERS                    ((size_t)0 KFIX_LAYERS(KFIX_ADD_PARAMETERS))

/* ---- the sum over the plan's lists, with constants ---- */
#define KFIX_ADD_REGION(id, group, count) +KFIX_REGION_BYTES(KFIX_GROUP_##group, count)
#define KFIX_GIVEN                        ((size_t)((int)KFIX_CONFIG_TARGET != (int)KFIX_TARGET_INPUT))
/* Bytes of the host's arena where `port` computes on a device: a constant too. */
#define KFIX_HOST_BYTES(port)                                                               \
  (KFIX_CONTROL_BYTES(KFIX_DEPTH) KFIX_REGIONS_HOST(                                        \
      KFIX_ADD_REGION, KFIX_WIDEST_FACTOR,                                                  \
      KFIX_STAGE_REALS(KFIX_PORT_DEVICE_##port, (size_t)(KFIX_CHUNK), (size_t)(KFIX_INPUT), \
                       KFIX_OUTPUTS, KFIX_GIVEN),                                           \
      KFIX_REALS_OF(KFIX_PORT_HOST_##port(KFIX_WIDEST_FACTOR, (size_t)(KFIX_STATS_ROWS)))))
#define KFIX_REALS_OF(bytes) (KFIX_ROUND_UP((bytes), (size_t)KFIX_ALIGN) / KFIX_REAL_BYTES)
#define KFIX_NET_BYTES                                                                      \
  (0 KFIX_REGIONS_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_CHUNK), KFIX_OUTPUTS, \
                      KFIX_GIVEN, KFIX_DEPTH))
#define KFIX_HELD_ROWS KFIX_HELD((size_t)(KFIX_CHUNK), (size_t)(KFIX_STATS_ROWS))
#define KFIX_EACH(method, i, units, act)                                           \
  KFIX_REGIONS_LAYER(KFIX_ADD_REGION, (size_t)(KFIX_CHUNK), KFIX_BELOW_##i, units) \
  KFIX_##method##_LAYER(KFIX_ADD_REGION, KFIX_HELD_ROWS, (size_t)KFIX_BELOW_##i, (size_t)(units))
#define KFIX_MEMBER(method, i, units, act)                                                   \
  char s##i[1 + KFIX_##method##_SCRATCH((size_t)KFIX_BELOW_##i, (size_t)(units), KFIX_BLOCK, \
                                        KFIX_STATS_ROWS)];
#define KFIX_SCRATCH_REALS(method) (sizeof(union {KFIX_LAYERS(KFIX_##method##_MEMBER)}) - 1)
#define KFIX_PORT_REALS(port)                                                                   \
  KFIX_REALS_OF(KFIX_PORT_SCRATCH_##port(KFIX_PARAMETERS, (size_t)(KFIX_CHUNK), (KFIX_THREADS), \
                                         KFIX_WIDEST_FACTOR))

#define KFIX_TRAINING_BYTES(method, port)                                                          \
  (KFIX_HOST_BYTES(port) +                                                                         \
   KFIX_NET_BYTES KFIX_##method##_NET(KFIX_ADD_REGION, KFIX_PARAMETERS, (size_t)(KFIX_CHUNK),      \
                                      KFIX_OUTPUTS, KFIX_WIDEST) KFIX_LAYERS(KFIX_##method##_EACH) \
       KFIX_ADD_REGION(SCRATCH, SCRATCH, KFIX_SCRATCH_REALS(method))                               \
           KFIX_ADD_REGION(PORT, SCRATCH, KFIX_PORT_REALS(port)))

/* By the word that stands for a method: `predict` is a plan of its own (net/predictor.h). */
#define KFIX_PLAN_OF_predict ~, KFIX_FORWARD_BYTES
#define KFIX_PLAN_BYTES(method, port) \
  KFIX_SECOND(KFIX_PASTE(KFIX_PLAN_OF_, method), KFIX_TRAINING_BYTES, 0)(method, port)

#ifndef KFIX_BUDGET
#define KFIX_BUDGET SIZE_MAX
#endif

/* Whether training by `method` on `port` takes no more than KFIX_BUDGET: a constant too. */
#define KFIX_FITS(method, port) (KFIX_PLAN_BYTES(method, port) <= (KFIX_BUDGET))

/* Bytes of arena that training this config by `method` (sgd, kfac, ...), or predicting (`predict`), on
 * `port` (ref, simd, ...) takes, to the byte: an integer constant expression. The port's own header must be included. Over
 * KFIX_BUDGET bytes it does not compile: the array's name says why. */
#define KFIX_BYTES(method, port)                                                                   \
  (KFIX_PLAN_BYTES(method, port) +                                                                 \
   0 * sizeof(struct {                                                                             \
     char arena_exceeds_KFIX_BUDGET_so_lower_KFIX_CHUNK_or_raise_it[KFIX_FITS(method, port) ? 1    \
                                                                                            : -1]; \
   }))

/* Bytes of the device's arena, where `port` computes on a device. */
#define KFIX_DEVICE_BYTES(method, port) (KFIX_BYTES(method, port) - KFIX_HOST_BYTES(port))

/* ---- the description, with the same words ---- */
#define KFIX_SPEC(i, units, act) \
  {KFIX_BELOW_##i, (units), (kfix_activation)KFIX_ACTIVATION_OF(act)},
/* The compilers show this name where a value is a word that is not declared. */
#define KFIX_VALUE_IS_A_NUMBER_OR_A_NAME_SUCH_AS_KFIX_FIXED(value) (value)
#define KFIX_SET(option, value) \
  {KFIX_OPTION_##option, KFIX_VALUE_IS_A_NUMBER_OR_A_NAME_SUCH_AS_KFIX_FIXED(value)},

/* Defines `static const kfix_net name`, the network of this config. */
#define KFIX_DEFINE_NET(net)                                                               \
  _Static_assert(                                                                          \
      KFIX_CONFIG_SHAPE == KFIX_SHAPE,                                                     \
      "config: another config header was included after kfix.h: move it to another file"); \
  static const kfix_layer_spec net##_layers[] = {KFIX_LAYERS(KFIX_SPEC)};                  \
  static const kfix_setting net##_settings[] = {KFIX_SETTINGS(KFIX_SET){0, 0.0}};          \
  static const kfix_net net = {KFIX_NAME,                                                  \
                               net##_layers,                                               \
                               KFIX_DEPTH,                                                 \
                               (kfix_loss)KFIX_CONFIG_LOSS,                                \
                               (kfix_target)KFIX_CONFIG_TARGET,                            \
                               (KFIX_CHUNK),                                               \
                               (KFIX_BLOCK),                                               \
                               (KFIX_THREADS),                                             \
                               (KFIX_STATS_ROWS),                                          \
                               net##_settings,                                             \
                               (uint32_t)(sizeof net##_settings / sizeof net##_settings[0] - 1)}

#endif
