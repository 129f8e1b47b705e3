/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/vgg11.h. */
#define KFIX_CONFIG "config/vgg11.h"
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
      [KFIX_METHOD_sgd] = {311498880, 319738624},
      [KFIX_METHOD_nesterov] = {311498880, 319738624},
      [KFIX_METHOD_adam] = {385303872, 393543616},
      [KFIX_METHOD_kfac] = {941015360, 949255104},
      [KFIX_METHOD_ekfac] = {1574156608, 1582396352},
      [KFIX_METHOD_ekfac_ra] = {1574156608, 1582396352},
      [KFIX_METHOD_kpsvd] = {981794496, 990034240},
      [KFIX_METHOD_deflation] = {1901663488, 1909903232},
      [KFIX_METHOD_lanczos] = {1901663488, 1909903232},
      [KFIX_METHOD_kfac_corrected] = {1901663488, 1909903232},
      [KFIX_METHOD_diagonal] = {385965760, 394205504},
      [KFIX_METHOD_kfac_tikhonov] = {1500351424, 1508591168},
      [KFIX_METHOD_exact] = {375414656, 383654400},
      [KFIX_METHOD_hf] = {422210624, 430450368},
  };
  plan_check_pinned(pinned);
}
