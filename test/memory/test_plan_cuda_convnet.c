/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/cuda_convnet.h. */
#define KFIX_CONFIG "config/cuda_convnet.h"
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
      [KFIX_METHOD_sgd] = {33311296, 41568128},
      [KFIX_METHOD_nesterov] = {33311296, 41568128},
      [KFIX_METHOD_adam] = {34028032, 42284864},
      [KFIX_METHOD_kfac] = {52381504, 60638336},
      [KFIX_METHOD_ekfac] = {75705856, 83962688},
      [KFIX_METHOD_ekfac_ra] = {75705856, 83962688},
      [KFIX_METHOD_kpsvd] = {56235392, 64492224},
      [KFIX_METHOD_deflation] = {90132160, 98388992},
      [KFIX_METHOD_lanczos] = {90132160, 98388992},
      [KFIX_METHOD_kfac_corrected] = {90132160, 98388992},
      [KFIX_METHOD_diagonal] = {34306752, 42563584},
      [KFIX_METHOD_kfac_tikhonov] = {74989056, 83245888},
      [KFIX_METHOD_exact] = {72274816, 80531648},
      [KFIX_METHOD_hf] = {34394752, 42651584},
  };
  plan_check_pinned(pinned);
}
