/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/digits_residual.h: a net with branches, which kfac-tridiag does not take. */
#define KFIX_CONFIG "config/digits_residual.h"
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
      [KFIX_METHOD_sgd] = {182016, 281280},      [KFIX_METHOD_nesterov] = {182016, 281280},
      [KFIX_METHOD_adam] = {211264, 310528},     [KFIX_METHOD_kfac] = {272576, 371840},
      [KFIX_METHOD_ekfac] = {455232, 554496},    [KFIX_METHOD_ekfac_ra] = {455232, 554496},
      [KFIX_METHOD_kpsvd] = {311360, 410624},    [KFIX_METHOD_deflation] = {486400, 585664},
      [KFIX_METHOD_lanczos] = {486400, 585664},  [KFIX_METHOD_kfac_corrected] = {486400, 585664},
      [KFIX_METHOD_diagonal] = {222784, 322048}, [KFIX_METHOD_kfac_tikhonov] = {425920, 525184},
      [KFIX_METHOD_exact] = {199488, 298752},    [KFIX_METHOD_hf] = {230144, 329408},
  };
  plan_check_pinned(pinned);
}
