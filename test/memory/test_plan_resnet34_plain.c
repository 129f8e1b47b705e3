/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/resnet34_plain.h. */
#define KFIX_CONFIG "config/resnet34_plain.h"
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
      [KFIX_METHOD_sgd] = {979780288, 987996480},
      [KFIX_METHOD_nesterov] = {979780288, 987996480},
      [KFIX_METHOD_adam] = {1149969216, 1158185408},
      [KFIX_METHOD_kfac] = {2479066304, 2487282496},
      [KFIX_METHOD_ekfac] = {3643475072, 3651691264},
      [KFIX_METHOD_ekfac_ra] = {3643475072, 3651691264},
      [KFIX_METHOD_kpsvd] = {2532757824, 2540974016},
      [KFIX_METHOD_deflation] = {4322396480, 4330612672},
      [KFIX_METHOD_lanczos] = {4322396480, 4330612672},
      [KFIX_METHOD_kfac_corrected] = {4322396480, 4330612672},
      [KFIX_METHOD_diagonal] = {1150632000, 1158848192},
      [KFIX_METHOD_kfac_tikhonov] = {3473284928, 3481501120},
      [KFIX_METHOD_exact] = {1527206080, 1535422272},
      [KFIX_METHOD_hf] = {1235067968, 1243284160},
  };
  plan_check_pinned(pinned);
}
