/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/digits_tiny.h. */
#define KFIX_CONFIG "config/digits_tiny.h"
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
      [KFIX_METHOD_sgd] = {58752, 108352},
      [KFIX_METHOD_nesterov] = {58752, 108352},
      [KFIX_METHOD_adam] = {71040, 120640},
      [KFIX_METHOD_kfac] = {116928, 166528},
      [KFIX_METHOD_ekfac] = {265536, 315136},
      [KFIX_METHOD_ekfac_ra] = {265536, 315136},
      [KFIX_METHOD_kfac_tridiag] = {216768, 266368},
      [KFIX_METHOD_kpsvd] = {176000, 225600},
      [KFIX_METHOD_deflation] = {316544, 366144},
      [KFIX_METHOD_lanczos] = {316544, 366144},
      [KFIX_METHOD_kfac_corrected] = {316544, 366144},
  };
  plan_check_pinned(pinned);
}
