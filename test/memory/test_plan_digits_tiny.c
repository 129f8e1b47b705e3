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
      [KFIX_METHOD_sgd] = {59008, 108608},
      [KFIX_METHOD_nesterov] = {59008, 108608},
      [KFIX_METHOD_adam] = {71360, 120960},
      [KFIX_METHOD_kfac] = {117184, 166784},
      [KFIX_METHOD_ekfac] = {265792, 315392},
      [KFIX_METHOD_ekfac_ra] = {265792, 315392},
      [KFIX_METHOD_kfac_tridiag] = {217024, 266624},
      [KFIX_METHOD_kpsvd] = {176256, 225856},
      [KFIX_METHOD_deflation] = {316800, 366400},
      [KFIX_METHOD_lanczos] = {316800, 366400},
      [KFIX_METHOD_kfac_corrected] = {316800, 366400},
      [KFIX_METHOD_diagonal] = {84800, 134400},
      [KFIX_METHOD_kfac_tikhonov] = {253440, 303040},
      [KFIX_METHOD_exact] = {98816, 148416},
      [KFIX_METHOD_hf] = {83840, 133440},
  };
  plan_check_pinned(pinned);
}
