/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/digits_tiny.h. */
#define KFIX_CONFIG "config/digits_tiny.h"
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
      [KFIX_METHOD_sgd] = {59456, 1091328},
      [KFIX_METHOD_nesterov] = {59456, 1091328},
      [KFIX_METHOD_adam] = {71744, 1103616},
      [KFIX_METHOD_kfac] = {123328, 1155200},
  };
  plan_check_pinned(pinned);
}
