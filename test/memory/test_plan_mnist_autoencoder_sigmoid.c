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
      [KFIX_METHOD_sgd] = {90033088, 98279936},
      [KFIX_METHOD_nesterov] = {90033088, 98279936},
      [KFIX_METHOD_adam] = {112732096, 120978944},
      [KFIX_METHOD_kfac] = {148894528, 157141376},
      [KFIX_METHOD_ekfac] = {207166336, 215413184},
      [KFIX_METHOD_ekfac_ra] = {207166336, 215413184},
      [KFIX_METHOD_kfac_tridiag] = {252299904, 260546752},
      [KFIX_METHOD_kpsvd] = {168939392, 177186240},
      [KFIX_METHOD_deflation] = {232424000, 240670848},
      [KFIX_METHOD_lanczos] = {232424000, 240670848},
      [KFIX_METHOD_kfac_corrected] = {232424000, 240670848},
      [KFIX_METHOD_diagonal] = {118253888, 126500736},
      [KFIX_METHOD_kfac_tikhonov] = {184467072, 192713920},
      [KFIX_METHOD_exact] = {114371328, 122618176},
      [KFIX_METHOD_hf] = {127751808, 135998656},
  };
  plan_check_pinned(pinned);
}
