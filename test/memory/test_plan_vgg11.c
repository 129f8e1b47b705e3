/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/vgg11.h. */
#define KFIX_CONFIG "config/vgg11.h"
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
      [KFIX_METHOD_sgd] = {311498176, 319737920},
      [KFIX_METHOD_nesterov] = {311498176, 319737920},
      [KFIX_METHOD_adam] = {385303104, 393542848},
      [KFIX_METHOD_kfac] = {941014592, 949254336},
      [KFIX_METHOD_ekfac] = {1574155904, 1582395648},
      [KFIX_METHOD_ekfac_ra] = {1574155904, 1582395648},
      [KFIX_METHOD_kpsvd] = {981793728, 990033472},
      [KFIX_METHOD_deflation] = {1901662784, 1909902528},
      [KFIX_METHOD_lanczos] = {1901662784, 1909902528},
      [KFIX_METHOD_kfac_corrected] = {1901662784, 1909902528},
      [KFIX_METHOD_diagonal] = {385964992, 394204736},
      [KFIX_METHOD_kfac_tikhonov] = {1500350656, 1508590400},
      [KFIX_METHOD_exact] = {375413952, 383653696},
      [KFIX_METHOD_hf] = {422209856, 430449600},
  };
  plan_check_pinned(pinned);
}
