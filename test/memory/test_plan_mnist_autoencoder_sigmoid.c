/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/mnist_autoencoder_sigmoid.h. */
#define KFIX_CONFIG "config/mnist_autoencoder_sigmoid.h"
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
      [KFIX_METHOD_sgd] = {90032256, 98279104},
      [KFIX_METHOD_nesterov] = {90032256, 98279104},
      [KFIX_METHOD_adam] = {112731264, 120978112},
      [KFIX_METHOD_kfac] = {148893696, 157140544},
      [KFIX_METHOD_ekfac] = {207165504, 215412352},
      [KFIX_METHOD_ekfac_ra] = {207165504, 215412352},
      [KFIX_METHOD_kfac_tridiag] = {252299072, 260545920},
      [KFIX_METHOD_kpsvd] = {168938560, 177185408},
      [KFIX_METHOD_deflation] = {232423168, 240670016},
      [KFIX_METHOD_lanczos] = {232423168, 240670016},
      [KFIX_METHOD_kfac_corrected] = {232423168, 240670016},
  };
  plan_check_pinned(pinned);
}
