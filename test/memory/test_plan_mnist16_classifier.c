/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/mnist16_classifier.h. */
#define KFIX_CONFIG "config/mnist16_classifier.h"
#include "reference_plan.h"

void test_constant_equals_the_run_time_size(void) {
  plan_check_constants();
  plan_check_predictor();
}

void test_regions_are_aligned_and_fill_the_arena(void) {
  plan_check_regions();
}

void test_settings_are_in_range(void) {
  plan_check_settings();
}

void test_bytes_are_pinned(void) {
  static const size_t pinned[KFIX_METHOD_COUNT][PLAN_PORTS] = {
      [KFIX_METHOD_sgd] = {1414976, 6122240},
      [KFIX_METHOD_nesterov] = {1414976, 6122240},
      [KFIX_METHOD_adam] = {1468416, 6175680},
      [KFIX_METHOD_kfac] = {2485888, 7193152},
      [KFIX_METHOD_ekfac] = {3534080, 8241344},
      [KFIX_METHOD_ekfac_ra] = {3534080, 8241344},
      [KFIX_METHOD_kfac_tridiag] = {2719616, 7426880},
      [KFIX_METHOD_kpsvd] = {5445312, 10152576},
      [KFIX_METHOD_deflation] = {6007616, 10714880},
      [KFIX_METHOD_lanczos] = {6007616, 10714880},
      [KFIX_METHOD_kfac_corrected] = {6007616, 10714880},
      [KFIX_METHOD_diagonal] = {1976576, 6683840},
      [KFIX_METHOD_kfac_tikhonov] = {3480576, 8187840},
      [KFIX_METHOD_exact] = {3356096, 11602304},
      [KFIX_METHOD_hf] = {1691904, 6399168},
  };
  plan_check_pinned(pinned);
}
