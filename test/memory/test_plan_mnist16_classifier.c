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
      [KFIX_METHOD_sgd] = {1415296, 6122560},
      [KFIX_METHOD_nesterov] = {1415296, 6122560},
      [KFIX_METHOD_adam] = {1468736, 6176000},
      [KFIX_METHOD_kfac] = {2486208, 7193472},
      [KFIX_METHOD_ekfac] = {3534400, 8241664},
      [KFIX_METHOD_ekfac_ra] = {3534400, 8241664},
      [KFIX_METHOD_kfac_tridiag] = {2719936, 7427200},
      [KFIX_METHOD_kpsvd] = {5445632, 10152896},
      [KFIX_METHOD_deflation] = {6007936, 10715200},
      [KFIX_METHOD_lanczos] = {6007936, 10715200},
      [KFIX_METHOD_kfac_corrected] = {6007936, 10715200},
      [KFIX_METHOD_diagonal] = {1976896, 6684160},
      [KFIX_METHOD_kfac_tikhonov] = {3480896, 8188160},
      [KFIX_METHOD_exact] = {3356416, 11602624},
      [KFIX_METHOD_hf] = {1692224, 6399488},
  };
  plan_check_pinned(pinned);
}
