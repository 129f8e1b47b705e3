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
      [KFIX_METHOD_sgd] = {181248, 280512},     [KFIX_METHOD_nesterov] = {181248, 280512},
      [KFIX_METHOD_adam] = {210496, 309760},    [KFIX_METHOD_kfac] = {271808, 371072},
      [KFIX_METHOD_ekfac] = {454464, 553728},   [KFIX_METHOD_ekfac_ra] = {454464, 553728},
      [KFIX_METHOD_kpsvd] = {310592, 409856},   [KFIX_METHOD_deflation] = {485632, 584896},
      [KFIX_METHOD_lanczos] = {485632, 584896}, [KFIX_METHOD_kfac_corrected] = {485632, 584896},
  };
  plan_check_pinned(pinned);
}
