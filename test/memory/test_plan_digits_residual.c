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
      [KFIX_METHOD_sgd] = {181440, 280704},      [KFIX_METHOD_nesterov] = {181440, 280704},
      [KFIX_METHOD_adam] = {210624, 309888},     [KFIX_METHOD_kfac] = {271936, 371200},
      [KFIX_METHOD_ekfac] = {454656, 553920},    [KFIX_METHOD_ekfac_ra] = {454656, 553920},
      [KFIX_METHOD_kpsvd] = {310720, 409984},    [KFIX_METHOD_deflation] = {485824, 585088},
      [KFIX_METHOD_lanczos] = {485824, 585088},  [KFIX_METHOD_kfac_corrected] = {485824, 585088},
      [KFIX_METHOD_diagonal] = {222144, 321408}, [KFIX_METHOD_kfac_tikhonov] = {425280, 524544},
      [KFIX_METHOD_exact] = {198912, 298176},    [KFIX_METHOD_hf] = {229504, 328768},
  };
  plan_check_pinned(pinned);
}
