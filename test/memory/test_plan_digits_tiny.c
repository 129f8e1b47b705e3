/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/digits_tiny.h. */
#define KFIX_CONFIG "config/digits_tiny.h"
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
      [KFIX_METHOD_sgd] = {59200, 108800},
      [KFIX_METHOD_nesterov] = {59200, 108800},
      [KFIX_METHOD_adam] = {71488, 121088},
      [KFIX_METHOD_kfac] = {117376, 166976},
      [KFIX_METHOD_ekfac] = {265984, 315584},
      [KFIX_METHOD_ekfac_ra] = {265984, 315584},
      [KFIX_METHOD_kfac_tridiag] = {217216, 266816},
      [KFIX_METHOD_kpsvd] = {176448, 226048},
      [KFIX_METHOD_deflation] = {316992, 366592},
      [KFIX_METHOD_lanczos] = {316992, 366592},
      [KFIX_METHOD_kfac_corrected] = {316992, 366592},
      [KFIX_METHOD_diagonal] = {84992, 134592},
      [KFIX_METHOD_kfac_tikhonov] = {253632, 303232},
      [KFIX_METHOD_exact] = {99008, 148608},
      [KFIX_METHOD_hf] = {83968, 133568},
  };
  plan_check_pinned(pinned);
}
