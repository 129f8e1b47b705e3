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
      [KFIX_METHOD_sgd] = {115287488, 123539968},
      [KFIX_METHOD_nesterov] = {115287488, 123539968},
      [KFIX_METHOD_adam] = {133758080, 142010560},
      [KFIX_METHOD_kfac] = {272820864, 281073344},
      [KFIX_METHOD_ekfac] = {432191104, 440443584},
      [KFIX_METHOD_ekfac_ra] = {432191104, 440443584},
      [KFIX_METHOD_kpsvd] = {284774400, 293026880},
      [KFIX_METHOD_deflation] = {515656256, 523908736},
      [KFIX_METHOD_lanczos] = {515656256, 523908736},
      [KFIX_METHOD_kfac_corrected] = {515656256, 523908736},
      [KFIX_METHOD_diagonal] = {134096384, 142348864},
      [KFIX_METHOD_kfac_tikhonov] = {413720320, 421972800},
      [KFIX_METHOD_exact] = {120052928, 128305408},
      [KFIX_METHOD_hf] = {143001728, 151254208},
  };
  plan_check_pinned(pinned);
}
