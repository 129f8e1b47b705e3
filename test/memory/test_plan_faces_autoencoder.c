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
      [KFIX_METHOD_sgd] = {245369088, 253600576},
      [KFIX_METHOD_nesterov] = {245369088, 253600576},
      [KFIX_METHOD_adam] = {305670784, 313902272},
      [KFIX_METHOD_kfac] = {438760576, 446992064},
      [KFIX_METHOD_ekfac] = {627993728, 636225216},
      [KFIX_METHOD_ekfac_ra] = {627993728, 636225216},
      [KFIX_METHOD_kfac_tridiag] = {727413760, 735645248},
      [KFIX_METHOD_kpsvd] = {444858880, 453090368},
      [KFIX_METHOD_deflation] = {671085952, 679317440},
      [KFIX_METHOD_lanczos] = {671085952, 679317440},
      [KFIX_METHOD_kfac_corrected] = {671085952, 679317440},
      [KFIX_METHOD_diagonal] = {319581184, 327812672},
      [KFIX_METHOD_kfac_tikhonov] = {567691776, 575923264},
      [KFIX_METHOD_exact] = {259942464, 268173952},
      [KFIX_METHOD_hf] = {346635264, 354866752},
  };
  plan_check_pinned(pinned);
}
