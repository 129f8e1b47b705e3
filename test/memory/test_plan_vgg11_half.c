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
      [KFIX_METHOD_sgd] = {115286784, 123539264},
      [KFIX_METHOD_nesterov] = {115286784, 123539264},
      [KFIX_METHOD_adam] = {133757312, 142009792},
      [KFIX_METHOD_kfac] = {272820096, 281072576},
      [KFIX_METHOD_ekfac] = {432190400, 440442880},
      [KFIX_METHOD_ekfac_ra] = {432190400, 440442880},
      [KFIX_METHOD_kpsvd] = {284773632, 293026112},
      [KFIX_METHOD_deflation] = {515655552, 523908032},
      [KFIX_METHOD_lanczos] = {515655552, 523908032},
      [KFIX_METHOD_kfac_corrected] = {515655552, 523908032},
      [KFIX_METHOD_diagonal] = {134095616, 142348096},
      [KFIX_METHOD_kfac_tikhonov] = {413719552, 421972032},
      [KFIX_METHOD_exact] = {120052224, 128304704},
      [KFIX_METHOD_hf] = {143000960, 151253440},
  };
  plan_check_pinned(pinned);
}
