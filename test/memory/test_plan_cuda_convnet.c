/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/cuda_convnet.h. */
#define KFIX_CONFIG "config/cuda_convnet.h"
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
      [KFIX_METHOD_sgd] = {33311744, 41568576},
      [KFIX_METHOD_nesterov] = {33311744, 41568576},
      [KFIX_METHOD_adam] = {34028416, 42285248},
      [KFIX_METHOD_kfac] = {52381952, 60638784},
      [KFIX_METHOD_ekfac] = {75706304, 83963136},
      [KFIX_METHOD_ekfac_ra] = {75706304, 83963136},
      [KFIX_METHOD_kpsvd] = {56235840, 64492672},
      [KFIX_METHOD_deflation] = {90132608, 98389440},
      [KFIX_METHOD_lanczos] = {90132608, 98389440},
      [KFIX_METHOD_kfac_corrected] = {90132608, 98389440},
      [KFIX_METHOD_diagonal] = {34307200, 42564032},
      [KFIX_METHOD_kfac_tikhonov] = {74989504, 83246336},
      [KFIX_METHOD_exact] = {72275264, 80532096},
      [KFIX_METHOD_hf] = {34395136, 42651968},
  };
  plan_check_pinned(pinned);
}
