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
      [KFIX_METHOD_sgd] = {123392, 235520},      [KFIX_METHOD_nesterov] = {123392, 235520},
      [KFIX_METHOD_adam] = {134848, 246976},     [KFIX_METHOD_kfac] = {185728, 297856},
      [KFIX_METHOD_ekfac] = {344256, 456384},    [KFIX_METHOD_ekfac_ra] = {344256, 456384},
      [KFIX_METHOD_kpsvd] = {217792, 329920},    [KFIX_METHOD_deflation] = {393728, 505856},
      [KFIX_METHOD_lanczos] = {393728, 505856},  [KFIX_METHOD_kfac_corrected] = {393728, 505856},
      [KFIX_METHOD_diagonal] = {139136, 251264}, [KFIX_METHOD_kfac_tikhonov] = {332800, 444928},
      [KFIX_METHOD_exact] = {233280, 345408},    [KFIX_METHOD_hf] = {141760, 253888},
  };
  plan_check_pinned(pinned);
}
