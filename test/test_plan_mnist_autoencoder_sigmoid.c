/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/mnist_autoencoder_sigmoid.h. */
#define KFIX_CONFIG "config/mnist_autoencoder_sigmoid.h"
#include "reference_plan.h"

void test_constant_equals_the_run_time_size(void) {
  plan_check_constants();
}

void test_regions_are_aligned_and_fill_the_arena(void) {
  plan_check_regions();
}

void test_settings_are_in_range(void) {
  plan_check_settings();
}

void test_bytes_are_pinned(void) {
  static const size_t pinned[KFIX_METHOD_COUNT][PLAN_PORTS] = {
      [KFIX_METHOD_sgd] = {100609152, 108849856},
      [KFIX_METHOD_nesterov] = {100609152, 108849856},
      [KFIX_METHOD_adam] = {123308160, 131548864},
      [KFIX_METHOD_kfac] = {174488704, 182729408},
      [KFIX_METHOD_ekfac] = {232759744, 241000448},
      [KFIX_METHOD_ekfac_ra] = {232759744, 241000448},
      [KFIX_METHOD_kfac_tridiag] = {277892288, 286132992},
      [KFIX_METHOD_kpsvd] = {176608960, 184849664},
      [KFIX_METHOD_deflation] = {240092288, 248332992},
      [KFIX_METHOD_lanczos] = {240092288, 248332992},
      [KFIX_METHOD_kfac_corrected] = {240092288, 248332992},
  };
  plan_check_pinned(pinned);
}
