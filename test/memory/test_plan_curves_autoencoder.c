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
      [KFIX_METHOD_sgd] = {36877952, 45122560},
      [KFIX_METHOD_nesterov] = {36877952, 45122560},
      [KFIX_METHOD_adam] = {43617152, 51861760},
      [KFIX_METHOD_kfac] = {61341056, 69585664},
      [KFIX_METHOD_ekfac] = {83213184, 91457792},
      [KFIX_METHOD_ekfac_ra] = {83213184, 91457792},
      [KFIX_METHOD_kfac_tridiag] = {89336960, 97581568},
      [KFIX_METHOD_kpsvd] = {64388992, 72633600},
      [KFIX_METHOD_deflation] = {87355264, 95599872},
      [KFIX_METHOD_lanczos] = {87355264, 95599872},
      [KFIX_METHOD_kfac_corrected] = {87355264, 95599872},
  };
  plan_check_pinned(pinned);
}
