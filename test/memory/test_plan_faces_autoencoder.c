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
      [KFIX_METHOD_sgd] = {245368896, 253600384},
      [KFIX_METHOD_nesterov] = {245368896, 253600384},
      [KFIX_METHOD_adam] = {305670656, 313902144},
      [KFIX_METHOD_kfac] = {438760384, 446991872},
      [KFIX_METHOD_ekfac] = {627993536, 636225024},
      [KFIX_METHOD_ekfac_ra] = {627993536, 636225024},
      [KFIX_METHOD_kfac_tridiag] = {727413568, 735645056},
      [KFIX_METHOD_kpsvd] = {444858688, 453090176},
      [KFIX_METHOD_deflation] = {671085760, 679317248},
      [KFIX_METHOD_lanczos] = {671085760, 679317248},
      [KFIX_METHOD_kfac_corrected] = {671085760, 679317248},
      [KFIX_METHOD_diagonal] = {319580992, 327812480},
      [KFIX_METHOD_kfac_tikhonov] = {567691584, 575923072},
      [KFIX_METHOD_exact] = {259942272, 268173760},
      [KFIX_METHOD_hf] = {346635136, 354866624},
  };
  plan_check_pinned(pinned);
}
