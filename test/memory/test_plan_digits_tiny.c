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
      [KFIX_METHOD_sgd] = {58880, 108480},
      [KFIX_METHOD_nesterov] = {58880, 108480},
      [KFIX_METHOD_adam] = {71232, 120832},
      [KFIX_METHOD_kfac] = {117056, 166656},
      [KFIX_METHOD_ekfac] = {265664, 315264},
      [KFIX_METHOD_ekfac_ra] = {265664, 315264},
      [KFIX_METHOD_kfac_tridiag] = {216896, 266496},
      [KFIX_METHOD_kpsvd] = {176128, 225728},
      [KFIX_METHOD_deflation] = {316672, 366272},
      [KFIX_METHOD_lanczos] = {316672, 366272},
      [KFIX_METHOD_kfac_corrected] = {316672, 366272},
      [KFIX_METHOD_diagonal] = {84672, 134272},
      [KFIX_METHOD_kfac_tikhonov] = {253312, 302912},
      [KFIX_METHOD_exact] = {98688, 148288},
      [KFIX_METHOD_hf] = {83712, 133312},
  };
  plan_check_pinned(pinned);
}
