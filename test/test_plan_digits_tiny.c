/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/digits_tiny.h. */
#define KFIX_CONFIG "config/digits_tiny.h"
#include "reference_plan.h"

void test_constant_equals_the_run_time_size(void) {
  plan_check_constants();
}

void test_regions_are_aligned_and_fill_the_arena(void) {
  plan_check_regions();
}

void test_settings_are_in_range(void) {
  plan_check_settings();
}

void test_bytes_are_pinned(void) {
  static const size_t pinned[KFIX_METHOD_COUNT][PLAN_PORTS] = {
      [KFIX_METHOD_sgd] = {59520, 109120},
      [KFIX_METHOD_nesterov] = {59520, 109120},
      [KFIX_METHOD_adam] = {71808, 121408},
      [KFIX_METHOD_kfac] = {117248, 166848},
      [KFIX_METHOD_ekfac] = {265664, 315264},
      [KFIX_METHOD_ekfac_ra] = {265664, 315264},
      [KFIX_METHOD_kfac_tridiag] = {216640, 266240},
      [KFIX_METHOD_kpsvd] = {176192, 225792},
      [KFIX_METHOD_deflation] = {316416, 366016},
      [KFIX_METHOD_lanczos] = {316416, 366016},
      [KFIX_METHOD_kfac_corrected] = {316416, 366016},
  };
  plan_check_pinned(pinned);
}
