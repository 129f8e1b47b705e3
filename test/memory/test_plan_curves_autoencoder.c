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
      [KFIX_METHOD_sgd] = {36878336, 45122944},
      [KFIX_METHOD_nesterov] = {36878336, 45122944},
      [KFIX_METHOD_adam] = {43617600, 51862208},
      [KFIX_METHOD_kfac] = {61341440, 69586048},
      [KFIX_METHOD_ekfac] = {83213568, 91458176},
      [KFIX_METHOD_ekfac_ra] = {83213568, 91458176},
      [KFIX_METHOD_kfac_tridiag] = {89337344, 97581952},
      [KFIX_METHOD_kpsvd] = {64389376, 72633984},
      [KFIX_METHOD_deflation] = {87355648, 95600256},
      [KFIX_METHOD_lanczos] = {87355648, 95600256},
      [KFIX_METHOD_kfac_corrected] = {87355648, 95600256},
      [KFIX_METHOD_diagonal] = {51269376, 59513984},
      [KFIX_METHOD_kfac_tikhonov] = {76473984, 84718592},
      [KFIX_METHOD_exact] = {45815872, 54060480},
      [KFIX_METHOD_hf] = {53409920, 61654528},
  };
  plan_check_pinned(pinned);
}
