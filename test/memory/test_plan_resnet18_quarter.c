/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/resnet18_quarter.h, a net with normalisations. */
#define KFIX_CONFIG "config/resnet18_quarter.h"
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
      [KFIX_METHOD_sgd] = {211145792, 219401408},
      [KFIX_METHOD_nesterov] = {211145792, 219401408},
      [KFIX_METHOD_adam] = {216757568, 225013184},
      [KFIX_METHOD_kfac] = {262340544, 270596160},
      [KFIX_METHOD_ekfac] = {309346624, 317602240},
      [KFIX_METHOD_ekfac_ra] = {309346624, 317602240},
      [KFIX_METHOD_kpsvd] = {271108096, 279363712},
      [KFIX_METHOD_deflation] = {340416448, 348672064},
      [KFIX_METHOD_lanczos] = {340416448, 348672064},
      [KFIX_METHOD_kfac_corrected] = {340416448, 348672064},
      [KFIX_METHOD_diagonal] = {216931008, 225186624},
      [KFIX_METHOD_kfac_tikhonov] = {303733504, 311989120},
      [KFIX_METHOD_exact] = {215992000, 224247616},
      [KFIX_METHOD_hf] = {219571840, 227827456},
  };
  plan_check_pinned(pinned);
}
