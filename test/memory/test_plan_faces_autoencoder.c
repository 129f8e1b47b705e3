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
      [KFIX_METHOD_sgd] = {245369536, 253601024},
      [KFIX_METHOD_nesterov] = {245369536, 253601024},
      [KFIX_METHOD_adam] = {305671232, 313902720},
      [KFIX_METHOD_kfac] = {438761024, 446992512},
      [KFIX_METHOD_ekfac] = {627994176, 636225664},
      [KFIX_METHOD_ekfac_ra] = {627994176, 636225664},
      [KFIX_METHOD_kfac_tridiag] = {727414208, 735645696},
      [KFIX_METHOD_kpsvd] = {444859328, 453090816},
      [KFIX_METHOD_deflation] = {671086400, 679317888},
      [KFIX_METHOD_lanczos] = {671086400, 679317888},
      [KFIX_METHOD_kfac_corrected] = {671086400, 679317888},
      [KFIX_METHOD_diagonal] = {319581632, 327813120},
      [KFIX_METHOD_kfac_tikhonov] = {567692224, 575923712},
      [KFIX_METHOD_exact] = {259942912, 268174400},
      [KFIX_METHOD_hf] = {346635712, 354867200},
  };
  plan_check_pinned(pinned);
}
