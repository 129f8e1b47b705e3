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
      [KFIX_METHOD_sgd] = {245368704, 253600192},
      [KFIX_METHOD_nesterov] = {245368704, 253600192},
      [KFIX_METHOD_adam] = {305670400, 313901888},
      [KFIX_METHOD_kfac] = {438760192, 446991680},
      [KFIX_METHOD_ekfac] = {627993344, 636224832},
      [KFIX_METHOD_ekfac_ra] = {627993344, 636224832},
      [KFIX_METHOD_kfac_tridiag] = {727413376, 735644864},
      [KFIX_METHOD_kpsvd] = {444858496, 453089984},
      [KFIX_METHOD_deflation] = {671085568, 679317056},
      [KFIX_METHOD_lanczos] = {671085568, 679317056},
      [KFIX_METHOD_kfac_corrected] = {671085568, 679317056},
  };
  plan_check_pinned(pinned);
}
