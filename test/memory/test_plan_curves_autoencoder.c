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
      [KFIX_METHOD_sgd] = {36879232, 45123840},
      [KFIX_METHOD_nesterov] = {36879232, 45123840},
      [KFIX_METHOD_adam] = {43618432, 51863040},
      [KFIX_METHOD_kfac] = {61342336, 69586944},
      [KFIX_METHOD_ekfac] = {83214464, 91459072},
      [KFIX_METHOD_ekfac_ra] = {83214464, 91459072},
      [KFIX_METHOD_kfac_tridiag] = {89338240, 97582848},
      [KFIX_METHOD_kpsvd] = {64390272, 72634880},
      [KFIX_METHOD_deflation] = {87356544, 95601152},
      [KFIX_METHOD_lanczos] = {87356544, 95601152},
      [KFIX_METHOD_kfac_corrected] = {87356544, 95601152},
      [KFIX_METHOD_diagonal] = {51270272, 59514880},
      [KFIX_METHOD_kfac_tikhonov] = {76474880, 84719488},
      [KFIX_METHOD_exact] = {45816768, 54061376},
      [KFIX_METHOD_hf] = {53410752, 61655360},
  };
  plan_check_pinned(pinned);
}
