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
      [KFIX_METHOD_sgd] = {245368576, 253600064},
      [KFIX_METHOD_nesterov] = {245368576, 253600064},
      [KFIX_METHOD_adam] = {305670272, 313901760},
      [KFIX_METHOD_kfac] = {438760064, 446991552},
      [KFIX_METHOD_ekfac] = {627993216, 636224704},
      [KFIX_METHOD_ekfac_ra] = {627993216, 636224704},
      [KFIX_METHOD_kfac_tridiag] = {727413248, 735644736},
      [KFIX_METHOD_kpsvd] = {444858368, 453089856},
      [KFIX_METHOD_deflation] = {671085440, 679316928},
      [KFIX_METHOD_lanczos] = {671085440, 679316928},
      [KFIX_METHOD_kfac_corrected] = {671085440, 679316928},
  };
  plan_check_pinned(pinned);
}
