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
      [KFIX_METHOD_sgd] = {59584, 109184},
      [KFIX_METHOD_nesterov] = {59584, 109184},
      [KFIX_METHOD_adam] = {71872, 121472},
      [KFIX_METHOD_kfac] = {123456, 173056},
      [KFIX_METHOD_ekfac] = {271872, 321472},
      [KFIX_METHOD_ekfac_ra] = {271872, 321472},
      [KFIX_METHOD_kfac_tridiag] = {222848, 272448},
      [KFIX_METHOD_kpsvd] = {182400, 232000},
      [KFIX_METHOD_deflation] = {322624, 372224},
      [KFIX_METHOD_lanczos] = {322624, 372224},
      [KFIX_METHOD_kfac_corrected] = {322624, 372224},
  };
  plan_check_pinned(pinned);
}
