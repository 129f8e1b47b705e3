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
      [KFIX_METHOD_sgd] = {181568, 280832},      [KFIX_METHOD_nesterov] = {181568, 280832},
      [KFIX_METHOD_adam] = {210816, 310080},     [KFIX_METHOD_kfac] = {272128, 371392},
      [KFIX_METHOD_ekfac] = {454784, 554048},    [KFIX_METHOD_ekfac_ra] = {454784, 554048},
      [KFIX_METHOD_kpsvd] = {310912, 410176},    [KFIX_METHOD_deflation] = {485952, 585216},
      [KFIX_METHOD_lanczos] = {485952, 585216},  [KFIX_METHOD_kfac_corrected] = {485952, 585216},
      [KFIX_METHOD_diagonal] = {222336, 321600}, [KFIX_METHOD_kfac_tikhonov] = {425472, 524736},
      [KFIX_METHOD_exact] = {199040, 298304},    [KFIX_METHOD_hf] = {229696, 328960},
  };
  plan_check_pinned(pinned);
}
