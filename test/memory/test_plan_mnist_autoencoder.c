/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/mnist_autoencoder.h. */
#define KFIX_CONFIG "config/mnist_autoencoder.h"
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
      [KFIX_METHOD_sgd] = {90032640, 98279488},
      [KFIX_METHOD_nesterov] = {90032640, 98279488},
      [KFIX_METHOD_adam] = {112731648, 120978496},
      [KFIX_METHOD_kfac] = {148894080, 157140928},
      [KFIX_METHOD_ekfac] = {207165888, 215412736},
      [KFIX_METHOD_ekfac_ra] = {207165888, 215412736},
      [KFIX_METHOD_kfac_tridiag] = {252299456, 260546304},
      [KFIX_METHOD_kpsvd] = {168938944, 177185792},
      [KFIX_METHOD_deflation] = {232423552, 240670400},
      [KFIX_METHOD_lanczos] = {232423552, 240670400},
      [KFIX_METHOD_kfac_corrected] = {232423552, 240670400},
      [KFIX_METHOD_diagonal] = {118253440, 126500288},
      [KFIX_METHOD_kfac_tikhonov] = {184466624, 192713472},
      [KFIX_METHOD_exact] = {114370880, 122617728},
      [KFIX_METHOD_hf] = {127751360, 135998208},
  };
  plan_check_pinned(pinned);
}
