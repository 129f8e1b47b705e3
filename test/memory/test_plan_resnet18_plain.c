/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/resnet18_plain.h. */
#define KFIX_CONFIG "config/resnet18_plain.h"
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
      [KFIX_METHOD_sgd] = {539496768, 547732736},
      [KFIX_METHOD_nesterov] = {539496768, 547732736},
      [KFIX_METHOD_adam] = {628850112, 637086080},
      [KFIX_METHOD_kfac] = {1301711168, 1309947136},
      [KFIX_METHOD_ekfac] = {2016749312, 2024985280},
      [KFIX_METHOD_ekfac_ra] = {2016749312, 2024985280},
      [KFIX_METHOD_kpsvd] = {1345833408, 1354069376},
      [KFIX_METHOD_deflation] = {2398400448, 2406636416},
      [KFIX_METHOD_lanczos] = {2398400448, 2406636416},
      [KFIX_METHOD_kfac_corrected] = {2398400448, 2406636416},
      [KFIX_METHOD_diagonal] = {629512384, 637748352},
      [KFIX_METHOD_kfac_tikhonov] = {1927395264, 1935631232},
      [KFIX_METHOD_exact] = {877140800, 885376768},
      [KFIX_METHOD_hf] = {673531072, 681767040},
  };
  plan_check_pinned(pinned);
}
