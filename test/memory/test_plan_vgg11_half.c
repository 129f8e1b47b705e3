/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/vgg11_half.h. */
#define KFIX_CONFIG "config/vgg11_half.h"
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
      [KFIX_METHOD_sgd] = {117594880, 125847360},
      [KFIX_METHOD_nesterov] = {117594880, 125847360},
      [KFIX_METHOD_adam] = {136065408, 144317888},
      [KFIX_METHOD_kfac] = {275128192, 283380672},
      [KFIX_METHOD_ekfac] = {434498496, 442750976},
      [KFIX_METHOD_ekfac_ra] = {434498496, 442750976},
      [KFIX_METHOD_kpsvd] = {284112128, 292364608},
      [KFIX_METHOD_deflation] = {514994048, 523246528},
      [KFIX_METHOD_lanczos] = {514994048, 523246528},
      [KFIX_METHOD_kfac_corrected] = {514994048, 523246528},
      [KFIX_METHOD_diagonal] = {136403712, 144656192},
      [KFIX_METHOD_kfac_tikhonov] = {416027648, 424280128},
      [KFIX_METHOD_exact] = {117670400, 125922880},
      [KFIX_METHOD_hf] = {145309056, 153561536},
  };
  plan_check_pinned(pinned);
}
