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
      [KFIX_METHOD_sgd] = {36878400, 45123008},
      [KFIX_METHOD_nesterov] = {36878400, 45123008},
      [KFIX_METHOD_adam] = {43617600, 51862208},
      [KFIX_METHOD_kfac] = {61341504, 69586112},
      [KFIX_METHOD_ekfac] = {83213632, 91458240},
      [KFIX_METHOD_ekfac_ra] = {83213632, 91458240},
      [KFIX_METHOD_kfac_tridiag] = {89337408, 97582016},
      [KFIX_METHOD_kpsvd] = {64389440, 72634048},
      [KFIX_METHOD_deflation] = {87355712, 95600320},
      [KFIX_METHOD_lanczos] = {87355712, 95600320},
      [KFIX_METHOD_kfac_corrected] = {87355712, 95600320},
      [KFIX_METHOD_diagonal] = {51269440, 59514048},
      [KFIX_METHOD_kfac_tikhonov] = {76474048, 84718656},
      [KFIX_METHOD_exact] = {45815936, 54060544},
      [KFIX_METHOD_hf] = {53409920, 61654528},
  };
  plan_check_pinned(pinned);
}
