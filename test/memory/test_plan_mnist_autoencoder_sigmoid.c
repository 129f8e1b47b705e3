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
      [KFIX_METHOD_sgd] = {90032448, 98279296},
      [KFIX_METHOD_nesterov] = {90032448, 98279296},
      [KFIX_METHOD_adam] = {112731520, 120978368},
      [KFIX_METHOD_kfac] = {148893888, 157140736},
      [KFIX_METHOD_ekfac] = {207165696, 215412544},
      [KFIX_METHOD_ekfac_ra] = {207165696, 215412544},
      [KFIX_METHOD_kfac_tridiag] = {252299264, 260546112},
      [KFIX_METHOD_kpsvd] = {168938752, 177185600},
      [KFIX_METHOD_deflation] = {232423360, 240670208},
      [KFIX_METHOD_lanczos] = {232423360, 240670208},
      [KFIX_METHOD_kfac_corrected] = {232423360, 240670208},
      [KFIX_METHOD_diagonal] = {118253248, 126500096},
      [KFIX_METHOD_kfac_tikhonov] = {184466432, 192713280},
      [KFIX_METHOD_exact] = {114370688, 122617536},
      [KFIX_METHOD_hf] = {127751232, 135998080},
  };
  plan_check_pinned(pinned);
}
