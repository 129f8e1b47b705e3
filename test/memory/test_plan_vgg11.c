/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/vgg11.h. */
#define KFIX_CONFIG "config/vgg11.h"
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
      [KFIX_METHOD_sgd] = {316100032, 324339776},
      [KFIX_METHOD_nesterov] = {316100032, 324339776},
      [KFIX_METHOD_adam] = {389904960, 398144704},
      [KFIX_METHOD_kfac] = {945616448, 953856192},
      [KFIX_METHOD_ekfac] = {1578757760, 1586997504},
      [KFIX_METHOD_ekfac_ra] = {1578757760, 1586997504},
      [KFIX_METHOD_kpsvd] = {986395584, 994635328},
      [KFIX_METHOD_deflation] = {1906264640, 1914504384},
      [KFIX_METHOD_lanczos] = {1906264640, 1914504384},
      [KFIX_METHOD_kfac_corrected] = {1906264640, 1914504384},
      [KFIX_METHOD_diagonal] = {390566848, 398806592},
      [KFIX_METHOD_kfac_tikhonov] = {1504952512, 1513192256},
      [KFIX_METHOD_exact] = {322245824, 330485568},
      [KFIX_METHOD_hf] = {426811712, 435051456},
  };
  plan_check_pinned(pinned);
}
