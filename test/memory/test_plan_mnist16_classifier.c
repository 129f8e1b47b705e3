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
      [KFIX_METHOD_sgd] = {1414656, 6121920},
      [KFIX_METHOD_nesterov] = {1414656, 6121920},
      [KFIX_METHOD_adam] = {1468096, 6175360},
      [KFIX_METHOD_kfac] = {2485568, 7192832},
      [KFIX_METHOD_ekfac] = {3533760, 8241024},
      [KFIX_METHOD_ekfac_ra] = {3533760, 8241024},
      [KFIX_METHOD_kfac_tridiag] = {2719296, 7426560},
      [KFIX_METHOD_kpsvd] = {5444992, 10152256},
      [KFIX_METHOD_deflation] = {6007296, 10714560},
      [KFIX_METHOD_lanczos] = {6007296, 10714560},
      [KFIX_METHOD_kfac_corrected] = {6007296, 10714560},
  };
  plan_check_pinned(pinned);
}
