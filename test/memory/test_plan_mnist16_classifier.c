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
      [KFIX_METHOD_sgd] = {1414848, 6122112},
      [KFIX_METHOD_nesterov] = {1414848, 6122112},
      [KFIX_METHOD_adam] = {1468288, 6175552},
      [KFIX_METHOD_kfac] = {2485760, 7193024},
      [KFIX_METHOD_ekfac] = {3533952, 8241216},
      [KFIX_METHOD_ekfac_ra] = {3533952, 8241216},
      [KFIX_METHOD_kfac_tridiag] = {2719488, 7426752},
      [KFIX_METHOD_kpsvd] = {5445184, 10152448},
      [KFIX_METHOD_deflation] = {6007488, 10714752},
      [KFIX_METHOD_lanczos] = {6007488, 10714752},
      [KFIX_METHOD_kfac_corrected] = {6007488, 10714752},
      [KFIX_METHOD_diagonal] = {1976448, 6683712},
      [KFIX_METHOD_kfac_tikhonov] = {3480448, 8187712},
      [KFIX_METHOD_exact] = {3355968, 11602176},
      [KFIX_METHOD_hf] = {1691776, 6399040},
  };
  plan_check_pinned(pinned);
}
