/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/conv_tiny.h: a net that looks through windows, which kfac-tridiag does not take. */
#define KFIX_CONFIG "config/conv_tiny.h"
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
      [KFIX_METHOD_sgd] = {370496, 482432},      [KFIX_METHOD_nesterov] = {370496, 482432},
      [KFIX_METHOD_adam] = {381888, 493824},     [KFIX_METHOD_kfac] = {433792, 545728},
      [KFIX_METHOD_ekfac] = {592384, 704320},    [KFIX_METHOD_ekfac_ra] = {592384, 704320},
      [KFIX_METHOD_kpsvd] = {493952, 605888},    [KFIX_METHOD_deflation] = {653120, 765056},
      [KFIX_METHOD_lanczos] = {653120, 765056},  [KFIX_METHOD_kfac_corrected] = {653120, 765056},
      [KFIX_METHOD_diagonal] = {390272, 502208}, [KFIX_METHOD_kfac_tikhonov] = {580864, 692800},
      [KFIX_METHOD_exact] = {407296, 519232},    [KFIX_METHOD_hf] = {389824, 501760},
  };
  plan_check_pinned(pinned);
}
