/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/curves_autoencoder.h. */
#define KFIX_CONFIG "config/curves_autoencoder.h"
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
      [KFIX_METHOD_sgd] = {36882752, 45127360},
      [KFIX_METHOD_nesterov] = {36882752, 45127360},
      [KFIX_METHOD_adam] = {43621952, 51866560},
      [KFIX_METHOD_kfac] = {61343808, 69588416},
      [KFIX_METHOD_ekfac] = {83214784, 91459392},
      [KFIX_METHOD_ekfac_ra] = {83214784, 91459392},
      [KFIX_METHOD_kfac_tridiag] = {89337024, 97581632},
      [KFIX_METHOD_kpsvd] = {64390976, 72635584},
      [KFIX_METHOD_deflation] = {87355328, 95599936},
      [KFIX_METHOD_lanczos] = {87355328, 95599936},
      [KFIX_METHOD_kfac_corrected] = {87355328, 95599936},
  };
  plan_check_pinned(pinned);
}
