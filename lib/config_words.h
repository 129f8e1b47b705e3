/* SPDX-License-Identifier: Apache-2.0
 * The words of a config for activation, loss and target. For lib/config.h. */
#ifndef KFIX_CONFIG_WORDS_H
#define KFIX_CONFIG_WORDS_H

#include "config_method.h"
#include "core/net_spec.h"

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

#endif
