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
      [KFIX_METHOD_sgd] = {181120, 280384},     [KFIX_METHOD_nesterov] = {181120, 280384},
      [KFIX_METHOD_adam] = {210304, 309568},    [KFIX_METHOD_kfac] = {271616, 370880},
      [KFIX_METHOD_ekfac] = {454336, 553600},   [KFIX_METHOD_ekfac_ra] = {454336, 553600},
      [KFIX_METHOD_kpsvd] = {310400, 409664},   [KFIX_METHOD_deflation] = {485504, 584768},
      [KFIX_METHOD_lanczos] = {485504, 584768}, [KFIX_METHOD_kfac_corrected] = {485504, 584768},
  };
  plan_check_pinned(pinned);
}
