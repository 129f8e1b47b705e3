/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/resnet34_plain.h. */
#define KFIX_CONFIG "config/resnet34_plain.h"
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
      [KFIX_METHOD_sgd] = {979777600, 987993792},
      [KFIX_METHOD_nesterov] = {979777600, 987993792},
      [KFIX_METHOD_adam] = {1149966592, 1158182784},
      [KFIX_METHOD_kfac] = {2479063680, 2487279872},
      [KFIX_METHOD_ekfac] = {3643472384, 3651688576},
      [KFIX_METHOD_ekfac_ra] = {3643472384, 3651688576},
      [KFIX_METHOD_kpsvd] = {2532755200, 2540971392},
      [KFIX_METHOD_deflation] = {4322393792, 4330609984},
      [KFIX_METHOD_lanczos] = {4322393792, 4330609984},
      [KFIX_METHOD_kfac_corrected] = {4322393792, 4330609984},
      [KFIX_METHOD_diagonal] = {1150629376, 1158845568},
      [KFIX_METHOD_kfac_tikhonov] = {3473282304, 3481498496},
      [KFIX_METHOD_exact] = {998835776, 1007051968},
      [KFIX_METHOD_hf] = {1235065344, 1243281536},
  };
  plan_check_pinned(pinned);
}
