/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/curves_autoencoder.h. */
#define KFIX_CONFIG "config/curves_autoencoder.h"
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
      [KFIX_METHOD_sgd] = {36878592, 45123200},
      [KFIX_METHOD_nesterov] = {36878592, 45123200},
      [KFIX_METHOD_adam] = {43617792, 51862400},
      [KFIX_METHOD_kfac] = {61341696, 69586304},
      [KFIX_METHOD_ekfac] = {83213824, 91458432},
      [KFIX_METHOD_ekfac_ra] = {83213824, 91458432},
      [KFIX_METHOD_kfac_tridiag] = {89337600, 97582208},
      [KFIX_METHOD_kpsvd] = {64389632, 72634240},
      [KFIX_METHOD_deflation] = {87355904, 95600512},
      [KFIX_METHOD_lanczos] = {87355904, 95600512},
      [KFIX_METHOD_kfac_corrected] = {87355904, 95600512},
      [KFIX_METHOD_diagonal] = {51269632, 59514240},
      [KFIX_METHOD_kfac_tikhonov] = {76474240, 84718848},
      [KFIX_METHOD_exact] = {45816128, 54060736},
      [KFIX_METHOD_hf] = {53410112, 61654720},
  };
  plan_check_pinned(pinned);
}
