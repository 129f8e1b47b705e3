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
      [KFIX_METHOD_sgd] = {33987136, 42243968},
      [KFIX_METHOD_nesterov] = {33987136, 42243968},
      [KFIX_METHOD_adam] = {34703872, 42960704},
      [KFIX_METHOD_kfac] = {53057344, 61314176},
      [KFIX_METHOD_ekfac] = {76381696, 84638528},
      [KFIX_METHOD_ekfac_ra] = {76381696, 84638528},
      [KFIX_METHOD_kpsvd] = {56911232, 65168064},
      [KFIX_METHOD_deflation] = {90808000, 99064832},
      [KFIX_METHOD_lanczos] = {90808000, 99064832},
      [KFIX_METHOD_kfac_corrected] = {90808000, 99064832},
      [KFIX_METHOD_diagonal] = {34982592, 43239424},
      [KFIX_METHOD_kfac_tikhonov] = {75664896, 83921728},
      [KFIX_METHOD_exact] = {35611520, 43868352},
      [KFIX_METHOD_hf] = {35070592, 43327424},
  };
  plan_check_pinned(pinned);
}
