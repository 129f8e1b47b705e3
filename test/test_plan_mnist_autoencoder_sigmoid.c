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
      [KFIX_METHOD_sgd] = {90035328, 98282176},
      [KFIX_METHOD_nesterov] = {90035328, 98282176},
      [KFIX_METHOD_adam] = {112734336, 120981184},
      [KFIX_METHOD_kfac] = {148895360, 157142208},
      [KFIX_METHOD_ekfac] = {207166400, 215413248},
      [KFIX_METHOD_ekfac_ra] = {207166400, 215413248},
      [KFIX_METHOD_kfac_tridiag] = {252298944, 260545792},
      [KFIX_METHOD_kpsvd] = {168939712, 177186560},
      [KFIX_METHOD_deflation] = {232423040, 240669888},
      [KFIX_METHOD_lanczos] = {232423040, 240669888},
      [KFIX_METHOD_kfac_corrected] = {232423040, 240669888},
  };
  plan_check_pinned(pinned);
}
