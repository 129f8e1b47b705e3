/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/conv_tiny.h: a net that looks through windows, which kfac-tridiag does not take. */
#define KFIX_CONFIG "config/conv_tiny.h"
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
      [KFIX_METHOD_sgd] = {123136, 235264},      [KFIX_METHOD_nesterov] = {123136, 235264},
      [KFIX_METHOD_adam] = {134528, 246656},     [KFIX_METHOD_kfac] = {185408, 297536},
      [KFIX_METHOD_ekfac] = {344000, 456128},    [KFIX_METHOD_ekfac_ra] = {344000, 456128},
      [KFIX_METHOD_kpsvd] = {217472, 329600},    [KFIX_METHOD_deflation] = {393472, 505600},
      [KFIX_METHOD_lanczos] = {393472, 505600},  [KFIX_METHOD_kfac_corrected] = {393472, 505600},
      [KFIX_METHOD_diagonal] = {138816, 250944}, [KFIX_METHOD_kfac_tikhonov] = {332480, 444608},
      [KFIX_METHOD_exact] = {233024, 345152},    [KFIX_METHOD_hf] = {141440, 253568},
  };
  plan_check_pinned(pinned);
}
