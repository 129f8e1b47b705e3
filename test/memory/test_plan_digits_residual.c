/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/digits_residual.h: a net with branches, which kfac-tridiag does not take. */
#define KFIX_CONFIG "config/digits_residual.h"
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
      [KFIX_METHOD_sgd] = {58688, 108288},      [KFIX_METHOD_nesterov] = {58688, 108288},
      [KFIX_METHOD_adam] = {71040, 120640},     [KFIX_METHOD_kfac] = {116864, 166464},
      [KFIX_METHOD_ekfac] = {265472, 315072},   [KFIX_METHOD_ekfac_ra] = {265472, 315072},
      [KFIX_METHOD_kpsvd] = {175936, 225536},   [KFIX_METHOD_deflation] = {316480, 366080},
      [KFIX_METHOD_lanczos] = {316480, 366080}, [KFIX_METHOD_kfac_corrected] = {316480, 366080},
  };
  plan_check_pinned(pinned);
}
