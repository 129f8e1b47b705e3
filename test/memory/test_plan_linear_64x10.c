/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/linear_64x10.h, a net with normalisations. */
#define KFIX_CONFIG "config/linear_64x10.h"
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
      [KFIX_METHOD_sgd] = {5644480, 13896832},
      [KFIX_METHOD_nesterov] = {5644480, 13896832},
      [KFIX_METHOD_adam] = {5779968, 14032320},
      [KFIX_METHOD_kfac] = {11873856, 20126208},
      [KFIX_METHOD_ekfac] = {21900992, 30153344},
      [KFIX_METHOD_ekfac_ra] = {21900992, 30153344},
      [KFIX_METHOD_kpsvd] = {27391232, 35643584},
      [KFIX_METHOD_deflation] = {38965312, 47217664},
      [KFIX_METHOD_lanczos] = {38965312, 47217664},
      [KFIX_METHOD_kfac_corrected] = {38965312, 47217664},
      [KFIX_METHOD_diagonal] = {6652480, 14904832},
      [KFIX_METHOD_kfac_tikhonov] = {21761536, 30013888},
      [KFIX_METHOD_exact] = {7429568, 15681920},
      [KFIX_METHOD_hf] = {5880640, 14132992},
  };
  plan_check_pinned(pinned);
}
