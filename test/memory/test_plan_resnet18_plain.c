/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/resnet18_plain.h. */
#define KFIX_CONFIG "config/resnet18_plain.h"
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
      [KFIX_METHOD_sgd] = {539495232, 547731200},
      [KFIX_METHOD_nesterov] = {539495232, 547731200},
      [KFIX_METHOD_adam] = {628848640, 637084608},
      [KFIX_METHOD_kfac] = {1301709696, 1309945664},
      [KFIX_METHOD_ekfac] = {2016747776, 2024983744},
      [KFIX_METHOD_ekfac_ra] = {2016747776, 2024983744},
      [KFIX_METHOD_kpsvd] = {1345831936, 1354067904},
      [KFIX_METHOD_deflation] = {2398398912, 2406634880},
      [KFIX_METHOD_lanczos] = {2398398912, 2406634880},
      [KFIX_METHOD_kfac_corrected] = {2398398912, 2406634880},
      [KFIX_METHOD_diagonal] = {629510912, 637746880},
      [KFIX_METHOD_kfac_tikhonov] = {1927393792, 1935629760},
      [KFIX_METHOD_exact] = {548984128, 557220096},
      [KFIX_METHOD_hf] = {673529600, 681765568},
  };
  plan_check_pinned(pinned);
}
