/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/faces_autoencoder.h. */
#define KFIX_CONFIG "config/faces_autoencoder.h"
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
      [KFIX_METHOD_sgd] = {245371840, 253603328},
      [KFIX_METHOD_nesterov] = {245371840, 253603328},
      [KFIX_METHOD_adam] = {305673536, 313905024},
      [KFIX_METHOD_kfac] = {438761920, 446993408},
      [KFIX_METHOD_ekfac] = {627994304, 636225792},
      [KFIX_METHOD_ekfac_ra] = {627994304, 636225792},
      [KFIX_METHOD_kfac_tridiag] = {727413312, 735644800},
      [KFIX_METHOD_kpsvd] = {444859712, 453091200},
      [KFIX_METHOD_deflation] = {671085504, 679316992},
      [KFIX_METHOD_lanczos] = {671085504, 679316992},
      [KFIX_METHOD_kfac_corrected] = {671085504, 679316992},
  };
  plan_check_pinned(pinned);
}
