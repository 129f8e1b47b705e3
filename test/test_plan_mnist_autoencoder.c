/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/mnist_autoencoder.h. */
#define KFIX_CONFIG "config/mnist_autoencoder.h"
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
      [KFIX_METHOD_sgd] = {100609216, 108849920},
      [KFIX_METHOD_nesterov] = {100609216, 108849920},
      [KFIX_METHOD_adam] = {123308224, 131548928},
      [KFIX_METHOD_kfac] = {174488768, 182729472},
      [KFIX_METHOD_ekfac] = {232759808, 241000512},
      [KFIX_METHOD_ekfac_ra] = {232759808, 241000512},
      [KFIX_METHOD_kfac_tridiag] = {277892352, 286133056},
      [KFIX_METHOD_kpsvd] = {176609024, 184849728},
      [KFIX_METHOD_deflation] = {240092352, 248333056},
      [KFIX_METHOD_lanczos] = {240092352, 248333056},
      [KFIX_METHOD_kfac_corrected] = {240092352, 248333056},
  };
  plan_check_pinned(pinned);
}
