/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/curves_autoencoder.h. */
#define KFIX_CONFIG "config/curves_autoencoder.h"
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
      [KFIX_METHOD_sgd] = {36878144, 45122752},
      [KFIX_METHOD_nesterov] = {36878144, 45122752},
      [KFIX_METHOD_adam] = {43617344, 51861952},
      [KFIX_METHOD_kfac] = {61341248, 69585856},
      [KFIX_METHOD_ekfac] = {83213376, 91457984},
      [KFIX_METHOD_ekfac_ra] = {83213376, 91457984},
      [KFIX_METHOD_kfac_tridiag] = {89337152, 97581760},
      [KFIX_METHOD_kpsvd] = {64389184, 72633792},
      [KFIX_METHOD_deflation] = {87355456, 95600064},
      [KFIX_METHOD_lanczos] = {87355456, 95600064},
      [KFIX_METHOD_kfac_corrected] = {87355456, 95600064},
  };
  plan_check_pinned(pinned);
}
