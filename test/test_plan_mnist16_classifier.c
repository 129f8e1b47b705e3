/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/mnist16_classifier.h. */
#define KFIX_CONFIG "config/mnist16_classifier.h"
#include "reference_plan.h"

void test_constant_equals_the_run_time_size(void) {
  plan_check_constants();
}

void test_regions_are_aligned_and_fill_the_arena(void) {
  plan_check_regions();
}

void test_settings_are_in_range(void) {
  plan_check_settings();
}

void test_bytes_are_pinned(void) {
  static const size_t pinned[KFIX_METHOD_COUNT][PLAN_PORTS] = {
      [KFIX_METHOD_sgd] = {1416640, 6123904},
      [KFIX_METHOD_nesterov] = {1416640, 6123904},
      [KFIX_METHOD_adam] = {1470016, 6177280},
      [KFIX_METHOD_kfac] = {2513280, 7220544},
      [KFIX_METHOD_ekfac] = {3561024, 8268288},
      [KFIX_METHOD_ekfac_ra] = {3561024, 8268288},
      [KFIX_METHOD_kfac_tridiag] = {2745920, 7453184},
      [KFIX_METHOD_kpsvd] = {5472384, 10179648},
      [KFIX_METHOD_deflation] = {6033920, 10741184},
      [KFIX_METHOD_lanczos] = {6033920, 10741184},
      [KFIX_METHOD_kfac_corrected] = {6033920, 10741184},
  };
  plan_check_pinned(pinned);
}
